"""The overlay's room behind a server with sockets: what OBS would reach, and what may go wrong.

Pages, files and state come from the room itself, over the real database. A push is written as the
router's record writes it, and goes to every open socket as the same object that `state` tells.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import threading
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import WSCloseCode, web

from functions.overlay import handler as overlay
from functions.overlay.shown import shown
from tests.helpers.overlays import a_token
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.overlay_pushes import life_of
from waddlebot.stores.overlays import Overlays
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.record_rows import encode_rows, write_rows
from waddlebot_sdk import General, Media, Ticker

TOKEN = a_token("an overlay that OBS shows")
SOURCES = ("ticker", "media", "general")
_SOURCE_OF: dict[type, str] = {Ticker: "ticker", Media: "media", General: "general"}


@dataclass(slots=True, kw_only=True)
class OverlayFront:
    """`drops` frames are lost on their way to sockets; while `is_cut` nobody is answered. What
    state was asked comes `late_seconds` after it was so. By sockets that are `lost`
    nothing comes or goes, and they are open all the same.
    """

    database: Postgres
    community: CommunityId
    port: int = 0
    is_cut: bool = False
    has_sockets: bool = True
    drops: int = 0
    late_seconds: float = 0
    asked: list[str] = field(default_factory=list)
    pinged: int = 0
    lost: list[tuple[str, web.WebSocketResponse]] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _sockets: list[tuple[str, web.WebSocketResponse]] = field(default_factory=list)
    _runner: web.AppRunner | None = None
    _pushed: dict[str, int] = field(default_factory=dict)

    @property
    def elsewhere(self) -> str:
        """The same sockets as an API of their own has them: another host, and names in a query."""
        return f"ws://localhost:{self.port}/live"

    def page(self, source: str) -> str:
        return f"http://127.0.0.1:{self.port}/overlay/{TOKEN}/{source}"

    def push(self, response: Ticker | Media | General, *, ago: float = 0) -> int:
        """Its number; made so many seconds ago."""
        return self.write(_SOURCE_OF[type(response)], response.to_wire(), ago=ago)

    def control(self, source: str, control: str) -> int:
        return self.write(source, {"response_action": "control", "control": control})

    def write(self, source: str, content: dict[str, Any], *, ago: float = 0) -> int:
        """As `push`, and what is no answer. One that is over goes to no socket."""
        now = datetime.now(UTC)
        made_at = now - timedelta(seconds=ago)
        row = {
            "nth": 0,
            "community_id": self.community,
            "source": source,
            "execution_id": f"execution-{now.timestamp()}-{source}",
            "position": 0,
            "content": content,
            "made_at": made_at,
            "expires_at": made_at + life_of(source, content),
        }
        write_rows(self.database, encode_rows({"pushes": [row]}))
        overlays = Overlays(self.database)
        state = overlays.state(self.community, source, after=self._pushed.get(source, 0), now=now)
        if not state.pushes:
            return state.last
        frame = shown(state.pushes[-1]) | {"before": self._pushed.get(source, 0)}
        self._pushed[source] = state.pushes[-1].number
        self.send(source, frame)
        return state.pushes[-1].number

    def send(self, source: str, frame: dict[str, Any]) -> None:
        """As it is, to every open socket."""
        self.run(self._send(source, json.dumps(frame)))

    def open_sockets(self, source: str) -> int:
        return sum(of == source and not socket.closed for of, socket in self._sockets)

    def sockets_ever(self) -> int:
        """How many were opened since the last cut."""
        return len(self._sockets)

    def cut(self, *, is_cut: bool) -> None:
        """The network between OBS and the house."""
        self.is_cut = is_cut
        self.run(self._close_sockets())

    def lose(self) -> None:
        """The router between has lost its power, and another is there: nobody closed anything."""
        self.lost, self._sockets = [*self.lost, *self._sockets], []

    def restart(self) -> None:
        """The server ends, with all sockets, and is there again under the same address."""
        self.run(self._stop())
        self.run(self._start())

    def run(self, deed: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(deed, self._loop).result(30)

    async def _send(self, source: str, frame: str) -> None:
        for of, socket in self._sockets:
            if of == source and not socket.closed:
                if self.drops:
                    self.drops -= 1
                else:
                    with contextlib.suppress(ConnectionError):
                        await socket.send_str(frame)

    async def _close_sockets(self) -> None:
        for _, socket in (*self._sockets, *self.lost):
            with contextlib.suppress(ConnectionError):
                await socket.close(code=WSCloseCode.GOING_AWAY)
        self._sockets, self.lost = [], []

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_get("/live", self._answer)
        app.router.add_get("/overlay/{token}/{source}", self._answer)
        app.router.add_get("/overlay/{token}/{source}/{file}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def _stop(self) -> None:
        await self._close_sockets()
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        if self.is_cut:
            if request.transport:
                request.transport.abort()
            return web.Response(status=502)
        if request.headers.get("upgrade", "").lower() == "websocket":
            return await self._socket(request)
        parts = "/".join(f"{{{name}}}" for name in request.match_info)
        event = {
            "routeKey": f"GET /overlay/{parts}",
            "pathParameters": dict(request.match_info),
            "queryStringParameters": dict(request.query),
        }
        told = await asyncio.to_thread(overlay.handler, event, None)
        if request.match_info.get("file") == "state":
            await asyncio.sleep(self.late_seconds)
        body = told["body"].encode()
        if told.get("isBase64Encoded"):
            body = base64.b64decode(body)
        return web.Response(status=told["statusCode"], headers=told["headers"], body=body)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        told = request.match_info or request.query
        if not self.has_sockets or told["token"] != TOKEN:
            return web.Response(status=403)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append((told["source"], socket))
        async for heard in socket:
            if heard.data == "ping" and any(one is socket for _, one in self._sockets):
                self.pinged += 1
                await socket.send_str("pong")
        return socket


def connected(front: OverlayFront, source: str) -> None:
    until = time.monotonic() + 60
    while not front.open_sockets(source):
        assert time.monotonic() < until, "no socket"
        time.sleep(0.02)


@contextlib.contextmanager
def overlay_front(database: Postgres, community: CommunityId) -> Iterator[OverlayFront]:
    """Running, on a port of its own."""
    front = OverlayFront(database=database, community=community)
    thread = threading.Thread(target=front._loop.run_forever, daemon=True)
    thread.start()
    front.run(front._start())
    try:
        yield front
    finally:
        front.run(front._stop())
        front._loop.call_soon_threadsafe(front._loop.stop)
        thread.join()
        front._loop.close()
