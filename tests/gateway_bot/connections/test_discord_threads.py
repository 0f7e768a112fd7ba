"""A line in a thread says nothing of its channel: the gateway has to know."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from gateway_bot.connections.discord_servers import MOST_THREADS, Server, Servers
from tests.helpers.discord_socket import connected
from tests.helpers.discord_socket import says as say_once
from tests.helpers.patience import eventually
from tests.helpers.stand_ins import Front, a_channel, served
from tests.helpers.taken_events import Stream
from waddlebot.stores import keys

THREAD = {"id": "77", "type": 11, "parent_id": "70", "guild_id": "7", "name": "a talk"}


@pytest.fixture
def front() -> Iterator[Front]:
    with served(DISCORD_IDENTIFY_SECONDS="0") as running:
        yield running


def kept(streams: redis.Redis) -> bytes:
    servers = streams.get(keys.discord_servers(0, 1))
    return servers if isinstance(servers, bytes) else b""


async def says(front: Front, who: str, text: str, **more: object) -> dict[str, Any]:
    """Once somebody hears it."""
    async with asyncio.timeout(30):
        while not (said := await say_once(front, who, text, **more))["accepted"]:  # noqa: ASYNC110 - the stand-in tells nobody
            await asyncio.sleep(0.1)
    return said


def a_thread() -> str:
    return str(300_000_000_000_000_000 + uuid.uuid4().int % 10**17)


def test_a_line_in_a_thread_comes_with_its_channel(front: Front) -> None:
    async def scenario() -> None:
        stream, channel, thread = Stream(), a_channel(), a_thread()
        async with connected(front, stream):
            first = await says(front, "ana", "here", channel=channel)
            await says(front, "ana", "there", channel=channel, thread=thread)
            in_channel, in_thread = await stream.next(2)
            assert in_channel.parent is None
            assert in_thread.entity.endswith(f"/{thread}")
            assert in_thread.parent == first["entity_id"]

    asyncio.run(scenario())


def test_threads_of_before_come_with_their_server(front: Front) -> None:
    async def scenario() -> None:
        stream, channel, thread = Stream(), a_channel(), a_thread()
        async with connected(front, stream):
            await says(front, "ana", "here", channel=channel, thread=thread)
            await stream.next()
        async with connected(front, stream):
            await says(front, "ana", "there", channel=channel, thread=thread)
            (event,) = await stream.next()
            assert event.parent is not None
            assert event.parent.endswith(f"/{channel}")

    asyncio.run(scenario())


def test_a_thread_that_was_never_told_of_is_asked_about(front: Front) -> None:
    async def scenario() -> None:
        stream, channel, thread = Stream(), a_channel(), a_thread()
        async with connected(front, stream):
            await says(front, "ana", "here", channel=channel)
            for _ in range(2):
                await says(front, "ana", "there", channel=channel, thread=thread, untold=True)
            first, *in_thread = await stream.next(3)
            assert {event.parent for event in in_thread} == {first.entity}

    asyncio.run(scenario())


def test_what_the_next_process_goes_on_with_knows_the_threads(
    front: Front, streams: redis.Redis
) -> None:
    async def scenario() -> None:
        stream, channel, thread = Stream(), a_channel(), a_thread()
        async with connected(front, stream, streams=streams):
            await says(front, "ana", "here", channel=channel, thread=thread)
            await stream.next()
            await asyncio.to_thread(
                eventually,
                lambda: thread.encode() in (streams.get(keys.discord_servers(0, 1)) or b""),
            )
        async with connected(front, stream, streams=streams):
            await says(front, "ana", "there", channel=channel, thread=thread)
            (event,) = await stream.next()
            assert event.parent is not None

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("GUILD_CREATE", {"id": "7", "channels": [], "threads": [THREAD]}),
        ("THREAD_CREATE", THREAD),
        ("THREAD_UPDATE", THREAD),
        ("THREAD_LIST_SYNC", {"guild_id": "7", "threads": [THREAD]}),
    ],
)
def test_whatever_tells_of_a_thread_is_heard(name: str, payload: dict[str, Any]) -> None:
    servers = Servers()
    servers.learn(name, payload)
    line = servers.complete({"guild_id": "7", "channel_id": "77", "content": "hello"})
    assert line["channel"]["parent_id"] == "70"
    assert "channel" not in servers.complete({"guild_id": "7", "channel_id": "70"})


def test_of_many_threads_those_told_last_are_known() -> None:
    server = Server(is_told=True, channels={"70": "general"})
    for number in range(MOST_THREADS + 1):
        server.learn_threads([{**THREAD, "id": f"8{number}"}])
    assert not server.knows("80")
    assert server.knows(f"8{MOST_THREADS}")
    assert server.knows("70")
    assert len(server.threads) == MOST_THREADS


def test_a_line_says_what_the_roles_are_called_that_it_mentions() -> None:
    servers = Servers()
    told = {"id": "1", "roles": [{"id": "5", "name": "Mods"}, {"id": "6", "name": "Fans"}]}
    servers.learn("GUILD_CREATE", told)
    renamed = {"guild_id": "1", "role": {"id": "5", "name": "Keepers"}}
    servers.learn("GUILD_ROLE_UPDATE", renamed)
    line = {"guild_id": "1", "member": {}, "content": "<@&5> <@&7>", "author": {"id": "30"}}
    assert servers.complete(line)["mentioned_roles"] == [{"id": "5", "name": "Keepers"}]
