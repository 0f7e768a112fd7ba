"""API Gateway's WebSocket API on one machine: sockets in, Lambda events out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from local.api_gateway.connections_api import ConnectionsApi
from local.api_gateway.events import HttpResponse
from local.api_gateway.front import (
    HttpFront,
    Receive,
    Scope,
    Send,
    http_response,
    message,
    raw_path,
    request_of,
)
from local.api_gateway.open_sockets import TOO_BIG, Ending, OpenSocket, SocketLimits
from local.api_gateway.routes import GatewayRoute, RouteTable
from local.api_gateway.socket_events import (
    Handshake,
    connect_event,
    disconnect_event,
    message_event,
)
from local.lambda_service import InvokeAnswer, LambdaService

CONNECT, DISCONNECT, DEFAULT = "$connect", "$disconnect", "$default"
TURN_SECONDS = 20.0
"""So long a socket waits for a function that is at its concurrency. API Gateway does not wait, and
the page comes again; on one machine all pages of a restart come in the same instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketApi:
    """One WebSocket API: `functions` by route key. What `{names}` of `paths` hold arrives in the
    query, as where CloudFront leads to it: such an API has no paths.
    """

    paths: Sequence[str]
    functions: Mapping[str, str]


class OpenSockets:
    """All sockets of this machine, and the address at which functions reach them."""

    def __init__(self, limits: SocketLimits | None = None) -> None:
        self.limits = limits or SocketLimits()
        self.by_id: dict[str, OpenSocket] = {}
        self.url = ""
        self._came: deque[float] = deque()

    def may_come(self) -> bool:
        """Whether one more within this second may."""
        now = time.monotonic()
        while self._came and self._came[0] <= now - 1:
            self._came.popleft()
        if len(self._came) >= self.limits.connects_a_second:
            return False
        self._came.append(now)
        return True

    @contextlib.asynccontextmanager
    async def reachable(self) -> AsyncIterator[None]:
        """`url` is set meanwhile."""
        api = ConnectionsApi(self.by_id, self.limits)
        self.url = await api.start()
        try:
            yield
        finally:
            api.stop()


class SocketFront:
    """Answers other than 2xx to `$connect` refuse the handshake with their status; nothing else of
    them is told. A message that no function answers in time is answered with an error of its own.
    """

    def __init__(
        self, apis: Sequence[SocketApi], service: LambdaService, sockets: OpenSockets
    ) -> None:
        self._apis = {path: api for api in apis for path in api.paths}
        self._routes = RouteTable(
            [GatewayRoute(method="GET", path=path, function="") for path in self._apis]
        )
        self._service = service
        self._sockets = sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # the handshake
        found = self._routes.find("GET", raw_path(scope))
        if found is None:
            return await _refuse(message(404, "Not Found"), send)
        if not self._sockets.may_come():
            return await _refuse(message(429, "Too Many Requests"), send)
        api, query = self._apis[found.route.path], urlencode(dict(found.path_parameters))
        shaken = _handshake(scope, query)
        answer = await self._ask(api, CONNECT, connect_event(shaken))
        if not 200 <= answer.status < 300:
            return await _refuse(answer, send)
        await send({"type": "websocket.accept"})
        socket = OpenSocket(handshake=shaken, limits=self._sockets.limits, send=send)
        self._sockets.by_id[shaken.id] = socket
        try:
            ending = await self._serve(socket, api, receive)
        except BaseException:
            ending = Ending(code=1006, reason="the server ended", is_theirs=True)
            raise
        finally:
            del self._sockets.by_id[shaken.id]
            socket.forget()
            with contextlib.suppress(Exception):  # best effort, as there
                await self._ask(
                    api, DISCONNECT, disconnect_event(shaken, ending.code, ending.reason)
                )
        return None

    async def _serve(self, socket: OpenSocket, api: SocketApi, receive: Receive) -> Ending:
        tasks = [
            asyncio.create_task(socket.write()),
            asyncio.create_task(self._hear(socket, api, receive)),
        ]
        try:
            ending = await socket.ended
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if not ending.is_theirs:
            close = {"type": "websocket.close", "code": ending.code, "reason": ending.reason}
            with contextlib.suppress(Exception):  # gone meanwhile
                await socket.send(close)
        return ending

    async def _hear(self, socket: OpenSocket, api: SocketApi, receive: Receive) -> None:
        while (heard := await receive())["type"] == "websocket.receive":
            text, binary = heard.get("text"), heard.get("bytes")
            body = text if text is not None else binary or b""
            size = len(body.encode()) if isinstance(body, str) else len(body)
            if size > socket.limits.frame_bytes:
                socket.end(Ending(code=TOO_BIG, reason="Frame too long"))
                return
            socket.is_used()
            answer = await self._ask(api, DEFAULT, message_event(socket.handshake, body))
            if answer.body:
                with contextlib.suppress(Exception):  # it reads nothing, and hears no answer
                    socket.post(answer.body)
        code, reason = heard.get("code") or 1005, heard.get("reason") or ""
        socket.end(Ending(code=code, reason=reason, is_theirs=True))

    async def _ask(self, api: SocketApi, key: str, event: bytes) -> HttpResponse:
        try:
            async with asyncio.timeout(29):
                return http_response(await self._in_turn(api.functions[key], event))
        except TimeoutError:
            return message(504, "Endpoint request timed out")

    async def _in_turn(self, function: str, event: bytes) -> InvokeAnswer:
        until = time.monotonic() + TURN_SECONDS
        while True:
            answer = await self._service.invoke(function, event)
            if answer.status != HTTPStatus.TOO_MANY_REQUESTS or time.monotonic() > until:
                return answer
            await asyncio.sleep(random.uniform(0.02, 0.1))  # noqa: S311 - a turn, not a secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Fronts:
    """Both kinds of API behind one address."""

    http: HttpFront
    sockets: SocketFront

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        front = self.sockets if scope["type"] == "websocket" else self.http
        await front(scope, receive, send)


def _handshake(scope: Scope, query: str) -> Handshake:
    read = request_of({**scope, "method": "GET", "http_version": "1.1"}, b"", datetime.now(UTC))
    return Handshake(source_ip=read.source_ip, headers=read.headers, query=query, at=read.at)


async def _refuse(answer: HttpResponse, send: Send) -> None:
    """With the status alone: what the function said stays between it and its log."""
    start: dict[str, Any] = {
        "type": "websocket.http.response.start",
        "status": answer.status,
        "headers": [(b"content-type", b"application/json")],
    }
    body = {"message": "Forbidden" if answer.status in {401, 403} else None}
    await send(start)
    await send({"type": "websocket.http.response.body", "body": json.dumps(body).encode()})
