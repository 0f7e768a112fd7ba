"""A batch of the API, entry by entry: what cannot be read of one is that one's own error."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import msgspec

from waddlebot.domain.errors import Rejected
from waddlebot.runtime.serve_http import check_depth, read_value

MOST_EVENTS = 100

_MARK = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]++|[\]}]++|,', re.DOTALL)
_NAME = b'"events"'
_IN_LIST = 2
"""How deep the commas between entries stand."""
_MOST_MARKS = 500_000
"""A second's work. Whoever sends more of them, and what nobody can read, is refused whole."""


def read_batch(raw: bytes) -> list[Any]:
    """The JSON value of each entry of `{"events": […]}`, or the Rejected that answers it.

    Raises:
        Rejected: 400, it is no such object or holds too many.
    """
    try:
        check_depth(raw)
        body = msgspec.json.decode(raw)
        entries = body.get("events") if isinstance(body, dict) else None
    except (Rejected, msgspec.DecodeError, UnicodeError, RecursionError):
        entries = _one_by_one(raw)
    if not isinstance(entries, list):
        raise Rejected(
            400,
            "MISSING_FIELD",
            "The field 'events' is missing: a list of events.",
            details={"field": "events"},
        )
    if not 1 <= len(entries) <= MOST_EVENTS:
        raise Rejected(
            400,
            "INVALID_FIELD",
            f"'events' must hold 1 to {MOST_EVENTS} events, not {len(entries)}.",
            details={"field": "events"},
        )
    return entries


def _one_by_one(raw: bytes) -> list[Any]:
    """One entry that no reader takes (a lone surrogate, a number beyond all, a thousand brackets)
    must not hide the others."""
    entries = [_value(one) for one in _split(raw)]
    if not any(isinstance(one, Rejected) for one in entries):
        read_value(raw)  # which says what else is wrong with it
    return entries


def _value(raw: bytes) -> Any:
    try:
        return read_value(raw)
    except Rejected as rejected:
        return rejected


def _split(raw: bytes) -> list[bytes]:
    """The entries of the list, by brackets and commas alone; none where no such list ends."""
    entries: list[bytes] = []
    depth, start, is_named = 0, -1, False
    for mark in islice(_MARK.finditer(raw), _MOST_MARKS):
        signs, at = mark.group(), mark.start()
        if signs[0] in b"[{":
            if depth == 1 and is_named and signs[:1] == b"[":
                start = at + 1
            depth += len(signs)
        elif signs == b"," and depth == _IN_LIST and start >= 0:
            entries.append(raw[start:at])
            start = at + 1
        elif signs[0] in b"]}":
            if start >= 0 and len(signs) > depth - _IN_LIST:
                return [*entries, raw[start : at + depth - _IN_LIST]]
            depth -= len(signs)
        is_named = depth == 1 and signs == _NAME
    return []
