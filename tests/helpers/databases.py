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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
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
# What sessions that have ended wrote, whether they committed it or not, and what this one writes.
WRITTEN = """
SELECT
    (SELECT sum(
        pg_stat_get_tuples_inserted(one) + pg_stat_get_xact_tuples_inserted(one)
        + pg_stat_get_tuples_updated(one) + pg_stat_get_xact_tuples_updated(one)
        + pg_stat_get_tuples_deleted(one) + pg_stat_get_xact_tuples_deleted(one)
    )::bigint FROM unnest(%s::regclass[]) AS one),
    ARRAY(
        SELECT pg_stat_get_tuples_inserted(one) + pg_stat_get_xact_tuples_inserted(one)
        FROM unnest(%s::oid[]) AS one
    )
"""
CATALOGS = [
    *("pg_class", "pg_attribute", "pg_constraint", "pg_trigger", "pg_proc", "pg_type"),
    *("pg_namespace", "pg_extension", "pg_rewrite", "pg_largeobject_metadata"),
    "pg_db_role_setting",
]
"""Those that SHAPE reads: where nothing was written to them, it is as it was."""
TABLES = """
SELECT oid::regclass::text, oid, pg_relation_size(oid) > 0
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
    numbers: dict[str, int]
    """What the catalogs call each table, in a copy too."""
    guarded: set[str]
    """Those with a trigger that has a say in what is taken away."""
    sequences: dict[str, tuple[int, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a database has counted since it was made: rows written to the catalogs, and those that
    came into each table. A server that crashed counts anew, but has ended our sessions too.
    """

    catalogs: int = 0
    tables: dict[str, int] = field(default_factory=dict)


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
        self._written = Written()
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
                self._written = _wash(connection, self._fresh, self._written)
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
    seeded = [table for table, _, has_rows in tables if has_rows]
    names = [name for (name,) in _rows(connection, SEQUENCES)]
    return Fresh(
        shape=_rows(connection, SHAPE),
        seeds=_texts(connection, seeded),
        columns={table: _rows(connection, COLUMNS, table) for table in seeded},
        guarded={table for (table,) in _rows(connection, GUARDED)},
        children_first=_children_first(
            [table for table, _, _ in tables], _rows(connection, REFERENCES)
        ),
        numbers={table: number for table, number, _ in tables},
        sequences=_sequences(connection, names),
    )


def _wash(connection: psycopg.Connection, fresh: Fresh, before: Written) -> Written:
    """Raises NotClean if it does not become as it was."""
    now = _written(connection, fresh)
    if now.catalogs != before.catalogs and _rows(connection, SHAPE) != fresh.shape:
        raise NotClean
    used = {table for table, rows in now.tables.items() if rows != before.tables.get(table, 0)}
    there = _texts(connection, fresh.seeds)
    changed = {table for table, rows in fresh.seeds.items() if there[table] != rows}
    for table in reversed(fresh.children_first):
        if table in changed:
            _sow(connection, table, there[table], fresh)
    for table in fresh.children_first:
        if table in changed or (table in used and table not in fresh.seeds):
            _weed(connection, table, fresh)
    if _texts(connection, fresh.seeds) != fresh.seeds:
        raise NotClean
    _rewind(connection, fresh)
    return _written(connection, fresh)


def _written(connection: psycopg.Connection, fresh: Fresh) -> Written:
    [(catalogs, tables)] = _rows(connection, WRITTEN, CATALOGS, list(fresh.numbers.values()))
    return Written(catalogs=catalogs, tables=dict(zip(fresh.numbers, tables, strict=True)))


def _rewind(connection: psycopg.Connection, fresh: Fresh) -> None:
    now = _sequences(connection, fresh.sequences)
    for name, was in fresh.sequences.items():
        if now[name] != was:
            connection.execute("SELECT setval(%s::regclass, %s, %s)", (name, *was))


def _weed(connection: psycopg.Connection, table: str, fresh: Fresh) -> None:
    """Takes away all rows but the template's."""
    guards = sql.SQL("ALTER TABLE {} {} TRIGGER USER")
    if is_guarded := table in fresh.guarded:
        connection.execute(guards.format(_as_is(table), sql.SQL("DISABLE")))
    if rows := fresh.seeds.get(table):
        weeds = sql.SQL("DELETE FROM {} AS one WHERE one::text <> ALL (%s)")
        connection.execute(weeds.format(_as_is(table)), (rows,))
    else:
        connection.execute(sql.SQL("DELETE FROM {}").format(_as_is(table)))
    if is_guarded:
        connection.execute(guards.format(_as_is(table), sql.SQL("ENABLE")))


def _sow(connection: psycopg.Connection, table: str, there: list[str], fresh: Fresh) -> None:
    """Brings back the template's rows that were changed or deleted."""
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


def _texts(connection: psycopg.Connection, tables: Iterable[str]) -> dict[str, list[str]]:
    """All rows of these, in one statement: each costs more than what it reads."""
    one = sql.SQL("SELECT {}, one::text FROM {} AS one")
    asked = [one.format(sql.Literal(table), _as_is(table)) for table in tables]
    found: dict[str, list[str]] = {table: [] for table in tables}
    for table, text in _all_of(connection, asked):
        found[table].append(text)
    return {table: sorted(texts) for table, texts in found.items()}


def _sequences(connection: psycopg.Connection, names: Iterable[str]) -> dict[str, tuple[int, bool]]:
    one = sql.SQL("SELECT {}, last_value, is_called FROM {}")
    asked = [one.format(sql.Literal(name), _as_is(name)) for name in names]
    return {name: (last, is_called) for name, last, is_called in _all_of(connection, asked)}


def _all_of(connection: psycopg.Connection, asked: list[sql.Composed]) -> Rows:
    return connection.execute(sql.SQL(" UNION ALL ").join(asked)).fetchall() if asked else []


def _rows(connection: psycopg.Connection, statement: LiteralString, *values: object) -> Rows:
    return connection.execute(statement, values or None).fetchall()


def _as_is(name: str) -> sql.SQL:
    return sql.SQL(name)  # type: ignore[arg-type]  # quoted by PostgreSQL itself
