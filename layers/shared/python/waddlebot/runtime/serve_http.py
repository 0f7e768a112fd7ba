"""The door of the rooms with an HTTP API: API Gateway's events in, JSON answers out.

Forty lines of our own instead of Powertools' resolver, whose import costs 70 ms of every cold
start (docs/decisions/0005) and whose errors are not worded as the spec words them.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.runtime.callers import Callers
from waddlebot.runtime.logs import Category, Logger, stack_of
from waddlebot.stores.api_keys import ApiKey

RETRY_SECONDS = 2

_CATEGORIES = {401: Category.AUTH, 403: Category.AUTHZ, 429: Category.AUTHZ}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`body` is the JSON value that was sent; `id` names the invocation in logs and receipts."""

    id: str
    body: Any
    caller: ApiKey
    received_at: datetime
    remaining_seconds: float


Answer = Callable[[Request], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`key` as API Gateway writes it: "POST /api/router/process"."""

    key: str
    answer: Answer
    scope: str = ""
    most_bytes: int = 256 * 1024


def serve_http(
    aws_event: Mapping[str, Any],
    context: Any,
    *,
    routes: Sequence[Route],
    callers: Callers,
    log: Logger,
) -> dict[str, Any]:
    """One request (payload format 2.0): key, window, body, then the route's answer with 200.

    Errors are `{"success": false, "error": {"code", "message", "details"}}`: a Rejected with its
    own status, Unavailable as 503, anything else as 500 with a reference that stands in the log.
    """
    began = time.perf_counter()
    status, body, headers = _respond(aws_event, context, routes, callers, log)
    log.info(
        "request answered",
        action=aws_event.get("routeKey"),
        result=status,
        execution_time=round(time.perf_counter() - began, 4),
    )
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", "cache-control": "no-store", **headers},
        "body": json.dumps(body, ensure_ascii=False),
    }


def _respond(
    aws_event: Mapping[str, Any],
    context: Any,
    routes: Sequence[Route],
    callers: Callers,
    log: Logger,
) -> tuple[int, Mapping[str, Any], dict[str, str]]:
    headers: dict[str, str] = {}
    try:
        route = _find(routes, str(aws_event.get("routeKey", "")))
        caller = callers.identify(aws_event.get("headers") or {})
        headers = callers.charge(caller)
        _check_scope(route, caller)
        request = Request(
            id=context.aws_request_id,
            body=read_json(aws_event, most_bytes=route.most_bytes),
            caller=caller,
            received_at=datetime.now(UTC),
            remaining_seconds=context.get_remaining_time_in_millis() / 1000,
        )
        return 200, route.answer(request), headers
    except Exception as error:  # noqa: BLE001 - every failure has its sentence
        status, body, more = failed(error, str(context.aws_request_id), log)
        return status, body, {**headers, **more}


def failed(
    error: Exception, request_id: str, log: Logger
) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, body and headers of what could not be answered, which is logged."""
    if isinstance(error, Rejected):
        category = _CATEGORIES.get(error.status, Category.SYSTEM)
        log.info("request rejected", category=category, code=error.code)
        return error.status, error_of(error), _retry(error)
    if isinstance(error, Unavailable):
        log.warning("request failed", category=Category.ERROR, error=str(error))
        away = Rejected(
            503,
            "UNAVAILABLE",
            f"{str(error).capitalize()}. Try again in a moment.",
            retry_after_seconds=RETRY_SECONDS,
        )
        return away.status, error_of(away), _retry(away)
    reference = request_id[:8]
    log.error("request crashed", reference=reference, **stack_of(error))
    crash = Rejected(
        500,
        "INTERNAL_ERROR",
        f"Something went wrong on our side. (ref {reference})",
        details={"reference": reference},
    )
    return crash.status, error_of(crash), {}


def read_json(aws_event: Mapping[str, Any], *, most_bytes: int) -> Any:
    """Raises Rejected: 413 where the body is too long, 400 where it is no JSON."""
    try:
        return msgspec.json.decode(_raw(aws_event, most_bytes))
    except (msgspec.DecodeError, UnicodeError, binascii.Error, RecursionError) as error:
        raise Rejected(400, "INVALID_JSON", f"The body is not JSON: {error}") from error


def read_text(aws_event: Mapping[str, Any], *, most_bytes: int) -> str:
    """Raises Rejected: 413 where the body is too long, 400 where it is no text."""
    try:
        return _raw(aws_event, most_bytes).decode()
    except (UnicodeError, binascii.Error) as error:
        raise Rejected(400, "INVALID_TEXT", "The body is no text.") from error


def _raw(aws_event: Mapping[str, Any], most_bytes: int) -> bytes:
    body = aws_event.get("body") or ""
    raw: bytes = base64.b64decode(body) if aws_event.get("isBase64Encoded") else body.encode()
    if len(raw) > most_bytes:
        raise Rejected(413, "BODY_TOO_LARGE", f"The body is longer than {most_bytes // 1024} KiB.")
    return raw


def error_of(rejected: Rejected) -> dict[str, Any]:
    return {
        "success": False,
        "error": {
            "code": rejected.code,
            "message": rejected.message,
            "details": rejected.details,
        },
    }


def _find(routes: Sequence[Route], key: str) -> Route:
    for route in routes:
        if route.key == key:
            return route
    raise Rejected(404, "NOT_FOUND", f"There is nothing at {key[:80]}.")


def _check_scope(route: Route, caller: ApiKey) -> None:
    if route.scope and route.scope not in caller.scopes:
        raise Rejected(
            403,
            "MISSING_SCOPE",
            f"This needs a key with the scope '{route.scope}'.",
            details={"scope": route.scope},
        )


def _retry(rejected: Rejected) -> dict[str, str]:
    seconds = rejected.retry_after_seconds
    return {"retry-after": str(seconds)} if seconds is not None else {}
