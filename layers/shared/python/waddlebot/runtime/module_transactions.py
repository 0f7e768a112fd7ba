"""The transactions of modules: none waits longer than its module declares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from waddlebot.stores.postgres import Connection, Postgres, Statement

PERSONAL_DATA_SECONDS = 5.0
"""How long a module may take to tell or forget what it keeps about somebody."""
IDLE_SECONDS = 5
"""How long a transaction may lie about when its function froze in the middle of it."""


@contextmanager
def transaction(postgres: Postgres, statement_seconds: float) -> Iterator[Connection]:
    """Raises Unavailable."""
    with postgres.opened(to_limit(statement_seconds)) as opened:
        yield opened.connection


def to_limit(statement_seconds: float) -> Statement:
    return (
        """
        SELECT set_config('statement_timeout', %(statement)s, true),
            set_config('idle_in_transaction_session_timeout', %(idle)s, true)
        """,
        {"statement": f"{int(statement_seconds * 1000)}ms", "idle": f"{IDLE_SECONDS}s"},
    )
