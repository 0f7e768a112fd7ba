from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest
import redis
from redis.asyncio import Redis

from gateway_bot.connections.discord import run
from gateway_bot.connections.discord_identifies import (
    TooManyIdentifies,
    check_identify,
    wait_for_turn,
)
from gateway_bot.connections.discord_plan import API_URL, DiscordSettings, trusted_address
from gateway_bot.connections.discord_sessions import Sessions, Shard
from tests.helpers.carrying import open_client
from tests.helpers.discord_socket import connected, says
from tests.helpers.patience import eventually
from tests.helpers.stand_ins import TOKEN, Front, a_channel, served
from tests.helpers.taken_events import Stream
from waddlebot.domain.events import Interaction, MessageType
from waddlebot.stores import keys
from waddlebot_sdk.roles import Role

APART_SECONDS = 1.2


@pytest.fixture(autouse=True)
def a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one shard to the next, where Discord has five: what a frame may be faster is the same.
    And less before the next try with another session, where Discord has one to five.
    """
    for module in ("discord_identifies", "discord_listening"):
        monkeypatch.setattr(f"gateway_bot.connections.{module}.SPACE_SECONDS", APART_SECONDS)
    monkeypatch.setattr("gateway_bot.connections.discord_listening._INVALID_SECONDS", (0.05, 0.1))


@pytest.fixture
def front() -> Iterator[Front]:
    with served(DISCORD_IDENTIFY_SECONDS="1") as running:
        yield running


def test_a_chat_line_becomes_an_event_with_the_persons_role(front: Front) -> None:
    async def scenario() -> None:
        stream, channel = Stream(), a_channel()
        async with connected(front, stream):
            for who, role in (("ana", Role.USER), ("max", Role.MODERATOR), ("olga", Role.OWNER)):
                said = await says(front, who, "!quote", channel=channel)
                (event,) = await stream.next()
                assert event.id == said["event_id"]
                assert event.entity == said["entity_id"]
                assert event.type == MessageType.CHAT_MESSAGE
                assert event.user is not None
                assert (event.user.name.lower(), event.user.role) == (who, role)

    asyncio.run(scenario())


def test_without_an_address_for_them_interactions_come_over_the_gateway_and_are_deferred() -> None:
    async def scenario(front: Front) -> None:
        stream, channel = Stream(), a_channel()
        async with connected(front, stream):
            asked = await says(front, "ana", "/waddlebot quote", channel=channel)
            (event,) = await stream.next()
            assert (event.type, event.text) == (MessageType.SLASH_COMMAND, "quote")
            assert event.asked_until is None
            assert event.id == asked["event_id"]
            assert isinstance(event.way_back, Interaction)
            hook = f"/webhooks/{event.way_back.application}/{event.way_back.token}"
            for _ in range(50):  # it takes a follow-up once it is deferred
                status, _, _ = await asyncio.to_thread(
                    front.discord, "POST", hook, {"content": "x"}
                )
                if status == 200:
                    break
                await asyncio.sleep(0.05)
            [reply] = await asyncio.to_thread(front.replies, channel)
            assert (reply["kind"], reply["text"]) == ("followup", "x")

    with served(DISCORD_INTERACTIONS="gateway") as front:
        asyncio.run(scenario(front))


def test_a_channel_link_at_the_start_is_read_as_its_name(front: Front) -> None:
    async def scenario() -> None:
        stream = Stream()
        async with connected(front, stream):
            await says(front, "ana", "#general Oslo")
            assert (await stream.next())[0].text == "#general Oslo"

    asyncio.run(scenario())


def test_mentions_and_private_messages_are_told_apart(front: Front) -> None:
    async def scenario() -> None:
        stream = Stream()
        async with connected(front, stream):
            await says(front, "ana", "@WaddleBot quote", channel=a_channel())
            await says(front, "ana", "quote", private=True)
            mention, private = await stream.next(2)
            assert (mention.type, mention.text) == (MessageType.APP_MENTION, "quote")
            assert private.private

    asyncio.run(scenario())


def test_after_an_invalid_session_the_bot_identifies_again(front: Front) -> None:
    async def scenario() -> None:
        stream, channel = Stream(), a_channel()
        async with connected(front, stream):
            await says(front, "ana", "before", channel=channel)
            await stream.next()
            await asyncio.to_thread(front.breaks, "discord", "invalid_session")
            # Discord wants a pause between two identifies; nobody is there to hear meanwhile.
            while not (await says(front, "ana", "after", channel=channel))["accepted"]:
                pass
            assert [event.text for event in await stream.next()] == ["after"]

    asyncio.run(scenario())


@pytest.mark.parametrize("how", ["reconnect", "close"])
def test_no_line_is_lost_when_the_gateway_breaks(front: Front, how: str) -> None:
    async def scenario() -> None:
        stream, channel = Stream(), a_channel()
        async with connected(front, stream):
            await says(front, "ana", "before", channel=channel)
            await stream.next()
            await asyncio.to_thread(front.breaks, "discord", how)
            await says(front, "ana", "after", channel=channel)
            assert [event.text for event in await stream.next()] == ["after"]

    asyncio.run(scenario())


def identifies_left(front: Front) -> int:
    _, told, _ = front.discord("GET", "/gateway/bot")
    return int(told["session_start_limit"]["remaining"])


def test_the_next_process_goes_on_where_one_stopped_and_nothing_said_between_is_lost(
    front: Front, streams: redis.Redis
) -> None:
    async def scenario() -> None:
        stream, channel = Stream(), a_channel()
        async with connected(front, stream, streams=streams):
            await says(front, "ana", "before", channel=channel)
            assert [event.text for event in await stream.next()] == ["before"]
        async with connected(front, Stream()):  # somebody else, for whom Discord says it aloud
            while not (await says(front, "max", "between", channel=channel))["accepted"]:
                pass
            left = identifies_left(front)
            async with connected(front, stream, streams=streams):
                [event] = await stream.next()
                assert event.text == "between"
                assert event.user is not None
                assert event.user.role == Role.MODERATOR
                await says(front, "ana", "after", channel=channel)
                assert [event.text for event in await stream.next()] == ["after"]
            assert identifies_left(front) == left

    asyncio.run(scenario())


def test_what_was_not_stored_when_a_process_ended_is_told_to_the_next(
    front: Front, streams: redis.Redis
) -> None:
    async def scenario() -> None:
        stream, channel = Stream(), a_channel()
        async with connected(front, stream, streams=streams):
            await says(front, "ana", "stored", channel=channel)
            await stream.next()
            stream.away = 1_000
            await says(front, "ana", "lost with the process", channel=channel)
            await asyncio.sleep(0.2)
        stream.away = 0
        async with connected(front, stream, streams=streams):
            assert [event.text for event in await stream.next()] == ["lost with the process"]

    asyncio.run(scenario())


def test_a_session_that_discord_has_forgotten_is_begun_anew(
    front: Front, streams: redis.Redis
) -> None:
    streams.set(keys.discord_session(0, 1), '{"session": "gone", "sequence": 7, "own_id": "1"}')
    streams.set(keys.discord_servers(0, 1), '{"known": {}}')

    async def scenario() -> None:
        stream, channel = Stream(), a_channel()
        async with connected(front, stream, streams=streams):
            while not (await says(front, "ana", "hello", channel=channel))["accepted"]:
                pass
            assert [event.text for event in await stream.next()] == ["hello"]

    asyncio.run(scenario())


def test_a_frame_that_nobody_can_read_does_not_end_the_connection(front: Front) -> None:
    async def scenario() -> None:
        stream, channel = Stream(), a_channel()
        async with connected(front, stream):
            await asyncio.to_thread(
                front.call, "POST", "/happens", {"as": "ana", "on": "discord", "type": "boost"}
            )
            await says(front, "ana", "still here", channel=channel)
            while (await stream.next())[0].text != "still here":
                pass

    asyncio.run(scenario())


def test_events_wait_in_order_while_the_streams_server_is_away(front: Front) -> None:
    async def scenario() -> None:
        stream, channel = Stream(away=2), a_channel()
        async with connected(front, stream):
            for text in ("one", "two"):
                await says(front, "ana", text, channel=channel)
            assert [event.text for event in await stream.next(2)] == ["one", "two"]

    asyncio.run(scenario())


def test_reading_stops_while_memory_is_full_and_nothing_is_lost(front: Front) -> None:
    async def scenario() -> None:
        stream, channel = Stream(away=2), a_channel()
        lines = ["one", "two", "three", "four", "five", "six"]
        async with connected(front, stream):
            for text in lines:
                while not (await says(front, "ana", text, channel=channel))["accepted"]:
                    pass
            assert [event.text for event in await stream.next(6)] == lines

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("remaining", "has_waited", "wait"),
    [(1000, False, 0), (500, False, 0), (499, False, 90), (499, True, 0), (50, True, 61)],
)
def test_new_sessions_are_spent_slowly_and_never_all(
    remaining: int,
    *,
    has_waited: bool,
    wait: float,
) -> None:
    limit = {"total": 1000, "remaining": remaining, "reset_after": 60_000}
    waits = 0.0
    try:
        check_identify(limit, has_waited=has_waited)
    except TooManyIdentifies as too_many:
        waits = too_many.pause_seconds
    assert waits == wait


def server_of(shard: int, count: int) -> str:
    return str((uuid.uuid4().int % 10**9 * count + shard) << 22)


def figures(front: Front) -> dict[str, Any]:
    _, told, _ = front.call("GET", "/gateway")
    return dict(told)


def test_each_shard_hears_of_its_own_servers_and_the_first_of_private_messages(
    front: Front, streams: redis.Redis
) -> None:
    async def scenario() -> None:
        first, second = Stream(), Stream()
        one, two = Shard(number=0, count=2), Shard(number=1, count=2)
        async with (
            connected(front, first, streams=streams, shard=one),
            connected(front, second, streams=streams, shard=two),
        ):
            for number, stream in ((0, first), (1, second)):
                text = f"to shard {number}"
                place = {"server": server_of(number, 2), "channel": a_channel()}
                assert (await says(front, "max", text, **place))["accepted"]
                [event] = await stream.next()
                assert event.text == text
                assert event.user is not None
                assert event.user.role == Role.MODERATOR
                async with asyncio.timeout(10):  # told once a second
                    while place["server"] not in stream.servers:  # noqa: ASYNC110
                        await asyncio.sleep(0.05)
            assert not set(first.servers) & set(second.servers)
            await says(front, "ana", "quote", private=True)
            assert (await first.next())[0].private
            assert (first.events, second.events) == ([], [])

    asyncio.run(scenario())
    told = figures(front)
    assert told["identifies"] == {"0/2": 1, "1/2": 1}
    assert (told["too_fast"], told["twice_at_once"]) == (0, 0)


def test_shards_are_resumed_by_others_each_from_its_own_place(
    front: Front, streams: redis.Redis
) -> None:
    shards = [Shard(number=number, count=2) for number in range(2)]
    places = [{"server": server_of(n, 2), "channel": a_channel()} for n in range(2)]

    async def scenario() -> None:
        for turn in range(2):
            ours = [Stream(), Stream()]
            async with AsyncExitStack() as stack:
                for stream, shard in zip(ours, shards, strict=True):
                    await stack.enter_async_context(
                        connected(front, stream, streams=streams, shard=shard)
                    )
                for stream, place in zip(ours, places, strict=True):
                    await says(front, "ana", f"turn {turn}", **place)
                    assert [event.text for event in await stream.next()] == [f"turn {turn}"]

    asyncio.run(scenario())
    assert figures(front)["identifies"] == {"0/2": 1, "1/2": 1}


def test_nobody_begins_a_session_before_it_is_his_turn(
    streams: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway_bot.connections.discord_identifies.SPACE_SECONDS", 2.0)

    async def scenario() -> list[float]:
        loop = asyncio.get_running_loop()
        began, times = loop.time(), []
        clients = [open_client(streams) for _ in range(3)]

        async def begin(client: Redis, number: int) -> None:
            await wait_for_turn(client, Shard(number=number, count=3), {"max_concurrency": 2})
            times.append(loop.time() - began)

        await asyncio.gather(*(begin(one, n) for n, one in enumerate(clients)))
        for client in clients:
            await client.aclose()
        return sorted(times)

    first, second, third = asyncio.run(scenario())
    assert max(first, second) < 1.5  # rows of their own
    assert third >= 1.9


def test_who_has_lost_the_shard_begins_no_session(front: Front, streams: redis.Redis) -> None:
    async def scenario() -> None:
        url = front.environment["DISCORD_API_URL"]
        client = open_client(streams)
        settings = DiscordSettings(token=TOKEN, api_url=url)
        stream = Stream()
        coming = run(
            settings,
            stream.append,
            Sessions(client),
            is_ours=lambda: False,
            tell_servers=stream.learn,
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(coming, 2)
        await client.aclose()

    asyncio.run(scenario())
    assert figures(front)["identifies"] == {}


@pytest.mark.parametrize(
    ("told", "api", "trusted"),
    [
        ("wss://gateway-us-east1-b.discord.gg", API_URL, "wss://gateway-us-east1-b.discord.gg"),
        ("wss://gateway-us-east1-b.discord.gg/", API_URL, "wss://gateway-us-east1-b.discord.gg"),
        ("ws://gateway.discord.gg", API_URL, ""),
        ("wss://discord.gg.example.org", API_URL, ""),
        ("wss://example.org/.discord.gg", API_URL, ""),
        ("wss://a@gateway.discord.gg", API_URL, ""),
        ("ws://127.0.0.1:9/x/", "http://127.0.0.1:9/api", "ws://127.0.0.1:9/x"),
        ("ws://127.0.0.1:8/x/", "http://127.0.0.1:9/api", ""),
        ("ws://[", API_URL, ""),
        ("", API_URL, ""),
    ],
)
def test_a_session_is_resumed_where_discord_says_and_nowhere_else(
    told: str, api: str, trusted: str
) -> None:
    assert trusted_address(told, api) == trusted


def test_the_last_new_sessions_of_a_day_are_not_touched(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(front: Front) -> None:
        async with connected(front, Stream()):
            said = await says(front, "ana", "is anybody here?", channel=a_channel())
            assert not said["accepted"]

    with served(DISCORD_IDENTIFIES_LEFT="40") as front:
        asyncio.run(scenario(front))
    assert "40 new sessions are left today" in caplog.text
    # py-cord's sockets beat in threads: none outlives its connection.
    assert eventually(lambda: not any("keep-alive" in one.name for one in threading.enumerate()))


def test_a_refused_token_ends_it_without_a_storm(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with connected(front, Stream(), token="wrong") as task:
            await asyncio.wait_for(task, 10)

    asyncio.run(scenario())
    assert "DISCORD_TOKEN must be" in caplog.text
