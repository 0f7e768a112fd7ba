"""As much of an HTTP framework as the stand-ins need, straight on ASGI."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, unquote

Json = dict[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AsgiRequest:
    """Header names are lower-case; `base` is the address this request came to, without a path."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    base: str
    params: Mapping[str, str] = field(default_factory=dict)

    def ask(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    def fields(self) -> Json:
        """The body as an object, whether it was sent as JSON or as a form; empty where neither."""
        if "form-urlencoded" in self.headers.get("content-type", ""):
            form = {name: values[0] for name, values in parse_qs(self.body.decode()).items()}
            return _object(form["payload_json"].encode()) if "payload_json" in form else form
        return _object(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsgiAnswer:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """An answer without an end: what `chunks` yields, until the other side goes away."""

    content_type: str
    chunks: AsyncIterator[bytes]


class Dropped(Exception):
    """The connection breaks off in the middle of the answer."""


Handler = Callable[[AsgiRequest], Awaitable[AsgiAnswer | Stream]]


def json_answer(
    value: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> AsgiAnswer:
    # Exactly this content type: py-cord reads no error codes where a charset follows it.
    kind = {"content-type": "application/json"}
    return AsgiAnswer(
        status=status, headers={**kind, **(headers or {})}, body=json.dumps(value).encode()
    )


class PathRouter:
    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, path: str, handler: Handler) -> None:
        """`{name}` in a path stands for one segment."""
        pattern = _PARAMETER.sub(r"(?P<\1>[^/]+)", path)
        self._routes.append((method, re.compile(pattern), handler))

    def find(self, request: AsgiRequest) -> tuple[Handler, AsgiRequest] | None:
        for method, pattern, handler in self._routes:
            found = pattern.fullmatch(request.path)
            if found and method == request.method:
                params = {name: unquote(value) for name, value in found.groupdict().items()}
                return handler, replace(request, params=params)
        return None


async def read_request(scope: Scope, receive: Receive, path: str) -> AsgiRequest:
    headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
    host, port = scope.get("server") or ("127.0.0.1", 80)
    return AsgiRequest(
        method=scope["method"],
        path=path,
        query=parse_qs(scope["query_string"].decode(), keep_blank_values=True),
        headers=headers,
        body=await _whole_body(receive),
        base=f"http://{headers.get('host') or f'{host}:{port}'}",
    )


async def send_answer(answer: AsgiAnswer, send: Send) -> None:
    await send(_start(answer.status, {**answer.headers, "content-length": str(len(answer.body))}))
    await send({"type": "http.response.body", "body": answer.body})


async def send_stream(stream: Stream, receive: Receive, send: Send) -> None:
    await send(_start(200, {"content-type": stream.content_type, "cache-control": "no-store"}))
    sending = asyncio.ensure_future(_send_chunks(stream.chunks, send))
    leaving = asyncio.ensure_future(_disconnect(receive))
    await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
    for task in (sending, leaving):
        task.cancel()
    await asyncio.gather(sending, leaving, return_exceptions=True)


async def break_off(send: Send) -> None:
    """More is announced than comes: the server closes the connection under the client."""
    await send(_start(200, {"content-type": "application/json", "content-length": "1000"}))
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


class Socket:
    """A websocket of the server's side, text or binary out, text in."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.is_open = False

    async def accept(self) -> None:
        await self._receive()
        await self._send({"type": "websocket.accept"})
        self.is_open = True

    async def read(self) -> str | None:
        """None once the other side is gone."""
        message = await self._receive()
        if message["type"] == "websocket.receive":
            return str(message.get("text") or (message.get("bytes") or b"").decode())
        self.is_open = False
        return None

    async def write(self, data: str | bytes) -> None:
        key = "text" if isinstance(data, str) else "bytes"
        try:
            await self._send({"type": "websocket.send", key: data})
        except (OSError, RuntimeError):  # uvicorn's words for "it has just gone"
            self.is_open = False

    async def close(self, code: int) -> None:
        if self.is_open:
            self.is_open = False
            await self._send({"type": "websocket.close", "code": code})


def _object(body: bytes) -> Json:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


async def _whole_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def _start(status: int, headers: Mapping[str, str]) -> Json:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": raw}


async def _send_chunks(chunks: AsyncIterator[bytes], send: Send) -> None:
    async for chunk in chunks:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
