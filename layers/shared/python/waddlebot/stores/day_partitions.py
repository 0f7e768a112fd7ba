"""Tables kept by day: days ahead are made, old days are dropped whole."""

from __future__ import annotations

from datetime import date, timedelta
from typing import LiteralString

from psycopg import sql

from waddlebot.domain.sessions import USUAL_KEEP_DAYS
from waddlebot.stores.postgres import Connection

DAYS_AHEAD = 14
DAYS_KEPT: dict[LiteralString, LiteralString] = {
    # As long as any community keeps its lines; those of the others go row by row (leftovers.py).
    "messages": """
        SELECT greatest(%(usual)s, max((settings #>> '{waddlebot,keep_days}')::int)) AS days
        FROM communities
    """,
    "happenings": "SELECT %(usual)s::int AS days",
    "command_executions": "SELECT 30 AS days",
    "reputation_events": "SELECT 30 AS days",
}


def sweep_partitions(connection: Connection, today: date) -> list[str]:
    """Makes what is missing from yesterday on, drops what is too old; names what it dropped."""
    # Whoever sweeps at the same time waits, and then finds nothing to do.
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('partitions'))")
    connection.execute("SET LOCAL lock_timeout = '3s'")
    dropped = []
    for table, days in DAYS_KEPT.items():
        days_kept = _days_kept(connection, days)
        for ahead in range(-1, DAYS_AHEAD + 1):
            make_day(connection, table, today + timedelta(days=ahead))
        for day in _days(connection, table):
            if day < today - timedelta(days=days_kept):
                connection.execute(
                    sql.SQL("DROP TABLE {}").format(sql.Identifier(_name(table, day)))
                )
                dropped.append(_name(table, day))
    return dropped


def _days_kept(connection: Connection, statement: LiteralString) -> int:
    [row] = connection.execute(statement, {"usual": USUAL_KEEP_DAYS}).fetchall()
    return int(row["days"])


def make_day(connection: Connection, table: str, day: date) -> None:
    """Where it is missing."""
    connection.execute(
        sql.SQL(
            "CREATE TABLE IF NOT EXISTS {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})"
        ).format(
            sql.Identifier(_name(table, day)),
            sql.Identifier(table),
            sql.Literal(day.isoformat()),
            sql.Literal((day + timedelta(days=1)).isoformat()),
        )
    )


def _days(connection: Connection, table: str) -> list[date]:
    rows = connection.execute(
        """
        SELECT partition.relname FROM pg_inherits
        JOIN pg_class AS partition ON partition.oid = inhrelid
        WHERE inhparent = %s::regclass ORDER BY partition.relname
        """,
        (table,),
    )
    return [date.fromisoformat(row["relname"].rpartition("_")[2]) for row in rows]


def _name(table: str, day: date) -> str:
    return f"{table}_{day:%Y%m%d}"
