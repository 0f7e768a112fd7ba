"""API Gateway's place on this machine: a raw ASGI app before the Lambda service."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any

from local.api_gateway.events import (
    HttpRequest,
    HttpResponse,
    MalformedResult,
    event_of,
    response_of,
)
from local.api_gateway.routes import FoundRoute, GatewayRoute, RouteTable
from local.lambda_service import InvokeAnswer, LambdaService
from waddlebot.runtime import looks

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# An HTTP API waits this long for a function, whatever the function's own timeout.
INTEGRATION_SECONDS = 30.0
MAX_BODY_BYTES = 10 * 1024 * 1024
# Set anew from the body we send; a second value would contradict it.
OWN_HEADERS = {"content-length", "transfer-encoding", "connection"}


class HttpFront:
    """Takes HTTP requests, asks the function of the route, answers as an HTTP API does.

    `routes` are looked up by `RouteTable`'s rules. A body beyond `max_body_bytes`, of which no more
    is read, and an event beyond Lambda's 6 MB, is refused with 413. Answers of its own: 404 no
    route, 429 the function is at its concurrency, 500 no such function, 502 it failed or said
    nonsense, 503 no answer in 30 s; each `{"message": …}`.
    """

    def __init__(
        self,
        routes: Sequence[GatewayRoute],
        service: LambdaService,
        *,
        max_body_bytes: int = MAX_BODY_BYTES,
        integration_seconds: float = INTEGRATION_SECONDS,
    ) -> None:
        self._routes = RouteTable(routes)
        self._service = service
        self._max_body_bytes = max_body_bytes
        self._integration_seconds = integration_seconds
        self._turns = {
            one.function: asyncio.Semaphore(one.most_at_once) for one in routes if one.most_at_once
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"an HTTP API serves no {scope['type']}")
        at = datetime.now(UTC)
        try:
            body = await whole_body(scope, receive, self._max_body_bytes)
        except TooLong:
            # Closed, so that nobody has to read the rest.
            response = message(413, "Request Too Long")
            await reply(response, send, without_body=scope["method"] == "HEAD", closes=True)
        except Gone:
            return  # half a request is none
        else:
            response = await self._answer(scope, body, at)
            await reply(response, send, without_body=scope["method"] == "HEAD")

    async def _answer(self, scope: Scope, body: bytes, at: datetime) -> HttpResponse:
        found = self._routes.find(scope["method"], raw_path(scope))
        if found is None:
            return nothing_here(scope)
        try:
            invocation = await self._invoke(request_of(scope, body, at), found)
        except TimeoutError:
            return message(503, "Service Unavailable")
        return http_response(invocation)

    async def _invoke(self, request: HttpRequest, found: FoundRoute) -> InvokeAnswer:
        async with asyncio.timeout(self._integration_seconds), self._turn(found.route):
            return await self._service.invoke(found.route.function, event_of(request, found))

    def _turn(self, route: GatewayRoute) -> AbstractAsyncContextManager[object]:
        return self._turns[route.function] if route.most_at_once else nullcontext()


class TooLong(Exception):
    """The body is beyond the limit."""


class Gone(Exception):
    """Whoever sent it left before its end."""


async def whole_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """Raises TooLong before more than the limit was read, at once where the head tells; Gone."""
    if told_length(scope) > limit:
        raise TooLong
    parts: list[bytes] = []
    length = 0
    more = True
    while more:
        part = await receive()
        if part["type"] == "http.disconnect":
            raise Gone
        parts.append(part.get("body", b""))
        length += len(parts[-1])
        if length > limit:
            raise TooLong
        more = part.get("more_body", False)
    return b"".join(parts)


def told_length(scope: Scope) -> int:
    """What the head says; 0 where it says nothing. The server has checked that it is a number."""
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(told) if told.isdigit() else 0


def raw_path(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.partition(b"?")[0].decode("latin-1")


def request_of(scope: Scope, body: bytes, at: datetime) -> HttpRequest:
    return HttpRequest(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        protocol=f"HTTP/{scope['http_version']}",
        scheme=scope["scheme"],
        source_ip=scope["client"][0] if scope.get("client") else "127.0.0.1",
        headers=[
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in scope["headers"]
        ],
        body=body,
        at=at,
    )


def http_response(invocation: InvokeAnswer) -> HttpResponse:
    match invocation.status:
        case 200 if invocation.function_error is None:
            return function_response(invocation)
        case 200:
            return message(502, "Internal Server Error")
        case 413:
            return message(413, "Request Too Long")
        case 429:
            return message(429, "Too Many Requests")
        case _:
            return message(500, "Internal Server Error")


def function_response(invocation: InvokeAnswer) -> HttpResponse:
    try:
        return response_of(invocation.payload)
    except MalformedResult:
        return message(502, "Internal Server Error")


def nothing_here(scope: Scope) -> HttpResponse:
    """A page for people; programs read what API Gateway says. No function is woken for either."""
    accepts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"accept"]
    if not looks.wants_page(scope["method"], ",".join(accepts)):
        return message(404, "Not Found")
    return HttpResponse(
        status=404,
        headers=list(looks.whole_page_headers().items()),
        body=looks.nothing_here_page().encode(),
    )


def message(status: int, text: str) -> HttpResponse:
    return HttpResponse(
        status=status,
        headers=[("content-type", "application/json")],
        body=json.dumps({"message": text}).encode(),
    )


async def reply(
    response: HttpResponse, send: Send, *, without_body: bool, closes: bool = False
) -> None:
    has_body = response.status not in {204, 304}
    headers = [pair for pair in response.headers if pair[0] not in OWN_HEADERS]
    if closes:
        headers.append(("connection", "close"))
    if has_body:
        headers.append(("content-length", str(len(response.body))))
    await send(
        {
            "type": "http.response.start",
            "status": response.status,
            "headers": [(wire(name), wire(value)) for name, value in headers],
        }
    )
    body = response.body if has_body and not without_body else b""
    await send({"type": "http.response.body", "body": body})


def wire(text: str) -> bytes:
    return text.encode("latin-1", "replace")
