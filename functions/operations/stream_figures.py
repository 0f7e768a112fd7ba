"""How full the streams are: what waits, who reads, what was given up, how much memory is left."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import redis

from waddlebot.domain.errors import Unavailable
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.streams import ROUTER_GROUP, SENDERS_GROUP
from waddlebot.stores.valkey import STREAMS, answering

Wire = dict[str, Any]

_TIME = "return redis.call('TIME')"
"""As a script it goes to whoever keeps a key, and so along with the others."""


def read_streams(client: redis.Redis, partitions: Partitions) -> Wire:
    """`{"partitions": [{…}], "memory": {"used_bytes", "most_bytes" or None}}`, in one round trip.

    Of each partition: its number, whether it is `full`, `dead_letters`, `replies_in_doubt`,
    `late_records` (batches that wait for the database), and of `events` and `replies`: `waiting`
    (nobody has read them), `pending` (read, not finished), `oldest_seconds` (None where nothing
    is there) and `consumers`, each `{"name", "pending", "idle_seconds"}`. Raises Unavailable.
    """
    pipeline = client.pipeline(transaction=False)
    [first, *_] = partitions
    pipeline.eval(_TIME, 1, first.full())
    pipeline.info("memory")
    for at in partitions:
        _ask(pipeline, at)
    with answering(STREAMS):
        # A stream without a group, or none at all, is an error to XPENDING, but not to us.
        time, memory, *found = pipeline.execute(raise_on_error=False)
        _raise_if_away([time, memory])
    answers = iter(found)
    seconds, microseconds = map(int, time)
    now = seconds + microseconds / 1_000_000
    return {
        "partitions": [_partition(at, answers, now) for at in partitions],
        "memory": {"used_bytes": memory["used_memory"], "most_bytes": memory["maxmemory"] or None},
    }


def _ask(pipeline: Any, at: Partition) -> None:
    for stream, group in (
        (at.events_stream(), ROUTER_GROUP),
        (at.replies_stream(), SENDERS_GROUP),
    ):
        pipeline.xlen(stream)
        pipeline.xpending(stream, group)
        pipeline.xinfo_consumers(stream, group)
        pipeline.xrange(stream, count=1)
    pipeline.xlen(at.dead_letters())
    pipeline.xlen(at.doubtful_replies())
    pipeline.xlen(at.late_records())
    pipeline.exists(at.full())


def _partition(at: Partition, answers: Iterator[Any], now: float) -> Wire:
    events = _stream(itertools.islice(answers, 4), now)
    replies = _stream(itertools.islice(answers, 4), now)
    dead_letters, doubtful, late, full = itertools.islice(answers, 4)
    return {
        "number": at.number,
        "full": bool(full),
        "events": events,
        "replies": replies,
        "dead_letters": dead_letters,
        "replies_in_doubt": doubtful,
        "late_records": late,
    }


def _stream(answers: Iterable[Any], now: float) -> Wire:
    length, pending, consumers, first = answers
    read = 0 if isinstance(pending, Exception) else pending["pending"]
    return {
        # Nothing stays on a stream once it is finished, so what is not pending waits.
        "waiting": max(length - read, 0),
        "pending": read,
        "oldest_seconds": _age(first[0][0], now) if first else None,
        "consumers": [] if isinstance(consumers, Exception) else list(map(_consumer, consumers)),
    }


def _consumer(found: Wire) -> Wire:
    return {
        "name": found["name"].decode(errors="replace"),
        "pending": found["pending"],
        "idle_seconds": found["idle"] / 1000,
    }


def _age(entry: bytes, now: float) -> float:
    return round(max(now - int(entry.partition(b"-")[0]) / 1000, 0.0), 3)


def _raise_if_away(answers: Iterable[Any]) -> None:
    """A pipeline that does not raise hands back a lost connection as an answer too."""
    for answer in answers:
        if isinstance(answer, Exception):
            raise Unavailable(STREAMS) from answer
