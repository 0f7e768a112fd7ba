"""The ticker's page, its files, and what it shows next.

    GET /{token}/ticker              the page; `page.js` and `page.css` lie below it
    GET /{token}/ticker/state?after  {"last": n, "pushes": [{"n", "text", …}]}
    GET /overlay/{token}/ticker…     the same, also with the token that a community had for all

Nobody but the token's holder sees anything: a wrong one is 404, like a source that does not exist.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Unavailable, WrongMethod
from waddlebot.domain.overlays import OverlaySource
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.methods import as_asked, headers_of
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.overlay_tokens import OverlayTokens
from waddlebot.stores.overlays import NumberedPush, Overlays

SOURCES = frozenset({OverlaySource.TICKER})
STATE = "state"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayAsked:
    """`file` is empty for the page itself."""

    token: str
    source: str
    file: str
    is_old: bool


def handler(aws_event: Mapping[str, Any], context: object) -> Response:
    """API Gateway's payload 2.0 in and out: 200, 404, or 503 while the database is away."""
    room_log("overlay", context)
    aws_event = as_asked(aws_event)
    key = str(aws_event.get("routeKey", ""))
    if not key.startswith("GET "):
        return _wrong_method()
    asked = _asked(key.partition(" ")[2], aws_event.get("pathParameters") or {})
    if asked.file in FILES:
        return _answer(200, _file(asked.file), FILES[asked.file], cache_control="max-age=300")
    if asked.source not in SOURCES or asked.file not in {"", STATE}:
        return NOT_FOUND
    try:
        community = _community(asked)
        if community is None:
            return NOT_FOUND
        if asked.file == STATE:
            return _state(community, asked.source, _after(aws_event))
        return _answer(200, _file("page.html"), HTML)
    except Unavailable:
        return _answer(503, json.dumps({"error": "UNAVAILABLE"}), "application/json")


def _asked(route: str, path: Mapping[str, str]) -> OverlayAsked:
    """A source is a plain segment of its own address, which could be anybody's otherwise."""
    is_old = route.startswith("/overlay/")
    source = path.get("source", "") if is_old else route.split("/")[2]
    if is_old and source in FILES:  # the page of old lay beside its files
        return OverlayAsked(token="", source="", file=source, is_old=True)
    file = path.get("file", "")
    return OverlayAsked(token=path.get("token", ""), source=source, file=file, is_old=is_old)


def _community(asked: OverlayAsked) -> CommunityId | None:
    """Raises Unavailable."""
    found = tokens().community_of(asked.token, OverlaySource(asked.source), datetime.now(UTC))
    return overlays().community_of(asked.token) if found is None and asked.is_old else found


def _state(community: CommunityId, source: str, after: int) -> Response:
    state = overlays().state(community, source, after=after, now=datetime.now(UTC))
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
def resources() -> Resources:
    return Resources(Environment.of_process())


def overlays() -> Overlays:
    return Overlays(resources().postgres)


def tokens() -> OverlayTokens:
    return OverlayTokens(resources().postgres)
