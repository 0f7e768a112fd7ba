"""Twitch's socket against a stand-in that reconnects, breaks, falls silent and refuses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from gateway_bot.connections.twitch import TwitchSettings, run
from tests.gateway_bot.connections.test_discord import Stream
from tests.gateway_bot.connections.twitch_stand_in import TOKEN, TwitchStandIn, twitch_stand_in

BOT = "99"
ALL = [
    "channel.charity_campaign.donate",
    "channel.chat.message",
    "channel.chat.notification",
    "channel.cheer",
    "channel.follow",
    "channel.moderate",
    "stream.offline",
    "stream.online",
]


@asynccontextmanager
async def connected(
    twitch: TwitchStandIn, stream: Stream, *, token: str = TOKEN, channels: str = "penguins"
) -> AsyncIterator[asyncio.Task[None]]:
    settings = TwitchSettings(
        token=token,
        client_id="client",
        bot_user_id=BOT,
        channels=channels.split(),
        api_url=f"{twitch.url}/helix",
        socket_url=f"{twitch.url}/ws",
        most_waiting=2,
        grace_seconds=0.2,
    )
    task = asyncio.create_task(run(settings, stream.append))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


Story = Callable[[TwitchStandIn, Stream], Awaitable[None]]


def tell(story: Story, **fields: Any) -> None:
    async def go() -> None:
        async with twitch_stand_in(**fields) as twitch:
            stream = Stream()
            async with connected(twitch, stream):
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
        assert twitch.sockets[0].closed

    tell(story)


def test_a_broken_socket_is_made_anew_and_the_gap_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async def story(twitch: TwitchStandIn, stream: Stream) -> None:
        await twitch.says("before")
        await stream.next()
        await twitch.breaks()
        await twitch.connected(2)
        await twitch.subscribed(2 * len(ALL))
        await twitch.says("after")
        assert [event.text for event in await stream.next()] == ["after"]

    with caplog.at_level(logging.WARNING, "gateway_bot"):
        tell(story)
    [gap] = [record for record in caplog.records if record.message == "twitch connected again"]
    assert 0.4 < gap.gap_seconds < 5  # type: ignore[attr-defined]


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
    assert said == [
        "twitch does not tell of channel.follow",
        "twitch does not tell of channel.moderate",
    ]


def test_a_token_that_is_refused_ends_it_with_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch:
            stream = Stream()
            async with connected(twitch, stream, token="old") as task, asyncio.timeout(5):
                await task
            assert len(twitch.sockets) == 1

    with caplog.at_level(logging.ERROR, "gateway_bot"):
        asyncio.run(go())
    assert "TWITCH_USER_TOKEN" in caplog.text


def test_a_channel_that_does_not_exist_is_named(caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch:
            async with connected(twitch, Stream(), channels="nobody penguins 1002"):
                await twitch.subscribed(2 * len(ALL))
            assert twitch.kinds("1002") == ALL

    asyncio.run(go())
    assert "there is no twitch channel nobody" in caplog.text
