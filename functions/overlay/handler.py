"""The ticker's page, its files, and what it shows next.

    GET /overlay/{token}/ticker              the page; `page.js` and `page.css` lie beside it
    GET /overlay/{token}/ticker/state?after  {"last": n, "pushes": [{"n", "text", …}]}

Nobody but the token's holder sees anything: a wrong one is 404, like a source that does not exist.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from waddlebot.domain.errors import Unavailable, WrongMethod
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.methods import as_asked, headers_of
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.overlays import NumberedPush, Overlays

SOURCES = frozenset({"ticker"})
FILES = {"page.js": "text/javascript; charset=utf-8", "page.css": "text/css; charset=utf-8"}
HTML = "text/html; charset=utf-8"
MOST_CHARACTERS = 200
SECONDS = 10
STYLES = frozenset({"info", "success", "warning", "urgent"})

SECURITY = {
    # Nothing but our own files, and no words of a chatter as anything but text.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        "require-trusted-types-for 'script'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",  # the address holds the token
}

Response = dict[str, Any]


def handler(aws_event: Mapping[str, Any], context: object) -> Response:
    """API Gateway's payload 2.0 in and out: 200, 404, or 503 while the database is away."""
    room_log("overlay", context)
    aws_event = as_asked(aws_event)
    key = str(aws_event.get("routeKey", ""))
    if not key.startswith("GET "):
        return _wrong_method()
    path = aws_event.get("pathParameters") or {}
    token, source = path.get("token", ""), path.get("source", "")
    if source in FILES:
        return _answer(200, _file(source), FILES[source], cache_control="max-age=300")
    if source not in SOURCES:
        return NOT_FOUND
    try:
        if key.endswith("/state"):
            return _state(token, source, _after(aws_event))
        return _page(token)
    except Unavailable:
        return _answer(503, json.dumps({"error": "UNAVAILABLE"}), "application/json")


def _page(token: str) -> Response:
    return _answer(200, _file("page.html"), HTML) if overlays().exists(token) else NOT_FOUND


def _state(token: str, source: str, after: int) -> Response:
    state = overlays().state(token, source, after=after, now=datetime.now(UTC))
    if state is None:
        return NOT_FOUND
    body = {"last": state.last, "pushes": [_shown(push) for push in state.pushes]}
    return _answer(200, json.dumps(body, ensure_ascii=False), "application/json")


def _after(aws_event: Mapping[str, Any]) -> int:
    """The number that the page has; a broken one is none."""
    text = (aws_event.get("queryStringParameters") or {}).get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _shown(push: NumberedPush) -> dict[str, Any]:
    """Text and how it is shown; whatever else a module sent stays here."""
    details = push.content.get("response_data") or {}
    style = details.get("style")
    return {
        "n": push.number,
        "text": str(push.content.get("ticker_text", ""))[:MOST_CHARACTERS],
        "seconds": push.content.get("ticker_duration", SECONDS),
        "style": style if style in STYLES else "info",
        "first": details.get("priority") in {"high", 1},
    }


def _answer(
    status: int, body: str, content_type: str, *, cache_control: str = "no-store"
) -> Response:
    return {
        "statusCode": status,
        "headers": {"content-type": content_type, "cache-control": cache_control, **SECURITY},
        "body": body,
    }


def _wrong_method() -> Response:
    """Said of every token alike: nobody learns whether there is such an overlay."""
    wrong = WrongMethod(["GET"])
    said = _answer(wrong.status, wrong.message, "text/plain; charset=utf-8")
    return {**said, "headers": {**said["headers"], **headers_of(wrong)}}


NOT_FOUND = _answer(404, "There is no such overlay.", "text/plain; charset=utf-8")


@cache
def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


@cache
def overlays() -> Overlays:
    return Overlays(Resources(Environment.of_process()).postgres)
