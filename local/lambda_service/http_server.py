"""A small HTTP/1.1 server for loopback: keep-alive without a time limit, one write a response.

An answer may come later than the callback that got the request, which is all a long poll needs.
"""

from __future__ import annotations

import asyncio
import select
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

import httptools

if TYPE_CHECKING:
    import socket

REASONS = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class WholeRequest:
    """Header names are lower-case; a body beyond the server's limit was read and thrown away."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    is_too_long: bool
    keep_alive: bool


Answer = Callable[[WholeRequest, "ServedConnection"], None]


class HttpServer:
    """Listens on 127.0.0.1 and calls `answer` with each request and the connection it came by."""

    def __init__(self, answer: Answer, *, body_limit: int) -> None:
        self._answer = answer
        self._body_limit = body_limit
        self._connections: set[ServedConnection] = set()
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> int:
        """The port it listens on."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, "127.0.0.1", port, backlog=256)
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.abort()

    def _connection(self) -> ServedConnection:
        return ServedConnection(self._answer, self._connections, body_limit=self._body_limit)


class ServedConnection(asyncio.Protocol):
    """One client. Its requests are answered one at a time, in the order they came."""

    def __init__(
        self, answer: Answer, connections: set[ServedConnection], *, body_limit: int
    ) -> None:
        self._answer = answer
        self._connections = connections
        self._body_limit = body_limit
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[WholeRequest] = deque()
        self._current: WholeRequest | None = None
        self._start_over()

    def respond(self, status: int, body: bytes = b"", headers: Mapping[str, str] = {}) -> None:
        """Answers the request at hand; once the client has gone it says nothing."""
        request, self._current = self._current, None
        if request is None or self._transport.is_closing():
            return
        self._transport.write(head(status, headers, len(body), keep=request.keep_alive) + body)
        if not request.keep_alive:
            self._transport.close()
        elif self._waiting:
            self._begin(self._waiting.popleft())

    def is_open(self) -> bool:
        """Whether the client is still there. Asks the kernel: a killed client's end is seen at
        once, not only when the event loop comes round to it."""
        if self._transport.is_closing():
            return False
        ended = select.poll()
        ended.register(self._socket.fileno(), select.POLLIN | select.POLLHUP)
        return not ended.poll(0)

    def abort(self) -> None:
        self._transport.abort()

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none by inheritance
        self._transport = cast("asyncio.Transport", transport)
        self._socket: socket.socket = transport.get_extra_info("socket")
        self._connections.add(self)

    def connection_lost(self, _error: Exception | None) -> None:
        self._connections.discard(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._transport.write(head(400, {}, 0, keep=False))
            self._transport.close()

    # httptools' side

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        if self._headers.get("expect", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, part: bytes) -> None:
        self._length += len(part)
        if self._length <= self._body_limit:
            self._parts.append(part)

    def on_message_complete(self) -> None:
        is_too_long = self._length > self._body_limit
        request = WholeRequest(
            self._parser.get_method().decode("ascii"),
            self._target.decode("latin-1"),
            self._headers,
            b"" if is_too_long else b"".join(self._parts),
            is_too_long,
            self._parser.should_keep_alive(),
        )
        self._start_over()
        if self._current is None:
            self._begin(request)
        else:
            self._waiting.append(request)

    def _start_over(self) -> None:
        self._target = b""
        self._headers: dict[str, str] = {}
        self._parts: list[bytes] = []
        self._length = 0

    def _begin(self, request: WholeRequest) -> None:
        self._current = request
        self._answer(request, self)


def head(status: int, headers: Mapping[str, str], length: int, *, keep: bool) -> bytes:
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, '')}\r\n"]
    lines += [f"{name}: {value}\r\n" for name, value in headers.items()]
    if status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {length}\r\n")
    lines.append("\r\n" if keep else "Connection: close\r\n\r\n")
    return "".join(lines).encode("latin-1")
