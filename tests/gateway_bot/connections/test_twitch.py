"""Twitch's socket against a stand-in that reconnects, breaks, falls silent and refuses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
import redis

from gateway_bot.connections.twitch import MOST_CHANNELS
from gateway_bot.connections.twitch_live import watch_live
from tests.helpers.taken_events import Stream
from tests.helpers.twitch_socket import ALL, BOT, connected
from tests.helpers.twitch_stand_in import TwitchStandIn, twitch_stand_in
from waddlebot.stores.claims import Live

Story = Callable[[TwitchStandIn, Stream], Awaitable[None]]


def tell(story: Story, streams: redis.Redis | None = None, **fields: Any) -> None:
    async def go() -> None:
        async with twitch_stand_in(**fields) as twitch:
            stream = Stream()
            async with connected(twitch, stream, streams=streams):
                await twitch.subscribed(len(ALL) - len(fields.get("refuses", ())))
                await story(twitch, stream)

    asyncio.run(go())


def test_a_channel_is_subscribed_to_by_its_name_and_its_lines_are_stored_in_order() -> None:
    async def story(twitch: TwitchStandIn, stream: Stream) -> None:
        assert twitch.kinds() == ALL
        await twitch.says("one")
        await twitch.says("I said this myself", who=BOT)
        await twitch.says("two")
        events = await stream.next(2)
        assert [event.text for event in events] == ["one", "two"]
        assert events[0].entity == "twitch:channel:1001"
        assert twitch.subscriptions[0]["transport"]["session_id"] == "session-1"

    tell(story)


def test_odd_frames_are_passed_over() -> None:
    async def story(twitch: TwitchStandIn, stream: Stream) -> None:
        for frame in ("", "no json", "[]", '{"metadata": 3}', '{"payload": {"event": null}}'):
            await twitch.sockets[-1].send_str(frame)
        await twitch.sockets[-1].send_bytes(b"\x00\xff")
        await twitch.sends("notification", {"subscription": {"type": "channel.unheard.of"}})
        await twitch.sends("revocation", {"subscription": {"status": "authorization_revoked"}})
        await twitch.says("still here")
        assert [event.text for event in await stream.next()] == ["still here"]
        assert len(twitch.sockets) == 1

    tell(story)


def test_when_twitch_asks_to_move_nothing_is_lost_and_nothing_subscribed_again() -> None:
    async def story(twitch: TwitchStandIn, stream: Stream) -> None:
        session = {"status": "reconnecting", "reconnect_url": f"{twitch.url}/ws?moved=1"}
        await twitch.sends("session_reconnect", {"session": session})
        await twitch.connected(2)
        await twitch.says("over there")
        assert [event.text for event in await stream.next()] == ["over there"]
        assert len(twitch.subscriptions) == len(ALL)
        await twitch.until(lambda: twitch.sockets[0].closed)

    tell(story)


def test_a_broken_socket_is_made_anew_and_the_gap_is_told(
    caplog: pytest.LogCaptureFixture, streams: redis.Redis
) -> None:
    async def go() -> dict[str, str]:
        async with twitch_stand_in() as twitch:
            stream = Stream()
            async with connected(twitch, stream, streams=streams) as carried:
                await twitch.subscribed(len(ALL))
                await twitch.says("before")
                await stream.next()
                await asyncio.sleep(1.2)  # it is noted once a second how far was heard
                await twitch.breaks()
                await twitch.connected(2)
                await twitch.subscribed(2 * len(ALL))
                await twitch.says("after")
                assert [event.text for event in await stream.next()] == ["after"]
                await twitch.until(lambda: bool(carried.told.get("penguins")))
                return carried.told

    with caplog.at_level(logging.WARNING, "gateway_bot"):
        told = asyncio.run(go())
    [gap] = [record for record in caplog.records if record.message == "twitch was not heard"]
    assert 0.4 < gap.gap_seconds < 10  # type: ignore[attr-defined]
    assert f"Not heard for {gap.gap_seconds} s" in told["penguins"]  # type: ignore[attr-defined]


def test_channels_come_and_go_on_one_socket() -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch:
            stream = Stream()
            async with connected(twitch, stream) as carried:
                await twitch.subscribed(len(ALL))
                carried.carry("seals", "1003")
                await twitch.subscribed(3 * len(ALL))
                await twitch.says("one", channel="1003")
                assert [event.entity for event in await stream.next()] == ["twitch:channel:1003"]
                await carried.lose("penguins")
                await twitch.until(lambda: not twitch.kinds("1001"))
                assert twitch.kinds("1002") == twitch.kinds("1003") == ALL
                assert len(twitch.sockets) == 1

                await carried.lose("seals")
                await carried.lose("1003")
                await twitch.until(lambda: twitch.sockets[0].closed)
                carried.carry("seals")
                await twitch.connected(2)
                await twitch.until(lambda: twitch.kinds("1002") == ALL)

    asyncio.run(go())


def test_more_channels_than_a_socket_carries_have_another() -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch:
            channels = " ".join(str(2_000 + number) for number in range(MOST_CHANNELS + 3))
            async with connected(twitch, Stream(), channels=channels):
                await twitch.subscribed((MOST_CHANNELS + 3) * len(ALL))
            assert len(twitch.sockets) == 2

    asyncio.run(go())


def test_silence_is_a_broken_socket() -> None:
    async def story(twitch: TwitchStandIn, stream: Stream) -> None:
        assert not stream.events
        await twitch.connected(2)

    tell(story, keepalive_seconds=1)


def test_what_the_token_does_not_allow_is_said_and_the_rest_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(twitch: TwitchStandIn, stream: Stream) -> None:
        await twitch.says("hello")
        assert [event.text for event in await stream.next()] == ["hello"]

    with caplog.at_level(logging.WARNING, "gateway_bot"):
        tell(story, refuses=("channel.follow", "channel.moderate"))
    said = [record.message for record in caplog.records]
    assert [one for one in said if "does not tell" in one] == [
        "twitch does not tell of channel.follow",
        "twitch does not tell of channel.moderate",
    ]


def test_a_token_that_is_refused_is_told_of_every_channel_and_tried_again_slowly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def go() -> None:
        async with twitch_stand_in(token="another") as twitch:
            stream = Stream()
            async with connected(twitch, stream) as carried:
                await twitch.until(lambda: bool(carried.told.get("penguins")))
                carried.carry("seals")
                await twitch.until(lambda: bool(carried.told.get("seals")))
                for channel in ("penguins", "seals"):
                    assert "Twitch refuses TWITCH_USER_TOKEN" in carried.told[channel]
                assert not carried.task.done()
                await twitch.until(lambda: not twitch.open_sockets())
                assert len(twitch.sockets) == 1

    with caplog.at_level(logging.ERROR, "gateway_bot"):
        asyncio.run(go())
    assert "TWITCH_USER_TOKEN" in caplog.text


def test_a_channel_that_does_not_exist_is_named(caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch:
            async with connected(twitch, Stream(), channels="nobody penguins 1002") as carried:
                await twitch.subscribed(2 * len(ALL))
                await twitch.until(lambda: "nobody" in carried.told)
            assert "see TWITCH_CHANNELS" in carried.told["nobody"]
            assert twitch.kinds("1002") == ALL

    asyncio.run(go())
    assert "there is no twitch channel nobody" in caplog.text


def test_what_is_on_air_is_asked_for_all_at_once() -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch:
            twitch.streams = [
                {"user_id": "1002", "viewer_count": 17},
                {"user_id": "1009", "viewer_count": 5},
            ]
            found: list[Sequence[Live]] = []

            async def set_live(live: Sequence[Live]) -> None:
                found.append(live)

            channels = ["penguins", "seals", "nobody"]
            watching = watch_live(twitch.as_user, lambda: channels, set_live, ask_seconds=0.05)
            with suppress(TimeoutError):
                await asyncio.wait_for(watching, 0.3)
            assert len(found) > 1
            assert found[0] == [Live(channel="seals", viewers=17)]

    asyncio.run(go())
