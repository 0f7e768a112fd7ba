"""Runs the numbered SQL files of the house and of its modules, each once, forward only."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from waddlebot.domain.database_users import OWNER
from waddlebot.domain.errors import Unavailable
from waddlebot.stores.postgres import DATABASE, Connection, Postgres

HOUSE = "house"
OWN = Path(__file__).parent / "migrations"
LOCK = 0x77616464  # "wadd": whoever migrates holds it
TURN_SECONDS = 0.2


class MigrationWrong(Exception):
    """The sentence is for whoever wrote it: which file, and what PostgreSQL says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """`module` is whose tables these are: a module's name, or the house's."""

    module: str
    path: Path

    @property
    def name(self) -> str:
        return self.path.stem


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Each try waits this long for a table's lock: longer would hold up all who queue behind.

    After `tries` of them it is given up.
    """

    tries: int = 5
    lock_timeout: str = "3s"
    wait_seconds: float = 1.0


def take_turn(connection: Connection) -> None:
    """Waits for whoever migrates, until this transaction's end nobody else does.

    Everybody who is let in may take such a lock: one who never migrates is not waited for.
    Raises Unavailable, which names him.
    """
    while not _has_turn(connection):
        if held := connection.execute(_HELD_BY_OTHERS, (LOCK, f"{OWNER}%")).fetchone():
            how = "holds the lock of migrations and makes none: as the master, SELECT"
            whose = f"{held['usename']} {how} pg_terminate_backend({held['pid']})"
            raise Unavailable(DATABASE, f"is not migrated: {whose}, then deploy again")
        time.sleep(TURN_SECONDS)


def _has_turn(connection: Connection) -> bool:
    [row] = connection.execute("SELECT pg_try_advisory_xact_lock(%s) AS has", (LOCK,)).fetchall()
    return bool(row["has"])


_HELD_BY_OTHERS = """
    SELECT usename, pid FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objid = %s AND classid = 0 AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND starts_with(usename::text, 'waddlebot_') AND usename::text NOT LIKE %s
"""


def find_migrations(modules: Mapping[str, Path]) -> list[Migration]:
    """The house's first, then those of modules by name; within one, by number."""
    folders = [(HOUSE, OWN), *sorted(modules.items())]
    return [
        Migration(module=module, path=path)
        for module, folder in folders
        for path in sorted(folder.glob("*.sql"))
    ]


def migrate(
    postgres: Postgres, migrations: Sequence[Migration], patience: Patience = Patience()
) -> list[str]:
    """Runs what is missing and names it, as `module/0001_name`.

    Two at once are harmless: one waits for the other and finds nothing to do.

    Raises:
        MigrationWrong: PostgreSQL cannot run one; those before it are kept.
        Unavailable: no connection, or a table stayed locked by others for all tries.
    """
    return [
        f"{migration.module}/{migration.name}"
        for migration in migrations
        if _patiently(postgres, migration, patience)
    ]


def _patiently(postgres: Postgres, migration: Migration, patience: Patience) -> bool:
    for wait in _waits(patience):
        try:
            return _run_if_missing(postgres, migration, patience)
        except Unavailable as error:
            if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable) or wait is None:
                raise
            time.sleep(wait)
    raise AssertionError


def _waits(patience: Patience) -> Iterator[float | None]:
    yield from [patience.wait_seconds] * (patience.tries - 1)
    yield None


def _run_if_missing(postgres: Postgres, migration: Migration, patience: Patience) -> bool:
    with postgres.writer() as connection:
        take_turn(connection)
        if _has_run(connection, migration):
            return False
        connection.execute("SELECT set_config('lock_timeout', %s, true)", (patience.lock_timeout,))
        _run(connection, migration)
        connection.execute(
            "INSERT INTO migrations (module, name) VALUES (%s, %s)",
            (migration.module, migration.name),
        )
    return True


def _run(connection: Connection, migration: Migration) -> None:
    try:
        connection.execute(migration.path.read_bytes())
    except (
        psycopg.errors.ProgrammingError,
        psycopg.errors.DataError,
        psycopg.errors.IntegrityError,
        psycopg.errors.NotSupportedError,
    ) as error:
        words = " ".join(str(error).split())
        raise MigrationWrong(
            f"{migration.module}'s migration {migration.path.name}: {words}"
        ) from error


def _has_run(connection: Connection, migration: Migration) -> bool:
    connection.execute(
        """
        CREATE TABLE IF NOT EXISTS migrations (
            module text NOT NULL,
            name   text NOT NULL,
            at     timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (module, name)
        )
        """
    )
    found = connection.execute(
        "SELECT 1 FROM migrations WHERE module = %s AND name = %s",
        (migration.module, migration.name),
    )
    return found.fetchone() is not None
