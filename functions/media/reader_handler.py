"""Reads back what was uploaded, writes it anew and has it put on record; and takes away what is to
go.

It is told of each object under `incoming/`, perhaps more than once, also at once: the record gives
each to read once, and whoever has it takes it away. What nobody asked for goes unread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec

from functions.media.records import RecordAsked, RecordTold
from functions.media.unreadable import Unreadable
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.media_files import (
    MediaKind,
    ReadBack,
    read_incoming_key,
    served_key,
)
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log

RECORDS = "media-records"
PATIENCE = timedelta(seconds=8)
AT_ONCE = 50
"""Keys of a sweep, some seconds of the minute that it has."""

Found = tuple[bytes, ReadBack]

log = logging.getLogger(__name__)


def handler(aws_event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """EventBridge's "Object Created" of S3, or an empty object from the clock.

    Answers `{"read": "ready" | "refused" | "nobody's"}` or `{"deleted": keys}`. Raises Unavailable.
    """
    room_log("media-reader", context)
    key = str(((aws_event.get("detail") or {}).get("object") or {}).get("key", ""))
    done = {"read": _read_back(key)} if key else {"deleted": _sweep()}
    log.info("media files looked after", extra=done)
    return done


def _read_back(key: str) -> str:
    named = read_incoming_key(key)
    told = _ask(RecordAsked(asks="begin", community=named[0], id=named[1])) if named else None
    if told is not None and told.is_read:
        return "nobody's"
    try:
        if named is None or told is None or not told.kind:
            return "nobody's"
        return _read(key, *named, told)
    finally:
        resources().media_bucket.delete(key)


def _read(key: str, community: CommunityId, file: str, told: RecordTold) -> str:
    try:
        content, found = _written_anew(key, told)
    except Unreadable as wrong:
        _ask(RecordAsked(asks="refuse", community=community, id=file, why=str(wrong)))
        return "refused"
    bucket, at = resources().media_bucket, served_key(community, file, found.ending)
    bucket.write(at, content)
    if _ask(RecordAsked(asks="end", community=community, id=file, found=found)).keeps:
        return "ready"
    bucket.delete(at)  # it was removed meanwhile, or there is no room for it
    return "nobody's"


def _written_anew(key: str, told: RecordTold) -> Found:
    """Raises Unreadable, Unavailable."""
    content = resources().media_bucket.read(key, most_bytes=told.size)
    if not content:
        raise Unreadable("Nothing was uploaded.")
    if len(content) > told.size:
        raise Unreadable("More was uploaded than was asked for.")
    return _reader(told.kind)(content)


def _reader(kind: str) -> Callable[[bytes], Found]:
    """Each has libraries of its own, which the other does not wait for."""
    if kind == MediaKind.IMAGE:
        from functions.media.pictures import read_picture

        return read_picture
    from functions.media.sounds import read_sound

    return read_sound


def _sweep() -> int:
    """How many keys went; what fails is tried at the next turn of the clock. What went is told as
    it goes: one that is killed, however often, comes to its end.
    """
    keys = _ask(RecordAsked(asks="sweep")).keys
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        for key in some:
            resources().media_bucket.delete(key)
        _ask(RecordAsked(asks="gone", keys=some))
    return len(keys)


def _ask(asked: RecordAsked) -> RecordTold:
    told = resources().invoke.call(
        RECORDS, msgspec.json.encode(asked), deadline=datetime.now(UTC) + PATIENCE
    )
    return msgspec.json.decode(told, type=RecordTold)


@cache
def resources() -> Resources:
    return Resources(Environment.of_process())
