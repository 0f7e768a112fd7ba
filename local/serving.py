"""A port in uvicorn's hands, and what it owes strangers: ten seconds each, and no more."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from asyncio import TimerHandle
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus

import uvicorn
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from local.callers import App
from local.neighbours import STATE, Neighbour

REQUEST_SECONDS = 10.0
PONG_SECONDS = 20.0
"""Each socket is asked so often whether anybody is there, and has so long to answer."""
TICK_SECONDS = 1.0
MOST_HEAD_BYTES = 64 * 1024
MOST_MESSAGE_BYTES = 128 * 1024
"""Of a socket, as API Gateway has it; our own stand-ins are sent less."""


@contextlib.asynccontextmanager
async def serving(
    app: App,
    listener: socket.socket,
    *,
    request_seconds: float = REQUEST_SECONDS,
    pong_seconds: float = PONG_SECONDS,
) -> AsyncIterator[None]:
    """`listener` is closed in the end. Signals are the caller's to handle."""
    config = uvicorn.Config(
        app,
        http=_within(request_seconds),
        ws=RefusingSockets,
        ws_max_size=MOST_MESSAGE_BYTES,
        ws_ping_interval=pong_seconds,
        ws_ping_timeout=pong_seconds,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # who calls is who is connected, whatever a header says
        timeout_graceful_shutdown=1,
    )
    server = PortServer(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn offers a flag and no event
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.end()
        await task


class PortServer(uvicorn.Server):
    """Ends as soon as it is told to, and wakes up once a second.

    uvicorn's own looks ten times a second, and at its end waits for a tenth of one in any case.
    """

    _told: asyncio.Event | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    def end(self) -> None:
        """From any thread."""
        self.should_exit = True
        if self._loop and self._told:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        self._told = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):  # once a second there is a new `date`
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for one in sockets or ():
            one.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)  # those that nobody waits for close meanwhile
        if answering := list(self.server_state.tasks):
            _, late = await asyncio.wait(answering, timeout=self.config.timeout_graceful_shutdown)
            for task in late:
                task.cancel()
        await self.lifespan.shutdown()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are ours: the whole house stops in order, not its front first."""
        yield


class WholeRequests(HttpToolsProtocol):
    """Whoever has not sent a whole request in time, or a head without end, is cut off.

    Counted from the connection, or from the first byte of a later request; a byte now and then
    does not help. How long an answer takes does not count.
    """

    request_seconds = REQUEST_SECONDS
    _timer: TimerHandle | None = None
    _is_in_head = True
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.client and self.server and self.server[1] is not None:
            ends = Neighbour(client=self.client, server=(self.server[0], self.server[1]))
            self.app_state = {**self.app_state, STATE: ends}
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._have_all()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._head_bytes += len(data) if self._is_in_head else 0
        if self._head_bytes > MOST_HEAD_BYTES:
            self._cut(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._begin()

    def on_headers_complete(self) -> None:
        self._is_in_head, self._head_bytes = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._have_all()
        super().on_message_complete()

    def _begin(self) -> None:
        self._have_all()
        self._is_in_head = True
        self._timer = self.loop.call_later(
            self.request_seconds, self._cut, HTTPStatus.REQUEST_TIMEOUT
        )

    def _have_all(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _cut(self, status: HTTPStatus) -> None:
        if self.transport.is_closing():
            return
        is_between = self.cycle is None or self.cycle.response_complete
        if is_between or not self.cycle.response_started:
            head = f"HTTP/1.1 {status} {status.phrase}\r\n"
            self.transport.write(f"{head}connection: close\r\ncontent-length: 0\r\n\r\n".encode())
        self.transport.close()


class RefusingSockets(WebSocketsSansIOProtocol):
    """A handshake that was refused with a status is complete: uvicorn's own logs an error. One that
    is too long is refused: uvicorn's own says nothing and keeps it. Whoever answers no ping is cut
    off, whatever waits to be read: uvicorn's own waits until it was read.
    """

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.transport.is_closing():
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = True


def _within(seconds: float) -> type[WholeRequests]:
    return type("WholeRequestsInTime", (WholeRequests,), {"request_seconds": seconds})
