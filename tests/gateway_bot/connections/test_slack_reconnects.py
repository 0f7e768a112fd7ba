"""Slack's socket mode on its bad days. Time is driven: pauses are waited at once and noted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import pytest
from aiohttp import web

from gateway_bot.connections.slack import SlackSettings, run
from gateway_bot.connections.staying import REFUSED_SECONDS
from tests.gateway_bot.connections.driven import PATIENCE_SECONDS, DrivenTime, until
from tests.helpers.slack_socket import TOKEN, SlackStandIn, slack_stand_in
from tests.helpers.taken_events import Stream


@dataclass(slots=True)
class Scene:
    slack: SlackStandIn
    stream: Stream
    time: DrivenTime
    task: asyncio.Task[None]
    told: list[str]

    async def hears(self, text: str) -> None:
        """On one socket, whichever of them stands in the end: Slack repeats what is left."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while text not in [event.text for event in self.stream.events]:
                with suppress(ConnectionError, IndexError):
                    await self.slack.says(f"{text} {len(self.slack.sockets)}", text)
                await asyncio.sleep(0.02)
        await until(lambda: self.slack.open_sockets() == 1)

    async def connected(self, count: int) -> None:
        """The one socket that stands is the newest of so many: one being closed counts as open."""
        await until(
            lambda: len(self.slack.sockets) == count and self.slack.open_sockets() == 1,
        )

    async def lost(self, count: int) -> None:
        await until(lambda: len(self.time.pauses) >= count)


def play(
    story: Callable[[Scene], Awaitable[None]],
    *,
    token: str = TOKEN,
    prepare: Callable[[SlackStandIn], None] = lambda _slack: None,
) -> None:
    async def go() -> None:
        async with slack_stand_in() as slack:
            prepare(slack)
            time, stream, told = DrivenTime(), Stream(), []
            settings = SlackSettings(
                token=token, api_url=f"{slack.url}/api", hello_seconds=0.3, waits=time.waits()
            )

            async def tell(words: str) -> None:
                told.append(words)

            task = asyncio.create_task(run(settings, stream.append, tell))
            try:
                await story(Scene(slack, stream, time, task, told))
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    asyncio.run(go())


def grow(pauses: list[float]) -> bool:
    return all(later == min(2 * one, 60.0) for one, later in pairwise(pauses))


@pytest.mark.parametrize("reason", ["too_many_websockets", "link_disabled", "something_new"])
@pytest.mark.parametrize("is_first", [True, False])
def test_where_the_next_connection_would_be_told_the_same_pauses_grow(
    reason: str, *, is_first: bool
) -> None:
    goodbye = f'{{"type": "disconnect", "reason": "{reason}"}}'

    async def story(here: Scene) -> None:
        for count in range(1, 10):
            if not is_first:
                await here.connected(count)
                await here.slack.sockets[-1].send_str(goodbye)
            await here.lost(count)
        assert grow(here.time.pauses[:9])
        assert here.time.pauses[8] == 60.0
        here.slack.hello = '{"type": "hello"}'
        await here.hears("after")
        if reason == "link_disabled":
            assert "Slack's socket mode is switched off" in "".join(here.told)
        elif reason == "too_many_websockets":
            assert "no more sockets" in "".join(here.told)
        assert here.told[-1:] in ([], [""])

    def prepare(slack: SlackStandIn) -> None:
        slack.hello = goodbye if is_first else slack.hello

    play(story, prepare=prepare)


@pytest.mark.parametrize("hello", [None, "no json", "[]", '{"type": "disconnect"}'])
def test_a_socket_that_says_no_hello_is_closed_and_pauses_grow(hello: str | None) -> None:
    async def story(here: Scene) -> None:
        await here.lost(4)
        assert grow(here.time.pauses[:4])
        here.slack.hello = '{"type": "hello"}'
        await here.hears("after")

    def prepare(slack: SlackStandIn) -> None:
        slack.hello = hello

    play(story, prepare=prepare)


def test_an_odd_frame_before_the_hello_is_passed_over() -> None:
    async def story(here: Scene) -> None:
        await until(lambda: here.slack.open_sockets() == 1)
        await here.slack.sockets[0].send_str('{"type": "hello"}')
        await here.hears("here")
        assert here.time.pauses == []

    def prepare(slack: SlackStandIn) -> None:
        slack.hello = "odd"

    play(story, prepare=prepare)


def limited(seconds: str) -> web.Response:
    told = {"ok": False, "error": "ratelimited"}
    return web.json_response(told, status=429, headers={"Retry-After": seconds})


def test_the_pause_that_slack_asks_for_is_waited() -> None:
    async def story(here: Scene) -> None:
        await here.hears("after")
        assert here.time.pauses == [37.0]

    def prepare(slack: SlackStandIn) -> None:
        slack.answer = limited("37")

    play(story, prepare=prepare)


@pytest.mark.parametrize("body", ["", "no json", "[]", '{"ok": true}', '{"ok": true, "url": 5}'])
def test_an_odd_answer_to_the_question_for_an_address_is_asked_again(body: str) -> None:
    async def story(here: Scene) -> None:
        await here.hears("after")
        assert here.time.pauses == [0.5]

    def prepare(slack: SlackStandIn) -> None:
        slack.answer = web.Response(text=body)

    play(story, prepare=prepare)


def test_while_the_next_connection_comes_the_old_one_is_read() -> None:
    async def story(here: Scene) -> None:
        await until(lambda: here.slack.open_sockets() == 1)
        old = here.slack.sockets[0]
        here.slack.hello = None
        await old.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await until(lambda: len(here.slack.sockets) == 2)
        new = here.slack.sockets.pop()
        await here.slack.says("1", "on the old one")
        assert [event.text for event in await here.stream.next()] == ["on the old one"]
        await until(lambda: "1" in here.slack.acknowledged)
        here.slack.sockets.append(new)
        await new.send_json({"type": "hello"})
        await until(lambda: old.closed)
        await here.hears("on the new one")

    play(story)


def test_slack_that_wants_another_connection_again_and_again_gets_it_slower() -> None:
    async def story(here: Scene) -> None:
        for count in range(1, 6):
            await until(lambda count=count: len(here.slack.sockets) == count)  # type: ignore[misc]
            await here.slack.sockets[-1].send_json({"type": "disconnect", "reason": "warning"})
        await until(lambda: len(here.slack.sockets) == 6)
        assert here.time.pauses == [0.5, 1.0, 2.0, 4.0, 8.0]
        await here.hears("here")

    play(story)


@pytest.mark.parametrize("code", [1000, 1001, 1006, 1011, 4000])
def test_a_closed_socket_is_made_anew_after_growing_pauses(code: int) -> None:
    async def story(here: Scene) -> None:
        for count in range(1, 5):
            await here.connected(count)
            await here.slack.sockets[-1].close(code=code if code != 1006 else 1011)
            await here.lost(count)
        assert here.time.pauses[:4] == [0.5, 1.0, 2.0, 4.0]
        await here.hears("after")

    play(story)


def test_a_token_that_is_refused_is_told_and_tried_again_slowly() -> None:
    async def story(here: Scene) -> None:
        await here.lost(3)
        assert set(here.time.pauses) == {REFUSED_SECONDS}
        [told] = here.told
        assert "SLACK_APP_TOKEN must be the app's own token" in told
        assert not here.task.done()

    play(story, token="xoxb-wrong")
