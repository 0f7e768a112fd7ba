"""Rows of the record that could not be written: kept until the writer is back, or given up."""

from __future__ import annotations

from typing import Any

import redis

from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.record_rows import BAD_DATA, TABLES, Rows, write_rows
from waddlebot.stores.streams import VERSION
from waddlebot.stores.valkey import STREAMS, answering

MOST_AT_ONCE = 100


class LateRecords:
    """Every method raises Unavailable where the streams server does not answer."""

    def __init__(self, client: redis.Redis, partitions: Partitions) -> None:
        self._client = client
        self._partitions = partitions

    def keep(self, rows: Rows, entity: str) -> None:
        with answering(STREAMS):
            stream = self._partitions.of(entity).late_records()
            fields: dict[Any, Any] = {"v": VERSION, **rows}
            self._client.xadd(stream, fields)

    def give_up(self, rows: Rows, entity: str, reason: str) -> None:
        """A dead letter: trying again does not help."""
        with answering(STREAMS):
            _give_up(self._client, self._partitions.of(entity), rows, reason)

    def write(self, postgres: Postgres) -> int:
        """Writes what was kept; how many batches. What is written twice changes nothing.

        Raises:
            Unavailable: the rest stays where it is.
        """
        return sum(self._write_of(at, postgres) for at in self._partitions)

    def _write_of(self, at: Partition, postgres: Postgres) -> int:
        written = 0
        while entries := self._oldest(at):
            for number, fields in entries:
                # What an older release kept may lack a table.
                rows = {name: fields.get(name.encode(), b"[]").decode() for name in TABLES}
                try:
                    write_rows(postgres, rows)
                except BAD_DATA as error:
                    self._refuse(at, rows, type(error).__name__)
                with answering(STREAMS):
                    self._client.xdel(at.late_records(), number)
            written += len(entries)
        return written

    def _oldest(self, at: Partition) -> list[tuple[bytes, dict[bytes, bytes]]]:
        with answering(STREAMS):
            found: Any = self._client.xrange(at.late_records(), count=MOST_AT_ONCE)
            return list(found)

    def _refuse(self, at: Partition, rows: Rows, reason: str) -> None:
        with answering(STREAMS):
            _give_up(self._client, at, rows, reason)


def _give_up(client: redis.Redis, at: Partition, rows: Rows, reason: str) -> None:
    why = f"the record does not take it: {reason}"
    row = "{" + ",".join(f'"{name}":{table}' for name, table in rows.items()) + "}"
    client.xadd(at.dead_letters(), {"v": VERSION, "row": row, "reason": why})
