"""Rows of a server as it was then, brought back into the one that runs (docs/decisions/0120).

Both have tables of this house, perhaps of two releases: what only one of them has is left out.
Whoever calls is the owner of all tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import TopologicalSorter
from typing import Any

import psycopg
from psycopg import sql

from waddlebot.domain.errors import Because, Refusal
from waddlebot.stores.day_partitions import DAYS_KEPT, make_day
from waddlebot.stores.migrator import take_turn
from waddlebot.stores.postgres import Connection, Cursor

NOT_THEN = frozenset({"migrations", "commands", "table_versions", "overlay_sockets"})
"""What each deploy writes by itself, and sockets that are open now."""

AS_OF_ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


class DatabaseThen:
    """The other server, in a transaction of its own: as it is when this is made."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        connection.execute(AS_OF_ONE_MOMENT)

    def columns(self, table: str) -> frozenset[str]:
        """Empty where there is no such table."""
        return frozenset(_columns(self._connection, table))

    def numbers(self) -> dict[str, int]:
        """The last that was given, by sequence."""
        rows = self._connection.execute(_NUMBERS).fetchall()
        return {row["name"]: row["last"] or 0 for row in rows}

    def copy(self, table: str, columns: Sequence[str], into: psycopg.Copy) -> None:
        asked = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT")
        named = asked.format(_list(columns), sql.Identifier(table))
        with self._connection.cursor().copy(named) as rows:
            for block in rows:
                into.write(block)


def tables_with_rows(connection: Connection) -> list[str]:
    """Of the house and of its modules: what others point at comes before them."""
    rows = connection.execute(_TABLES).fetchall()
    parents = {row["name"]: set(row["parents"]) for row in rows}
    return [name for name in TopologicalSorter(parents).static_order() if name not in NOT_THEN]


def count_rows(connection: Connection) -> dict[str, int]:
    """By table."""
    counted = {}
    for table in tables_with_rows(connection):
        [row] = _run(connection, "SELECT count(*) AS rows FROM {}", sql.Identifier(table))
        counted[table] = int(row["rows"])
    return counted


def bring_back(
    here: Connection, then: DatabaseThen, tables: Sequence[str], *, changed: bool = False
) -> dict[str, int]:
    """What these tables had then and lack now, by table: how many rows came.

    With `changed` also rows that are here and are others than they were. Rows that are new stay.
    Raises Refusal: a table of no such name, or one whose rows do not go into this database; whoever
    has begun the transaction of `here` then undoes all of it.
    """
    take_turn(here)
    known = tables_with_rows(here)
    if strange := [name for name in tables if name not in known]:
        raise Refusal(f"No table is called {', '.join(strange)}. There are: {', '.join(known)}.")
    came = {
        name: _bring(here, then, name, changed=changed) for name in known if name in set(tables)
    }
    _number_on(here, then)
    return came


def _bring(here: Connection, then: DatabaseThen, table: str, *, changed: bool) -> int:
    of_then = then.columns(table)
    columns = [name for name in _columns(here, table) if name in of_then]
    if not columns:
        return 0
    listed, name = _list(columns), sql.Identifier(table)
    try:
        _run(
            here,
            "CREATE TEMP TABLE came_back ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA",
            *(listed, name),
        )
        with here.cursor().copy("COPY came_back FROM STDIN") as into:
            then.copy(table, columns, into)
        _make_days(here, table)
        how = _where_one_is(here, table, columns) if changed else sql.SQL("DO NOTHING")
        count = _run(
            here,
            "INSERT INTO {} AS now ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM came_back "
            "ON CONFLICT {}",
            *(name, listed, listed, how),
        ).rowcount
        _run(here, "DROP TABLE came_back")
    except (psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError) as error:
        raise _refusal(table, error) from error
    return count


def _make_days(here: Connection, table: str) -> None:
    if table in DAYS_KEPT:
        for row in _run(here, "SELECT DISTINCT occurred_on AS day FROM came_back").fetchall():
            make_day(here, table, row["day"])


def _where_one_is(here: Connection, table: str, columns: Sequence[str]) -> sql.Composable:
    """What becomes of a row whose key is here already."""
    own = here.execute(_OWN_COLUMNS, {"table": table}).fetchall()
    key = [row["name"] for row in own if row["is_key"]]
    rest = [row["name"] for row in own if row["may_change"] and row["name"] in columns]
    if not key or not rest:
        return sql.SQL("DO NOTHING")
    sets = sql.SQL(", ").join(
        sql.SQL("{} = EXCLUDED.{}").format(sql.Identifier(one), sql.Identifier(one)) for one in rest
    )
    now, old = (
        sql.SQL(", ").join(sql.Identifier(whose, one) for one in rest)
        for whose in ("now", "excluded")
    )
    return sql.SQL("({}) DO UPDATE SET {} WHERE ROW({}) IS DISTINCT FROM ROW({})").format(
        _list(key), sets, now, old
    )


def _number_on(here: Connection, then: DatabaseThen) -> None:
    """No number that was given then is given once more."""
    last = then.numbers()
    for row in here.execute(_NUMBERS).fetchall():
        if (given := last.get(row["name"], 0)) > (row["last"] or 0):
            here.execute("SELECT setval(%s::regclass, %s)", (row["name"], given))


def _columns(connection: Connection, table: str) -> list[str]:
    """None where there is no such table."""
    rows = connection.execute(_OWN_COLUMNS, {"table": table}).fetchall()
    return [row["name"] for row in rows]


def _refusal(table: str, error: psycopg.Error) -> Refusal:
    words = " ".join(str(error).split())
    hint = " Bring that table back too." if isinstance(error, _FOREIGN) else ""
    say = f"{table} was not brought back, and nothing was: {words}.{hint}"
    return Refusal(say, Because.STANDS)


def _list(names: Sequence[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _run(connection: Connection, statement: str, *parts: Any) -> Cursor:
    return connection.execute(sql.SQL(statement).format(*parts))


_FOREIGN = psycopg.errors.ForeignKeyViolation

_TABLES = """
    SELECT relname::text AS name, ARRAY(
        SELECT parent.relname::text FROM pg_constraint
        JOIN pg_class AS parent ON parent.oid = confrelid
        WHERE contype = 'f' AND conrelid = own.oid AND confrelid <> conrelid
    ) AS parents
    FROM pg_class AS own
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    ORDER BY relname
"""

_OWN_COLUMNS = """
    SELECT attname::text AS name,
        coalesce(attnum = ANY(indkey), false) AS is_key,
        attidentity = '' AND NOT coalesce(attnum = ANY(indkey), false) AS may_change
    FROM pg_attribute
    LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary
    WHERE attrelid = to_regclass('public.' || quote_ident(%(table)s))
        AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    ORDER BY attnum
"""

_NUMBERS = """
    SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename) AS name, last_value AS last
    FROM pg_sequences WHERE schemaname = 'public'
"""
