"""Real servers for tests: one data plane a run, shared by its workers; a database a test.

`conftest.py` imports the fixtures. Run as a program this keeps the plane up for as long as any
process holds the folder's `users` file open with a shared lock, however that process ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
from psycopg import sql

from functions.upkeep.migrate_handler import migrate_all
from functions.upkeep.sweep_handler import sweep
from local.plane import DataPlane, forget
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.valkey import connect
from waddlebot.stores.versions import Versions

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
TEMPLATE = "waddlebot_template"

Urls = dict[str, str]
"""By environment name: DATABASE_URL, DATABASE_REPLICA_URL, VALKEY_CACHE_URL, …"""


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    """The addresses of this run's plane; Valkeys by a logical database of this worker's own."""
    base = tmp_path_factory.getbasetemp()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    home = (base.parent if worker else base) / "servers"
    with _plane(home) as urls:
        yield {name: _numbered(url, worker) for name, url in urls.items()}


@pytest.fixture
def database_urls(servers: Urls) -> Iterator[Urls]:
    """All addresses, with a fresh migrated database for this test alone on writer and replica."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(servers["DATABASE_URL"], autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
        yield {
            variable: with_path(url, name) if variable.startswith("DATABASE") else url
            for variable, url in servers.items()
        }
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        connection.execute(drop.format(sql.Identifier(name)))


@pytest.fixture
def database(database_urls: Urls) -> Iterator[Postgres]:
    """Migrated, empty, without a replica: what was written can be read."""
    postgres = Postgres(database_urls["DATABASE_URL"], name="tests")
    yield postgres
    postgres.close()


@pytest.fixture
def replicated(database_urls: Urls) -> Iterator[Postgres]:
    """The same with its replica, which has caught up when the test begins."""
    postgres = Postgres(
        database_urls["DATABASE_URL"], database_urls["DATABASE_REPLICA_URL"], name="tests"
    )
    catch_up(database_urls)
    yield postgres
    postgres.close()


@pytest.fixture
def cache(servers: Urls) -> Iterator[redis.Redis]:
    yield from _flushed(servers["VALKEY_CACHE_URL"])


@pytest.fixture
def limits(servers: Urls) -> Iterator[redis.Redis]:
    yield from _flushed(servers["VALKEY_LIMITS_URL"])


@pytest.fixture
def streams(servers: Urls) -> Iterator[redis.Redis]:
    yield from _flushed(servers["VALKEY_STREAMS_URL"])


@pytest.fixture
def versions(cache: redis.Redis) -> Versions:
    return Versions(cache)


@pytest.fixture
def nowhere() -> Iterator[redis.Redis]:
    """A server that is away: nobody listens there."""
    client = connect("redis://127.0.0.1:1/0")
    yield client
    client.close()


def with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


def catch_up(urls: Urls) -> None:
    """Returns when the replica has replayed what the writer has committed."""
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as writer:
        [position] = writer.execute("SELECT pg_current_wal_lsn()").fetchone() or [None]
    postgres = with_path(urls["DATABASE_REPLICA_URL"], "waddlebot")
    with psycopg.connect(postgres, autocommit=True) as replica:
        for _ in range(1000):
            ask = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
            if replica.execute(ask, (position,)).fetchone() == (True,):
                return
            time.sleep(0.01)
    raise AssertionError("the replica does not catch up")


def _flushed(url: str) -> Iterator[redis.Redis]:
    client = connect(url)
    client.flushdb()
    yield client
    client.close()


def _numbered(url: str, worker: str) -> str:
    """Logical databases are kept apart well enough for tests; 0 is nobody's."""
    number = 1 + int(worker.removeprefix("gw") or 0) % 15
    return with_path(url, str(number)) if url.startswith("redis") else url


@contextlib.contextmanager
def _plane(home: Path) -> Iterator[Urls]:
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home / "starting", fcntl.LOCK_EX), contextlib.ExitStack() as stack:
        stack.enter_context(_locked(home / "users", fcntl.LOCK_SH))
        addresses = home / "addresses.json"
        if not addresses.exists():
            _start_keeper(home, addresses)
        users = stack.pop_all()
    with users:
        yield json.loads(addresses.read_text())


def _start_keeper(home: Path, addresses: Path) -> None:
    with (home / "keeper.log").open("w") as said:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.servers", str(home)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + START_SECONDS
    while not addresses.exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"no servers: {(home / 'keeper.log').read_text()}")
        time.sleep(0.02)
    # It outlives this worker on purpose; nobody waits for it here.
    keeper.returncode = 0


@contextlib.contextmanager
def _locked(path: Path, how: int) -> Iterator[IO[str]]:
    with path.open("a") as file:
        fcntl.flock(file, how)
        yield file


def keep(home: Path) -> None:
    plane = DataPlane(home, {}, print)
    addresses = home / "addresses.json"
    try:
        urls = plane.start()
        _make_template(urls)
        new = addresses.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps(urls))
        new.rename(addresses)
        with _locked(home / "users", fcntl.LOCK_EX):
            addresses.unlink()
            plane.stop()
    finally:
        plane.stop()
        # As root the data of a closed folder lies elsewhere; pytest would not find it to remove.
        forget(home)


def _make_template(urls: Urls) -> None:
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    postgres = Postgres(with_path(urls["DATABASE_URL"], TEMPLATE))
    migrate_all(postgres)
    sweep(postgres, datetime.now(UTC))
    postgres.close()


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
