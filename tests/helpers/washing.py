"""How a database becomes as its template is, and how one that cannot is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
from psycopg import sql

Rows = list[tuple[Any, ...]]

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


def look_at(connection: psycopg.Connection) -> Fresh:
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


def wash(connection: psycopg.Connection, fresh: Fresh, before: Written) -> Written:
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
