from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import redis

from local.plane import forget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def open_home() -> Iterator[Path]:
    """Reachable for everybody, as a checkout usually is; in memory where there is such a place."""
    memory = Path("/dev/shm")  # noqa: S108 - what lies in it is ours alone
    home = Path(
        tempfile.mkdtemp(prefix="penguin's plane ", dir=memory if memory.is_dir() else None)
    )
    home.chmod(0o755)
    yield home
    forget(home)
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def sql() -> Callable[..., list[tuple[Any, ...]]]:
    def run(url: str, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture(scope="session")
def valkey() -> Callable[..., Any]:
    def run(url: str, *words: object) -> Any:
        with redis.Redis.from_url(url, decode_responses=True) as client:
            return client.execute_command(*words)

    return run
