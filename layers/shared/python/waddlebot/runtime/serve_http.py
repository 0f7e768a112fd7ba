"""The door of the rooms with an HTTP API: API Gateway's events in, JSON answers out.

Forty lines of our own instead of Powertools' resolver, whose import costs 70 ms of every cold
start (docs/decisions/0005) and whose errors are not worded as the spec words them.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from waddlebot.domain.errors import Because, Refusal, Rejected, Unavailable
from waddlebot.domain.nesting import TOO_DEEP, is_too_deep
from waddlebot.runtime.callers import Callers
from waddlebot.runtime.logs import Category, Logger, stack_of
from waddlebot.runtime.methods import as_asked, headers_of, nothing_at
from waddlebot.runtime.strangers import source_of
from waddlebot.stores.api_keys import ApiKey
from waddlebot.stores.record_rows import BAD_DATA
from waddlebot_sdk.own_words import in_usual_words

RETRY_SECONDS = 2

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]|%00", re.IGNORECASE)
_STATUSES = {Because.WRONG: 400, Because.MAY_NOT: 403, Because.UNKNOWN: 404, Because.STANDS: 409}
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


def read_value(raw: bytes) -> Any:
    """The JSON value that stands there, `null` as None. Raises Rejected: 400, it is no JSON."""
    check_depth(raw)
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Rejected(400, "INVALID_JSON", f"The body is not JSON: {error}") from error


def check_depth(raw: bytes) -> None:
    """Raises Rejected: 400, nobody reads so deep."""
    if is_too_deep(raw):
        raise Rejected(400, "INVALID_JSON", TOO_DEEP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`key` as API Gateway writes it: "POST /api/router/process".

    `read` makes the request's body of its bytes; `counts` says for how many requests it stands.
    """

    key: str
    answer: Answer
    scope: str = ""
    most_bytes: int = 256 * 1024
    read: Callable[[bytes], Any] = read_value
    counts: Callable[[Any], int] = lambda _body: 1


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
    aws_event = as_asked(aws_event)
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
        caller = callers.identify(aws_event.get("headers") or {}, source_of(aws_event))
        headers = callers.charge(caller)
        _check_scope(route, caller)
        check_address(aws_event)
        body = route.read(read_bytes(aws_event, most_bytes=route.most_bytes))
        counts = route.counts(body)
        if counts > 1:
            headers = callers.charge(caller, counts, paid=1)
        request = Request(
            id=context.aws_request_id,
            body=body,
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
    """Status, body and headers of what could not be answered, which is logged.

    `(status, body, headers)`; the body is as of `error_of`.
    """
    if isinstance(error, Refusal):
        error = _rejected(error)
    if isinstance(error, Rejected):
        category = _CATEGORIES.get(error.status, Category.SYSTEM)
        log.info("request rejected", category=category, code=error.code)
        return error.status, error_of(error), headers_of(error)
    if isinstance(error, Unavailable):
        log.warning("request failed", category=Category.ERROR, error=str(error))
        away = Rejected(
            503,
            "UNAVAILABLE",
            f"{str(error).capitalize()}. Try again in a moment.",
            retry_after_seconds=RETRY_SECONDS,
        )
        return away.status, error_of(away), headers_of(away)
    if isinstance(error, BAD_DATA):
        log.error("request held what cannot be kept", **stack_of(error))
        unkept = Rejected(
            400, "INVALID_VALUE", "A number or sign in this request is none that can be kept."
        )
        return unkept.status, error_of(unkept), {}
    reference = request_id[:8]
    log.error("request crashed", reference=reference, **stack_of(error))
    crash = Rejected(
        500,
        "INTERNAL_ERROR",
        f"Something went wrong on our side. (ref {reference})",
        details={"reference": reference},
    )
    return crash.status, error_of(crash), {}


def _rejected(refusal: Refusal) -> Rejected:
    """A decision that was refused, as programs read it."""
    details = {"field": refusal.field} if refusal.field else {}
    return Rejected(_STATUSES[refusal.because], refusal.code, refusal.say, details=details)


def read_text(aws_event: Mapping[str, Any], *, most_bytes: int) -> str:
    """Raises Rejected: 413 where the body is too long, 400 where it is no text."""
    try:
        return read_bytes(aws_event, most_bytes=most_bytes).decode()
    except UnicodeError as error:
        raise Rejected(400, "INVALID_TEXT", "The body is no text.") from error


def read_bytes(aws_event: Mapping[str, Any], *, most_bytes: int) -> bytes:
    """What is too long is not even unpacked.

    Raises:
        Rejected: 413, or 400 where it cannot be unpacked.
    """
    body = str(aws_event.get("body") or "")
    is_packed = bool(aws_event.get("isBase64Encoded"))
    if len(body) > (most_bytes * 4 // 3 + 4 if is_packed else most_bytes):
        raise _too_long(most_bytes)
    try:
        raw = base64.b64decode(body, validate=True) if is_packed else body.encode()
    except (UnicodeError, binascii.Error) as error:
        raise Rejected(400, "INVALID_TEXT", "The body is no text.") from error
    if len(raw) > most_bytes:
        raise _too_long(most_bytes)
    return raw


def _too_long(most_bytes: int) -> Rejected:
    return Rejected(413, "BODY_TOO_LARGE", f"The body is longer than {most_bytes // 1024} KiB.")


def check_address(aws_event: Mapping[str, Any]) -> None:
    """What stands in path and query is looked for in the database, which knows no such signs.

    Raises:
        Rejected: 400.
    """
    written = (
        str(aws_event.get("rawPath", "")),
        str(aws_event.get("rawQueryString", "")),
        *(str(one) for one in (aws_event.get("pathParameters") or {}).values()),
        *(str(one) for one in (aws_event.get("queryStringParameters") or {}).values()),
    )
    if any(_UNSTORABLE.search(one) for one in written):
        raise Rejected(
            400, "INVALID_ADDRESS", "The address holds a sign that is no text, such as %00."
        )


def error_of(rejected: Rejected) -> dict[str, Any]:
    """`{"success": false, "error": {"code", "message", "details"}}`."""
    return {
        "success": False,
        "error": {
            "code": rejected.code,
            "message": in_usual_words(rejected.message),
            "details": rejected.details,
        },
    }


def _find(routes: Sequence[Route], key: str) -> Route:
    for route in routes:
        if route.key == key:
            return route
    raise nothing_at(key, [route.key for route in routes])


def _check_scope(route: Route, caller: ApiKey) -> None:
    if route.scope and route.scope not in caller.scopes:
        raise Rejected(
            403,
            "MISSING_SCOPE",
            f"This needs a key with the scope '{route.scope}'.",
            details={"scope": route.scope},
        )
