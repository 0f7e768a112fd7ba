"""Slack's socket mode against a stand-in that repeats, says goodbye, breaks and refuses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from gateway_bot.connections.slack import SlackSettings, run
from tests.gateway_bot.connections.serving import serving
from tests.gateway_bot.connections.test_discord import Stream
from waddlebot.domain.events import MessageType, ResponseUrl

TOKEN = "xapp-1"


@dataclass(slots=True)
class SlackStandIn:
    """`acknowledged` holds what came back, by envelope id."""

    url: str = ""
    error: str = ""
    answer: web.Response | None = None
    """Of the next try to connect, instead of an address."""
    opened: int = 0
    hello: str | None = '{"type": "hello", "num_connections": 1}'
    """What a new socket says first; None is silence."""
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    acknowledged: dict[str, Any] = field(default_factory=dict)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/api/apps.connections.open", self._open)
        app.router.add_get("/link", self._link)
        return app

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_so():  # noqa: ASYNC110 - it may change at many places
                await asyncio.sleep(0.01)

    async def sends(self, envelope: str, payload: dict[str, Any], kind: str = "events_api") -> None:
        frame = {"envelope_id": envelope, "type": kind, "payload": payload}
        await self.sockets[-1].send_json(frame)

    async def says(self, envelope: str, text: str) -> None:
        event = {
            "type": "message",
            "channel": "C1",
            "channel_type": "channel",
            "user": "U0ANA",
            "text": text,
            "ts": f"17000000.{envelope}",
        }
        payload = {"type": "event_callback", "team_id": "T1", "event_id": envelope, "event": event}
        await self.sends(envelope, payload)

    def open_sockets(self) -> int:
        return sum(not socket.closed for socket in self.sockets)

    async def _open(self, request: web.Request) -> web.Response:
        self.opened += 1
        if self.answer is not None:
            answer, self.answer = self.answer, None
            return answer
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if self.error:
            error, self.error = self.error, ""
            return web.json_response({"ok": False, "error": error})
        return web.json_response({"ok": True, "url": f"{self.url}/link"})

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.hello is not None:
            await socket.send_str(self.hello)
        self.sockets.append(socket)
        async for message in socket:
            told = json.loads(message.data)
            self.acknowledged[told["envelope_id"]] = told.get("payload")
        return socket


@asynccontextmanager
async def slack_stand_in() -> AsyncIterator[SlackStandIn]:
    stand_in = SlackStandIn()
    async with serving(stand_in.app(), stand_in.sockets) as stand_in.url:
        yield stand_in


Story = Callable[[SlackStandIn, Stream], Awaitable[None]]


def tell(story: Story, *, stream: Stream | None = None, error: str = "") -> None:
    async def go() -> None:
        async with slack_stand_in() as slack:
            slack.error = error
            events = stream or Stream()
            settings = SlackSettings(token=TOKEN, api_url=f"{slack.url}/api")
            task = asyncio.create_task(run(settings, events.append))
            try:
                await slack.until(lambda: bool(slack.sockets))
                await story(slack, events)
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    asyncio.run(go())


def test_lines_are_stored_in_order_and_then_acknowledged() -> None:
    async def story(slack: SlackStandIn, stream: Stream) -> None:
        for number in range(5):
            await slack.says(str(number), f"line {number}")
        events = await stream.next(5)
        assert [event.text for event in events] == [f"line {number}" for number in range(5)]
        assert events[0].entity == "slack:channel:T1/C1"
        await slack.until(lambda: len(slack.acknowledged) == 5)

    tell(story)


def test_what_could_not_be_stored_is_not_acknowledged_and_comes_again() -> None:
    async def story(slack: SlackStandIn, stream: Stream) -> None:
        await slack.says("1", "hello")
        await slack.until(lambda: stream.away == 0)
        await slack.says("2", "hello")
        assert [event.text for event in await stream.next()] == ["hello"]
        await slack.until(lambda: bool(slack.acknowledged))
        assert slack.acknowledged.keys() == {"2"}

    tell(story, stream=Stream(away=1))


def test_a_slash_command_is_told_and_its_answer_goes_to_its_own_address() -> None:
    async def story(slack: SlackStandIn, stream: Stream) -> None:
        payload = {
            "command": "/waddlebot",
            "text": "quote",
            "team_id": "T1",
            "channel_id": "C1",
            "user_id": "U0ANA",
            "user_name": "ana",
            "response_url": "https://hooks.slack.com/commands/T1/1/x",
            "trigger_id": "1.2.3",
        }
        await slack.sends("1", payload, "slash_commands")
        [event] = await stream.next()
        assert (event.type, event.text) == (MessageType.SLASH_COMMAND, "quote")
        assert isinstance(event.way_back, ResponseUrl)
        assert event.asked_until is None

    tell(story)


def test_odd_frames_are_passed_over() -> None:
    async def story(slack: SlackStandIn, stream: Stream) -> None:
        for frame in ("", "no json", "[]", '{"type": 3}', '{"envelope_id": "9"}'):
            await slack.sockets[-1].send_str(frame)
        await slack.sockets[-1].send_bytes(b"\x00")
        await slack.says("1", "still here")
        assert [event.text for event in await stream.next()] == ["still here"]
        assert len(slack.sockets) == 1

    tell(story)


def test_where_slack_says_goodbye_the_next_connection_stands_first() -> None:
    async def story(slack: SlackStandIn, stream: Stream) -> None:
        await slack.sockets[0].send_json({"type": "disconnect", "reason": "refresh_requested"})
        await slack.until(lambda: len(slack.sockets) == 2)
        await slack.says("1", "over here")
        assert [event.text for event in await stream.next()] == ["over here"]
        await slack.until(lambda: slack.sockets[0].closed)

    tell(story)


@pytest.mark.parametrize("error", ["", "ratelimited"])
def test_a_broken_socket_is_made_anew(error: str) -> None:
    async def story(slack: SlackStandIn, stream: Stream) -> None:
        slack.error = error
        await slack.sockets[0].close()
        await slack.until(lambda: len(slack.sockets) == 2)
        await slack.says("1", "back again")
        assert [event.text for event in await stream.next()] == ["back again"]

    tell(story)
