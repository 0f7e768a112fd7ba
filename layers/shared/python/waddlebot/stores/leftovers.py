"""Rows that have served their time."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from waddlebot.stores.postgres import Connection

STATEMENTS: dict[LiteralString, LiteralString] = {
    # Longer than any redelivery: an execution id comes back within the life of its receipt.
    "module_effects": "DELETE FROM module_effects WHERE at < %(now)s - interval '2 days'",
    "due": "DELETE FROM due WHERE fired_at < %(now)s - interval '7 days'",
    "overlay_pushes": "DELETE FROM overlay_pushes WHERE expires_at < %(now)s - interval '1 hour'",
}


def sweep_leftovers(connection: Connection, now: datetime) -> dict[str, int]:
    """Deletes them, and says how many of each table."""
    return {
        table: connection.execute(statement, {"now": now}).rowcount
        for table, statement in STATEMENTS.items()
    }
