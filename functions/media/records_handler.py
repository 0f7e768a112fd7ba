"""The record of what was uploaded: the one that the reader of uploads asks, which has no database.

It believes the reader as far as the one file that it has in hand: what it says about others, or
about one that nobody asked for, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec

from functions.media.records import RecordAsked, RecordTold
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.media_files import ENDINGS, MOST_SERVED_BYTES, ReadBack
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.media_files import (
    begin_reading,
    end_reading,
    forget_doomed,
    refuse_reading,
    sweep_media,
)
from waddlebot.stores.postgres import Connection

MOST_WORDS = 200


def handler(aws_event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """`aws_event` is a RecordAsked, what comes back a RecordTold, as records.py has them:
    `{"kind", "size"}`. Raises Unavailable.
    """
    room_log("media-records", context)
    asked = msgspec.convert(aws_event, RecordAsked)
    with resources().postgres.writer() as connection:
        told = DEEDS[asked.asks](connection, asked, datetime.now(UTC))
    answer: dict[str, Any] = msgspec.to_builtins(told)
    return answer


def _begin(connection: Connection, asked: RecordAsked, now: datetime) -> RecordTold:
    file = begin_reading(connection, CommunityId(asked.community), asked.id, now)
    return RecordTold(kind=file.kind.value, size=file.size) if file else RecordTold()


def _end(connection: Connection, asked: RecordAsked, now: datetime) -> RecordTold:
    found = asked.found
    if found is None or not _can_be(found):
        return RecordTold()
    keeps = end_reading(connection, CommunityId(asked.community), asked.id, found, now)
    return RecordTold(keeps=keeps)


def _can_be(found: ReadBack) -> bool:
    return found.ending in ENDINGS and 0 < found.size <= MOST_SERVED_BYTES


def _refuse(connection: Connection, asked: RecordAsked, now: datetime) -> RecordTold:
    refuse_reading(connection, CommunityId(asked.community), asked.id, asked.why[:MOST_WORDS], now)
    return RecordTold()


def _sweep(connection: Connection, _: RecordAsked, now: datetime) -> RecordTold:
    return RecordTold(keys=list(sweep_media(connection, now)))


def _gone(connection: Connection, asked: RecordAsked, _: datetime) -> RecordTold:
    forget_doomed(connection, asked.keys)
    return RecordTold()


DEEDS: Mapping[str, Callable[[Connection, RecordAsked, datetime], RecordTold]] = {
    "begin": _begin,
    "end": _end,
    "refuse": _refuse,
    "sweep": _sweep,
    "gone": _gone,
}


@cache
def resources() -> Resources:
    return Resources(Environment.of_process())
