"""Servers of their own for tests that change their sides; nobody else works with them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from functions.upkeep.migrate_handler import migrate_all
from functions.upkeep.sweep_handler import sweep
from local.plane import DataPlane, forget
from tests.helpers.servers import Urls
from waddlebot.stores.postgres import Postgres


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    plane: DataPlane
    urls: Urls

    def pid(self, name: str) -> int:
        return self.plane.pids()[name]


@pytest.fixture(scope="module")
def own() -> Iterator[Own]:
    """Up, with the house's tables in the database."""
    memory = Path("/dev/shm")  # noqa: S108 - what lies in it is ours alone
    home = Path(tempfile.mkdtemp(prefix="sides-", dir=memory if memory.is_dir() else None))
    home.chmod(0o755)
    plane = DataPlane(home, {}, lambda *_: None)
    try:
        urls = plane.start()
        postgres = Postgres(urls["DATABASE_URL"], name="tests")
        migrate_all(postgres)
        sweep(postgres, datetime.now(UTC))
        postgres.close()
        yield Own(plane=plane, urls=urls)
    finally:
        plane.stop()
        forget(home)
        shutil.rmtree(home)
