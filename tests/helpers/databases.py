"""A database for each test, without making one for each.

Making one copies a thousand files, and dropping it waits for a checkpoint, on two servers. So a
database is used again: its sessions are ended, it gets another name (what an earlier test left
running finds nothing under the old one), and what was written is taken away. One whose shape was
changed, whose rows cannot be taken away or that served often enough is dropped; the next is a copy
of the template.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from tests.helpers.washing import Fresh, NotClean, Written, look_at, wash
from waddlebot.domain.database_users import OWNER

TESTS_EACH = 40
"""What was deleted stays in its files until they are swept: nobody should find them full of it."""

CATCH_UP_SECONDS = 60.0
LOOK_SECONDS = 0.005
REPLAYED = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"

SESSIONS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = %s AND backend_type = 'client backend'
"""


@dataclass(slots=True, kw_only=True)
class Databases:
    """Of one worker, on one writer and its replica."""

    writer: psycopg.Connection
    replica: psycopg.Connection
    template: str
    made: int = 0
    _fresh: Fresh | None = None
    _spare: str = ""
    _served: int = 0
    _written: Written = field(default_factory=Written)
    """By who had it before the test that has it now."""

    def take(self) -> str:
        """The name of one that is as the template is."""
        name, self._spare = self._spare or self._make(), ""
        self._served += 1
        return name

    def give_back(self, name: str) -> None:
        """Ends what still talks to it; by this name it is gone."""
        try:
            self._spare = self._washed(name)
        except (psycopg.Error, NotClean):
            self.drop(name)

    def catch_up(self) -> None:
        """Returns when the replica has replayed what the writer has committed.

        A query there may hold it up for half a minute before PostgreSQL ends it.
        """
        [position] = self.writer.execute("SELECT pg_current_wal_lsn()").fetchone() or [None]
        end = time.monotonic() + CATCH_UP_SECONDS
        while time.monotonic() < end:
            if self.replica.execute(REPLAYED, (position,)).fetchone() == (True,):
                return
            time.sleep(LOOK_SECONDS)
        raise AssertionError("the replica does not catch up")

    def spare(self) -> Iterator[str]:
        """What lies ready for the next test."""
        if self._spare:
            yield self._spare

    def _make(self) -> str:
        name = _a_name()
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.writer.execute(create.format(sql.Identifier(name), sql.Identifier(self.template)))
        # A copy has all rights but those on the database itself.
        grant = sql.SQL("GRANT CREATE ON DATABASE {} TO {}")
        self.writer.execute(grant.format(sql.Identifier(name), sql.Identifier(OWNER)))
        self.made += 1
        self._served = 0
        self._written = Written()
        if self._fresh is None:
            with self._open(name) as connection:
                self._fresh = look_at(connection)
        return name

    def _washed(self, name: str) -> str:
        if self._served >= TESTS_EACH or self._fresh is None:
            raise NotClean
        new = _a_name()
        for server in (self.replica, self.writer):
            server.execute(SESSIONS, (name,))
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        self.writer.execute(rename.format(sql.Identifier(name), sql.Identifier(new)))
        try:
            with self._open(new) as connection:
                self._written = wash(connection, self._fresh, self._written)
        except (psycopg.Error, NotClean):
            self.drop(new)
            return ""
        return new

    def _open(self, name: str) -> psycopg.Connection:
        """In one transaction."""
        known = self.writer.info
        return psycopg.connect(known.dsn, dbname=name, password=known.password)

    def drop(self, name: str) -> None:
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        self.writer.execute(drop.format(sql.Identifier(name)))


@contextlib.contextmanager
def databases_of(writer: str, replica: str, template: str) -> Iterator[Databases]:
    with (
        psycopg.connect(writer, autocommit=True) as one,
        psycopg.connect(replica, autocommit=True) as other,
    ):
        yield Databases(writer=one, replica=other, template=template)


def _a_name() -> str:
    return f"test_{uuid.uuid4().hex}"
