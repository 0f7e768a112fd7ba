"""A database for each test, without making one for each.

Making one copies a thousand files, and dropping it waits for a checkpoint, on two servers. So a
database is used again: its sessions are ended, it gets another name (what an earlier test left
running finds nothing under the old one), and what was written is taken away. One whose shape was
changed, whose rows cannot be taken away or that served often enough is dropped; the next is a copy
of the template.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

Rows = list[tuple[Any, ...]]
TESTS_EACH = 40
"""What was deleted stays in its files until they are swept: nobody should find them full of it."""

SESSIONS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = %s AND backend_type = 'client backend'
"""

# A row that was written anew has another xmin, also if it says the same. What TRUNCATE, VACUUM and
# ANALYZE note about a table is no part of its shape.
SHAPE = """
SELECT
    (SELECT sum(hashtext(row(oid, relname, relkind, relnatts, relchecks, relacl::text,
        reloptions, relrowsecurity, relpartbound::text)::text)::bigint)
        FROM pg_class WHERE oid >= 16384),
    (SELECT sum(xmin::text::bigint) + count(*) FROM pg_attribute WHERE attrelid >= 16384),
    (SELECT sum(xmin::text::bigint) + count(*) FROM pg_constraint),
    (SELECT sum(hashtext(row(oid, tgname, tgenabled, tgfoid)::text)::bigint) FROM pg_trigger),
    (SELECT sum(xmin::text::bigint) + count(*) FROM pg_proc WHERE oid >= 16384),
    (SELECT sum(xmin::text::bigint) + count(*) FROM pg_type WHERE oid >= 16384),
    (SELECT sum(xmin::text::bigint) + count(*) FROM pg_namespace),
    (SELECT sum(xmin::text::bigint) + count(*) FROM pg_extension),
    (SELECT sum(xmin::text::bigint) + count(*) FROM pg_rewrite),
    (SELECT count(*) FROM pg_largeobject_metadata),
    (SELECT count(*) FROM pg_db_role_setting WHERE setdatabase =
        (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
TABLES = """
SELECT oid::regclass::text, pg_relation_size(oid) > 0
FROM pg_class WHERE relkind = 'r' AND oid >= 16384
"""
REFERENCES = """
SELECT conrelid::regclass::text, confrelid::regclass::text
FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid
"""
SEQUENCES = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S' AND oid >= 16384"
GUARDED = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0
"""
COLUMNS = """
SELECT attname, attnum = ANY (coalesce(
    (SELECT indkey::int2[] FROM pg_index WHERE indrelid = attrelid AND indisprimary), '{}'))
FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum
"""


class NotClean(Exception):
    """This one is for nobody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What a copy of the template looks like. Names of tables are as SQL writes them."""

    shape: Rows
    seeds: dict[str, list[str]]
    """The rows that it brings, by table."""
    columns: dict[str, Rows]
    """Of those tables: name, and whether it belongs to the primary key."""
    children_first: list[str]
    guarded: set[str]
    """Those with a trigger that has a say in what is taken away."""
    sequences: dict[str, tuple[int, bool]]


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

    def spare(self) -> Iterator[str]:
        """What lies ready for the next test."""
        if self._spare:
            yield self._spare

    def _make(self) -> str:
        name = _a_name()
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.writer.execute(create.format(sql.Identifier(name), sql.Identifier(self.template)))
        self.made += 1
        self._served = 0
        if self._fresh is None:
            with self._open(name) as connection:
                self._fresh = _look_at(connection)
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
                _wash(connection, self._fresh)
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


def _look_at(connection: psycopg.Connection) -> Fresh:
    tables = _rows(connection, TABLES)
    seeds = {table: _texts(connection, table) for table, has_rows in tables if has_rows}
    return Fresh(
        shape=_rows(connection, SHAPE),
        seeds=seeds,
        columns={table: _rows(connection, COLUMNS, table) for table in seeds},
        guarded={table for (table,) in _rows(connection, GUARDED)},
        children_first=_children_first(
            [table for table, _ in tables], _rows(connection, REFERENCES)
        ),
        sequences=_sequences(connection, [name for (name,) in _rows(connection, SEQUENCES)]),
    )


