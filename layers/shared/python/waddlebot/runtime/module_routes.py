"""The web addresses of a module of the house: a request of API Gateway in, its answer out.

They stand beside our own pages, so a module reads no cookie and sets none, and what it says is
never markup of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, TypeVar

from waddlebot.domain import sayings
from waddlebot.domain.errors import Rejected
from waddlebot.outside.errors import OutsideFailed
from waddlebot.runtime import looks
from waddlebot.runtime.logs import Logger
from waddlebot.runtime.methods import as_asked, nothing_at
from waddlebot.runtime.serve_http import check_address, failed, read_bytes
from waddlebot.runtime.strangers import source_of
from waddlebot.runtime.time_limits import TookTooLong, no_longer_than
from waddlebot.runtime.visitors import Visitors
from waddlebot_sdk.module import Module
from waddlebot_sdk.web import WebAnswer, WebRequest, WebRoute

MOST_ANSWER_BYTES = 1024 * 1024
MOST_SECONDS = 29.0
"""A gateway waits for half a minute, and what it says then has no sentence."""

Tools = TypeVar("Tools")
Wire = dict[str, Any]

_OF_THE_HOUSE = frozenset({"cookie", "authorization", "proxy-authorization", "x-api-key"})
_TYPES = re.compile(
    r"(?:text/(?:plain|calendar|csv)|application/(?:(?:feed\+)?json|(?:(?:atom|rss)\+)?xml))"
    r"(?:; charset=utf-8)?"
)
_LOCATION = re.compile(r"(?:https://|/(?![/\\]))[^\s\x00-\x1f\x7f]*")
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class NotAnAnswer(Exception):
    """The sentence is for the module's developer."""


def serve_route(
    module: Module[Tools],
    tools: AbstractContextManager[Tools],
    aws_event: Mapping[str, Any],
    context: Any,
    *,
    web: str,
    visitors: Visitors,
    log: Logger,
) -> Wire:
    """What the module answers, once what it did with its tools is committed.

    Who comes too often costs one round trip. What goes wrong is a sentence: as a page where a
    browser asks, else as our other errors.
    """
    aws_event = as_asked(aws_event)
    try:
        asked = _find(module, str(aws_event.get("routeKey", "")))
        visitors.charge(source_of(aws_event), asked.key(module.name), asked.per_minute)
        seconds = min(module.timeout_seconds, MOST_SECONDS)
        request = replace(_read(aws_event, asked, timedelta(seconds=seconds)), web=web)
        with visitors.one_of_few(module.name, module.timeout_seconds), tools as given:
            wire = _answered(asked, request, given, seconds)
    except OutsideFailed as error:
        away = Rejected(502, "SERVICE_FAILED", sayings.service_fails(error.what, error.how))
        wire = _failed(away, aws_event, context, log)
    except TookTooLong as error:
        wire = _failed(_late(error), aws_event, context, log)
    except Exception as error:  # noqa: BLE001 - every failure has its sentence
        wire = _failed(error, aws_event, context, log)
    log.info("address answered", action=aws_event.get("routeKey"), result=wire["statusCode"])
    return wire


def _find(module: Module[Tools], key: str) -> WebRoute[Tools]:
    for one in module.routes:
        if one.key(module.name) == key:
            return one
    raise nothing_at(key, [one.key(module.name) for one in module.routes])


def _late(error: TookTooLong) -> Rejected:
    say = (
        f"That took longer than {error.seconds:g} s and was given up: nothing was kept. Try again."
    )
    return Rejected(504, "TOOK_TOO_LONG", say)


def _answered(asked: WebRoute[Tools], request: WebRequest, given: Tools, seconds: float) -> Wire:
    """Raises TookTooLong, NotAnAnswer, and what the module raises."""
    with no_longer_than(seconds):
        answer = asked.body(request, given)
    return _to_wire(answer)


def _read(aws_event: Mapping[str, Any], asked: WebRoute[Any], time: timedelta) -> WebRequest:
    """Raises Rejected: 400, 413."""
    check_address(aws_event)
    headers = aws_event.get("headers") or {}
    return WebRequest(
        method=asked.method,
        path=aws_event.get("pathParameters") or {},
        query=aws_event.get("queryStringParameters") or {},
        headers={
            name.lower(): value
            for name, value in headers.items()
            if name.lower() not in _OF_THE_HOUSE
        },
        body=read_bytes(aws_event, most_bytes=asked.most_bytes),
        deadline=datetime.now(UTC) + time,
    )


def _to_wire(answer: WebAnswer) -> Wire:
    """Raises NotAnAnswer."""
    if not 200 <= answer.status <= 599:
        raise NotAnAnswer(f"the status {answer.status} is none of 200 to 599")
    if len(answer.text.encode(errors="replace")) > MOST_ANSWER_BYTES:
        raise NotAnAnswer(f"the text is longer than {MOST_ANSWER_BYTES // 1024} kB")
    if answer.location:
        return _leading_on(answer)
    if answer.title:
        return _page(answer.status, answer.title, answer.text)
    if not _TYPES.fullmatch(answer.content_type):
        raise NotAnAnswer(f"nobody is answered {answer.content_type[:80]!r}; a page has a title")
    return _wire(answer.status, {**_HEADERS, "content-type": answer.content_type}, answer.text)


def _leading_on(answer: WebAnswer) -> Wire:
    if not _LOCATION.fullmatch(answer.location):
        raise NotAnAnswer("location leads to https://… or to an address of the house")
    return _wire(303, {**_HEADERS, "location": answer.location}, "")


def _page(status: int, title: str, text: str) -> Wire:
    page = looks.page(title, f"<p>{escape(text)}</p>")
    return _wire(status, dict(looks.whole_page_headers()), page)


def _failed(error: Exception, aws_event: Mapping[str, Any], context: Any, log: Logger) -> Wire:
    status, body, headers = failed(error, str(context.aws_request_id), log)
    method = str(aws_event.get("routeKey", "")).partition(" ")[0]
    if looks.wants_page(method, str((aws_event.get("headers") or {}).get("accept", ""))):
        page = _page(status, "That did not work", str(body["error"]["message"]))
        return {**page, "headers": {**page["headers"], **headers}}
    said = {**_HEADERS, "content-type": "application/json", **headers}
    return _wire(status, said, json.dumps(body, ensure_ascii=False))


def _wire(status: int, headers: Mapping[str, str], body: str) -> Wire:
    return {"statusCode": status, "headers": dict(headers), "body": body}
