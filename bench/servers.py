"""Servers without a house, for what is measured inside one process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from functions.upkeep.migrate_handler import migrate_all
from functions.upkeep.sweep_handler import sweep
from local.plane import DataPlane
from waddlebot.stores.postgres import Postgres


@contextlib.contextmanager
def plane(home: Path) -> Iterator[Mapping[str, str]]:
    """Their addresses by environment name; the database is migrated."""

    def silent(_part: str, _seconds: float, _words: str) -> None: ...

    servers = DataPlane(home, {}, silent)
    try:
        urls = servers.start()
        postgres = Postgres(urls["DATABASE_URL"], name="bench")
        migrate_all(postgres)
        sweep(postgres, datetime.now(UTC))
        postgres.close()
        yield urls
    finally:
        servers.stop()
