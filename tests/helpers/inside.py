"""What lies on a house's servers, for tests that must know more than people see."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import redis

from tests.helpers.house import House
from waddlebot.stores.keys import Partitions

SETTLED_SECONDS = 120.0


def now_ms() -> int:
    """As servers number entries of streams."""
    return time.time_ns() // 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What lies on the house's servers."""

    house: House
    partitions: Partitions = Partitions()  # noqa: RUF009 - frozen
    since_ms: int = field(default_factory=now_ms)
    """What an earlier test of the same house gave up is not counted."""

    def port(self, server: str) -> int:
        ports = json.loads((self.house.home / "plane" / "ports.json").read_text())
        return int(ports[server])

    @contextlib.contextmanager
    def valkey(self, name: str) -> Iterator[redis.Redis]:
        password = self.house.keys[f"VALKEY_{name.upper()}_PASSWORD"]
        with redis.Redis(port=self.port(name), password=password, protocol=2) as client:
            yield client

    @contextlib.contextmanager
    def postgres(self, name: str = "postgres") -> Iterator[psycopg.Connection]:
        """The primary, or the replica by its name."""
        address = self.house.database_url.replace(
            f":{self.port('postgres')}/", f":{self.port(name)}/"
        )
        with psycopg.connect(address) as connection:
            yield connection

    def waiting(self) -> dict[str, int]:
        """By stream, where any is: events, replies and rows of the record on their way."""
        with self.valkey("streams") as client:
            lengths = {
                stream: int(client.xlen(stream))
                for at in self.partitions
                for stream in (at.events_stream(), at.replies_stream(), at.late_records())
            }
        return {stream: length for stream, length in lengths.items() if length}

    def dead_letters(self) -> list[bytes]:
        with self.valkey("streams") as client:
            letters: list[Any] = [
                letter
                for at in self.partitions
                for letter in client.xrange(at.dead_letters(), min=str(self.since_ms))
            ]
        return [fields[b"reason"] for _, fields in letters]

    def channels_in_doubt(self) -> set[str]:
        with self.valkey("streams") as client:
            letters: list[Any] = [
                letter for at in self.partitions for letter in client.xrange(at.doubtful_replies())
            ]
        places = [json.loads(fields[b"outgoing"])["entity"] for _, fields in letters]
        return {place.replace("/", ":").rsplit(":", 1)[-1] for place in places}

    def rows(self, statement: str) -> list[str]:
        with self.postgres() as connection:
            found = connection.execute(statement.encode()).fetchall()
        return [str(row[0]) for row in found]

    def verdicts_in(self, channel: str) -> list[str]:
        """What the record says of all that was typed there."""
        with self.postgres() as connection:
            found = connection.execute(
                "SELECT command, reason, status, error_message FROM command_executions "
                "WHERE entity_id LIKE %s",
                (f"%{channel}",),
            ).fetchall()
        return [str(row) for row in found]

    def settle(self) -> None:
        end = time.monotonic() + SETTLED_SECONDS
        while left := self.waiting():
            assert time.monotonic() < end, f"left over: {left}\n{self.last_words()}"
            time.sleep(0.5)

    def last_words(self) -> str:
        """What the house told its person, and what of the record is written late, at their end."""
        said = (self.house.home / "terminal", self.house.home / "logs" / "upkeep-late-records.log")
        return "\n".join(file.read_text()[-2000:] for file in said if file.exists())
