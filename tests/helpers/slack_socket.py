"""Slack's socket mode as far as a connection can see it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.helpers.patience import in_the_loop
from tests.helpers.serving import serving

TOKEN = "xapp-1"


@dataclass(slots=True)
class SlackStandIn:
    """`acknowledged` holds what came back, by envelope id."""

    url: str = ""
    token: str = TOKEN
    """The one that is taken."""
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
        await in_the_loop(is_so, within=10)

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
        if request.headers.get("authorization") != f"Bearer {self.token}":
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
