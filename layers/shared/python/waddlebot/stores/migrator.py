"""Runs the numbered SQL files of the house and of its modules, each once, forward only."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from waddlebot.domain.errors import Unavailable
from waddlebot.stores.postgres import Connection, Postgres

HOUSE = "house"
OWN = Path(__file__).parent / "migrations"
LOCK = 0x77616464  # "wadd": whoever migrates holds it


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
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
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
