"""The transactions of modules: none waits longer than its module declares.

That limit is a setting of the module's database user, which upkeep-migrate makes: said with each
call it would cost a statement, and bind a proxy's connection to whoever said it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from waddlebot.stores.postgres import Connection, Postgres, Statement

PERSONAL_DATA_SECONDS = 5.0
"""How long a module may take to tell or forget what it keeps about somebody: all of it, in one go,
where its commands look at a few rows."""


@contextmanager
def transaction(postgres: Postgres, statement_seconds: float | None = None) -> Iterator[Connection]:
    """As long as the module's user may, or as is said here. Raises Unavailable."""
    first = () if statement_seconds is None else (_to_limit(statement_seconds),)
    with postgres.opened(*first) as opened:
        yield opened.connection


def _to_limit(statement_seconds: float) -> Statement:
    return (
        "SELECT set_config('statement_timeout', %(statement)s, true)",
        {"statement": f"{int(statement_seconds * 1000)}ms"},
    )