def _wash(connection: psycopg.Connection, fresh: Fresh) -> None:
    """Raises NotClean if it does not become as it was."""
    if _rows(connection, SHAPE) != fresh.shape:
        raise NotClean
    used = {table for table, has_rows in _rows(connection, TABLES) if has_rows}
    for table in reversed(fresh.children_first):
        if table in fresh.seeds:
            _sow(connection, table, fresh)
    for table in fresh.children_first:
        if table in used:
            _weed(connection, table, fresh)
    for table, rows in fresh.seeds.items():
        if _texts(connection, table) != rows:
            raise NotClean
    for name, was in fresh.sequences.items():
        if _sequences(connection, [name])[name] != was:
            connection.execute("SELECT setval(%s::regclass, %s, %s)", (name, *was))


def _weed(connection: psycopg.Connection, table: str, fresh: Fresh) -> None:
    """Takes away all rows but the template's."""
    guards = sql.SQL("ALTER TABLE {} {} TRIGGER USER")
    if is_guarded := table in fresh.guarded:
        connection.execute(guards.format(_as_is(table), sql.SQL("DISABLE")))
    weeds = sql.SQL("DELETE FROM {} AS one WHERE one::text <> ALL (%s)")
    connection.execute(weeds.format(_as_is(table)), (fresh.seeds.get(table, []),))
    if is_guarded:
        connection.execute(guards.format(_as_is(table), sql.SQL("ENABLE")))


def _sow(connection: psycopg.Connection, table: str, fresh: Fresh) -> None:
    """Brings back the template's rows that were changed or deleted."""
    there = set(_texts(connection, table))
    gone = [row for row in fresh.seeds[table] if row not in there]
    named = [(sql.Identifier(name), is_key) for name, is_key in fresh.columns[table]]
    rest = [sql.SQL("{0} = excluded.{0}").format(name) for name, is_key in named if not is_key]
    if gone and len(rest) in (0, len(named)):
        raise NotClean  # it has no key, or nothing else: nothing here is like that
    statement = sql.SQL(
        "INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {names}"
        " FROM (SELECT (%s::{table}).*) AS one ON CONFLICT ({key}) DO UPDATE SET {rest}"
    ).format(
        table=_as_is(table),
        names=sql.SQL(", ").join(name for name, _ in named),
        key=sql.SQL(", ").join(name for name, is_key in named if is_key),
        rest=sql.SQL(", ").join(rest),
    )
    for row in gone:
        connection.execute(statement, (row,))


def _children_first(tables: list[str], references: Rows) -> list[str]:
    """Each before the tables that it refers to."""
    parents: dict[str, set[str]] = {table: set() for table in tables}
    for child, parent in references:
        if child in parents and parent in parents:
            parents[child].add(parent)
    order: list[str] = []

    def visit(table: str, on_the_way: frozenset[str]) -> None:
        if table in order or table in on_the_way:
            return
        for parent in sorted(parents[table]):
            visit(parent, on_the_way | {table})
        order.append(table)

    for table in tables:
        visit(table, frozenset())
    return order[::-1]


def _texts(connection: psycopg.Connection, table: str) -> list[str]:
    ask = sql.SQL("SELECT one::text FROM {} AS one ORDER BY 1").format(_as_is(table))
    return [text for (text,) in connection.execute(ask).fetchall()]


def _sequences(connection: psycopg.Connection, names: list[str]) -> dict[str, tuple[int, bool]]:
    ask = sql.SQL("SELECT last_value, is_called FROM {}")
    return {name: connection.execute(ask.format(_as_is(name))).fetchall()[0] for name in names}


def _rows(connection: psycopg.Connection, statement: LiteralString, *values: object) -> Rows:
    return connection.execute(statement, values or None).fetchall()


def _as_is(name: str) -> sql.SQL:
    return sql.SQL(name)  # type: ignore[arg-type]  # quoted by PostgreSQL itself
