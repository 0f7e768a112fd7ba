"""EventSub's socket on its bad days. Time is driven: pauses are waited at once and noted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from gateway_bot.connections.staying import REFUSED_SECONDS
from tests.gateway_bot.connections.driven import DrivenTime, until
from tests.helpers.taken_events import Stream
from tests.helpers.twitch_socket import ALL, Carried, connected
from tests.helpers.twitch_stand_in import TOKEN, TwitchStandIn, twitch_stand_in


@dataclass(slots=True)
class Scene:
    twitch: TwitchStandIn
    stream: Stream
    carried: Carried
    time: DrivenTime = field(default_factory=DrivenTime)

    async def hears(self, *texts: str) -> None:
        assert [event.text for event in await self.stream.next(len(texts))] == list(texts)

    async def subscribed_by(self, session: int) -> None:
        """One socket stands, and it is the one with that session."""
        name = f"session-{session}"
        await until(
            lambda: (
                [one["transport"]["session_id"] for one in self.twitch.subscriptions].count(name)
                >= len(ALL)
            )
        )
        await until(lambda: self.twitch.open_sockets() == 1)


def play(
    story: Callable[[Scene], Awaitable[None]], *, welcome_seconds: float = 0.5, **fields: object
) -> None:
    async def go() -> None:
        async with twitch_stand_in(**fields) as twitch:
            stream, time = Stream(), DrivenTime()
            async with connected(
                twitch, stream, waits=time.waits(), welcome_seconds=welcome_seconds
            ) as carried:
                await story(Scene(twitch, stream, carried, time))

    asyncio.run(go())


def test_frames_on_the_old_socket_are_read_until_the_new_one_is_welcome() -> None:
    async def story(here: Scene) -> None:
        await here.subscribed_by(1)
        here.twitch.silent = 1
        await here.twitch.asks_to_move()
        await here.twitch.connected(2)
        await here.twitch.says("while it waits for the welcome", socket=0)
        await here.hears("while it waits for the welcome")
        await here.twitch.says("right before it", socket=0)
        await here.twitch.welcome()
        await here.twitch.says("right after it", socket=0)
        await here.twitch.says("on the new one")
        await here.hears("right before it", "right after it", "on the new one")
        await until(lambda: here.twitch.sockets[0].closed)

    play(story)


def test_who_has_to_move_again_and_again_does_it_slower() -> None:
    async def story(here: Scene) -> None:
        await here.subscribed_by(1)
        for count in range(1, 6):
            await here.twitch.connected(count)
            await here.twitch.asks_to_move()
        await here.twitch.connected(6)
        assert here.time.pauses == [0.5, 1.0, 2.0, 4.0, 8.0]
        await until(lambda: here.twitch.open_sockets() == 1)
        assert len(here.twitch.subscriptions) == len(ALL)

    play(story)


def test_what_is_subscribed_to_after_a_move_uses_the_new_session() -> None:
    async def story(here: Scene) -> None:
        await here.subscribed_by(1)
        await here.twitch.asks_to_move()
        await until(lambda: here.twitch.sockets[0].closed)
        here.twitch.gone.add("session-1")
        here.carried.carry("seals")
        await until(lambda: here.twitch.kinds("1002") == ALL)
        sessions = {
            one["transport"]["session_id"]
            for one in here.twitch.subscriptions
            if one["condition"]["broadcaster_user_id"] == "1002"
        }
        assert sessions == {"session-2"}

    play(story)


def test_a_channel_that_comes_during_a_move_is_subscribed_to_after_it() -> None:
    async def story(here: Scene) -> None:
        await here.subscribed_by(1)
        here.twitch.silent = 1
        here.twitch.gone.add("session-1")
        await here.twitch.asks_to_move()
        await here.twitch.connected(2)
        here.carried.carry("seals")
        await asyncio.sleep(0.1)
        await here.twitch.welcome()
        await until(lambda: here.twitch.kinds("1002") == ALL)
        await until(lambda: here.carried.told.get("seals") == "")

    play(story)


@pytest.mark.parametrize("path", ["/nowhere", "/ws?moved=1"])
def test_where_the_new_socket_is_not_welcome_the_old_one_is_read_to_its_end(path: str) -> None:
    async def story(here: Scene) -> None:
        await here.subscribed_by(1)
        here.twitch.silent = 1
        await here.twitch.asks_to_move(path)
        await asyncio.sleep(0.8)  # longer than a welcome takes
        here.twitch.silent = 0
        await here.twitch.says("still on the old one", socket=0)
        await here.hears("still on the old one")
        await here.twitch.sockets[0].close(code=4004)
        await until(lambda: here.twitch.open_sockets() == 1)
        await here.subscribed_by(len(here.twitch.sockets))
        assert here.time.pauses == [0.5, 1.0]

    play(story)


@pytest.mark.parametrize("code", [1000, 1006, 4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007])
def test_after_every_kind_of_close_one_socket_stands_and_pauses_grow(code: int) -> None:
    async def story(here: Scene) -> None:
        for count in range(1, 4):
            await here.subscribed_by(count)
            await here.twitch.breaks(code if code != 1006 else 1011)
            await until(lambda count=count: len(here.time.pauses) == count)  # type: ignore[misc]
        await here.subscribed_by(4)
        assert here.time.pauses == [0.5, 1.0, 2.0]

    play(story)


def test_a_socket_without_a_welcome_is_closed_and_pauses_grow_to_a_minute() -> None:
    async def story(here: Scene) -> None:
        await until(lambda: len(here.time.pauses) >= 9)
        assert here.time.pauses[:9] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
        here.twitch.silent = 0
        await until(lambda: bool(here.twitch.subscriptions))
        await until(lambda: here.twitch.open_sockets() == 1)

    play(story, silent=1_000, welcome_seconds=0.1)


def test_what_is_said_before_the_welcome_is_passed_over() -> None:
    async def story(here: Scene) -> None:
        await here.subscribed_by(1)
        assert here.time.pauses == []

    odd = ["", "no json", "[]", '{"metadata": 3}', '{"metadata": {"message_type": "x"}}']
    play(story, early=odd)


def test_a_token_that_is_taken_again_is_found_out_without_a_restart() -> None:
    async def story(here: Scene) -> None:
        await until(lambda: "Twitch refuses" in here.carried.told.get("penguins", ""))
        here.twitch.token = TOKEN
        await until(lambda: here.carried.told["penguins"] == "")
        await here.twitch.says("hello")
        await here.hears("hello")
        assert set(here.time.pauses) == {REFUSED_SECONDS}

    play(story, token="another")


def test_a_token_that_ends_does_not_silence_what_is_heard_already() -> None:
    async def story(here: Scene) -> None:
        await here.subscribed_by(1)
        here.twitch.token = "another"
        here.carried.carry("seals")
        await until(lambda: "Twitch refuses" in here.carried.told.get("seals", ""))
        assert here.carried.told["penguins"] == ""
        await here.twitch.says("still here")
        await here.hears("still here")
        here.twitch.token = TOKEN
        here.time.now += REFUSED_SECONDS + 1
        await until(lambda: here.twitch.kinds("1002") == ALL)
        await until(lambda: here.carried.told["seals"] == "")

    play(story)
