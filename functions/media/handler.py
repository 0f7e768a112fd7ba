"""Serves what the house has written anew: GET /files/{community}/{file}.

    GET /files/12/3f0c….webp    200 the picture, to be kept for a year; 404; 503

Whatever it may be taken for, no browser runs it: its type stands and is not guessed, opened alone
it is saved to a file, and a frame of it is of no origin. Pictures and sounds of pages show it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from typing import Any

from waddlebot.domain.errors import Unavailable, WrongMethod
from waddlebot.domain.media_files import (
    AS_A_FILE,
    CACHE_SECONDS,
    ENDINGS,
    MOST_SERVED_BYTES,
    TO_EVERYBODY,
    find_served_key,
)
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.media_bucket import MediaBucket
from waddlebot.runtime.methods import as_asked, headers_of
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log

Response = dict[str, Any]


def handler(aws_event: Mapping[str, Any], context: object) -> Response:
    """API Gateway's payload 2.0 in and out."""
    room_log("media", context)
    aws_event = as_asked(aws_event)
    if not str(aws_event.get("routeKey", "")).startswith("GET "):
        wrong = WrongMethod(["GET"])
        return _said(wrong.status, wrong.message, headers_of(wrong))
    path = aws_event.get("pathParameters") or {}
    key = find_served_key(path.get("community", ""), path.get("file", ""))
    if not key:
        return NOT_FOUND
    try:
        content = bucket().read(key, most_bytes=MOST_SERVED_BYTES)
    except Unavailable:
        return _said(503, "The files cannot be reached for now.")
    return NOT_FOUND if content is None else _file(key, content)


def _file(key: str, content: bytes) -> Response:
    kept = f"public, max-age={CACHE_SECONDS}, immutable"
    headers = {"content-type": ENDINGS[key.rpartition(".")[2]], "cache-control": kept}
    return {
        "statusCode": 200,
        "headers": {**headers, **AS_A_FILE, **TO_EVERYBODY},
        "body": base64.b64encode(content).decode(),
        "isBase64Encoded": True,
    }


def _said(status: int, words: str, more: Mapping[str, str] | None = None) -> Response:
    headers = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
    return {
        "statusCode": status,
        "headers": {**headers, **AS_A_FILE, **(more or {})},
        "body": words,
    }


NOT_FOUND = _said(404, "There is no such file.")


@cache
def bucket() -> MediaBucket:
    return Resources(Environment.of_process()).media_bucket
