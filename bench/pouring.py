"""Events onto the stream of a running house, and what it took until they stand in its record."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import redis

from bench.house import House, HouseDown, cpu_by_part
from bench.progress import BenchProgress
from bench.replay import said_events
from bench.waiting import wait_for
from waddlebot.domain.events import Event
from waddlebot.stores.keys import Partitions
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import EventStream
from waddlebot.stores.valkey import connect

BATCH = 100
APPEND_SECONDS = 10.0
"""A server that is starved is slow here, no fault: what is measured stands in the record."""

_LINES = "SELECT count(*) AS found FROM messages WHERE event_id = ANY(%s)"
_CALLS = """
    SELECT count(*) FILTER (WHERE status IS DISTINCT FROM 'pending') AS settled,
        count(*) FILTER (WHERE status = 'success') AS answered
    FROM command_executions WHERE event_id = ANY(%s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poured:
    """`answered` are calls that ended well, where calls were waited for.

    `cpu` are the seconds that each part of the house has used, its servers among them.
    """

    lines: int
    answered: int
    seconds: float
    cpu: Mapping[str, float]


def through_stream(house: House, lines: int) -> float:
    """Appended to the stream as a connection of gateway_bot does: reader, router, record."""
    poured = pour(house, said_events(lines), BenchProgress(lambda _words: None))
    return poured.lines / poured.seconds


def pour(
    house: House, events: Sequence[Event], progress: BenchProgress, *, calls: bool = False
) -> Poured:
    """From the first that is appended until all stand in the record, with `calls` also what came
    of the call that each of them is.

    What the record does not have long after the last that came is not among them. On a machine
    that is starved calls may fail, which is quickly done: they are no answers.

    Raises HouseDown where nothing came.
    """
    streams = connect(house.addresses()["VALKEY_STREAMS_URL"], APPEND_SECONDS)
    try:
        with house.database() as database:
            return _pour(house, _Record(database, events, calls=calls), streams, progress)
    finally:
        streams.close()


@dataclass(frozen=True, slots=True)
class _Record:
    """What stands in it of these events."""

    database: Postgres
    events: Sequence[Event]
    calls: bool

    @property
    def wanted(self) -> int:
        return len(self.events) * (2 if self.calls else 1)

    def has_last(self) -> bool:
        """In a place they are recorded in order, and to ask for the last ones is cheap."""
        last = list({event.entity: event.id for event in self.events}.values())
        [row] = self.database.write(_LINES, [last])
        return bool(row["found"] == len(last))

    def count(self) -> int:
        return self.lines() + (self._of_calls()["settled"] if self.calls else 0)

    def lines(self) -> int:
        [row] = self.database.write(_LINES, [self._ids()])
        return int(row["found"])

    def answered(self) -> int:
        return self._of_calls()["answered"] if self.calls else 0

    def _of_calls(self) -> dict[str, int]:
        [row] = self.database.write(_CALLS, [self._ids()])
        return row

    def _ids(self) -> list[str]:
        return [event.id for event in self.events]


def _pour(house: House, record: _Record, streams: redis.Redis, progress: BenchProgress) -> Poured:
    before, began = cpu_by_part(house.processes()), time.monotonic()
    for at in range(0, len(record.events), BATCH):
        EventStream(streams, Partitions()).append(record.events[at : at + BATCH])
    wait_for(record.wanted, record.count, progress=progress, may_be_done=record.has_last)
    seconds, after = time.monotonic() - began, cpu_by_part(house.processes())
    lines = record.lines()
    if not lines:
        raise HouseDown(f"of {len(record.events)} lines none was recorded")
    return Poured(
        lines=lines,
        answered=record.answered(),
        seconds=seconds,
        cpu={part: used - before.get(part, 0.0) for part, used in after.items()},
    )
