"""Real servers for tests: one data plane a run, shared by its workers; a database a test.

`conftest.py` imports the fixtures. Run as a program this keeps the plane up for as long as any
process holds the folder's `users` file open with a shared lock, however that process ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
import pytest
import redis
from psycopg import sql

from functions.upkeep.migrate_handler import migrate_with_users
from functions.upkeep.sweep_handler import sweep
from local.plane import DataPlane, forget
from local.wiring import DATABASES, entered_as_app
from tests.helpers.databases import Databases, databases_of
from tests.helpers.keepers import kept, locked, quick_folder
from waddlebot.domain.database_users import OWNER, url_of
from waddlebot.runtime.needs import MASTER_URL
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.valkey import connect
from waddlebot.stores.versions import Versions

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "waddlebot_template"
ADDRESSES = "addresses.json"

Urls = dict[str, str]
"""By environment name: DATABASE_URL, DATABASE_REPLICA_URL, VALKEY_CACHE_URL, …

Of `servers` the databases are entered as their master. Of `database_urls` as the app, as functions
do, and DATABASE_MASTER_URL is the master's: whoever makes a table enters as the owner (`as_owner`).
"""

QUICKLY = "options=-c%20scram_iterations%3D1"
"""A client hashes its password once to be let in, where it would 4,096 times: 10 ms a time.

Each test opens some connections, and asks little more of the processor than they did.
"""

_open: dict[str, Databases] = {}
"""By their replica's address: whoever asks how far that is needs no sessions of their own."""


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    """The addresses of this run's plane; Valkeys by a logical database of this worker's own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if worker else base) / "servers"
    with kept(home, "tests.helpers.servers", ADDRESSES) as written:
        urls = json.loads(written)
        yield {name: _numbered(url, worker) for name, url in urls.items()}


@pytest.fixture(scope="session")
def databases(servers: Urls) -> Iterator[Databases]:
    replica = with_path(servers["DATABASE_REPLICA_URL"], "waddlebot")
    with databases_of(servers["DATABASE_URL"], replica, TEMPLATE) as those:
        _open[_server(replica)] = those
        yield those
        del _open[_server(replica)]


@pytest.fixture
def database_urls(servers: Urls, databases: Databases) -> Iterator[Urls]:
    """All addresses, with a clean migrated database for this test alone on writer and replica."""
    name = databases.take()
    there = {variable: with_path(servers[variable], name) for variable in DATABASES}
    yield {**servers, **there, **entered_as_app(there, {})}
    databases.give_back(name)


@pytest.fixture
def database(database_urls: Urls) -> Iterator[Postgres]:
    """Migrated, empty, without a replica: what was written can be read."""
    postgres = Postgres(database_urls["DATABASE_URL"], name="tests")
    yield postgres
    postgres.close()


@pytest.fixture
def owner(database_urls: Urls) -> Iterator[Postgres]:
    """The same as `database`, for what changes tables."""
    postgres = Postgres(as_owner(database_urls), name="tests")
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


def as_owner(urls: Urls, server: str = "DATABASE_URL") -> str:
    """Where whose the tables are enters the database of `urls`."""
    return url_of(urls[MASTER_URL], OWNER, urls[server])


def with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


def catch_up(urls: Urls) -> None:
    """Returns when the replica has replayed what the writer has committed."""
    replica = with_path(urls["DATABASE_REPLICA_URL"], "waddlebot")
    if _server(replica) in _open:
        _open[_server(replica)].catch_up()
        return
    with databases_of(urls.get(MASTER_URL, urls["DATABASE_URL"]), replica, TEMPLATE) as those:
        those.catch_up()


def _server(url: str) -> str:
    """Whoever enters there."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _flushed(url: str) -> Iterator[redis.Redis]:
    client = connect(url)
    client.flushdb()
    yield client
    client.close()


def _numbered(url: str, worker: str) -> str:
    """Logical databases are kept apart well enough for tests; 0 is nobody's."""
    number = 1 + int(worker.removeprefix("gw") or 0) % 15
    return with_path(url, str(number)) if url.startswith("redis") else url


def keep(home: Path) -> None:
    with quick_folder("servers") as data:
        plane = DataPlane(data, {}, print)
        try:
            _keep_up(plane, home)
        finally:
            plane.stop()
            forget(data)


def _keep_up(plane: DataPlane, home: Path) -> None:
    urls = plane.start()
    _prove_quickly(urls)
    _make_template(urls)
    addresses = home / ADDRESSES
    new = addresses.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(urls))
    new.rename(addresses)
    with locked(home / "users", fcntl.LOCK_EX):
        addresses.unlink()
        plane.stop()


def _prove_quickly(urls: Urls) -> None:
    password = urlsplit(urls["DATABASE_URL"]).password or ""
    change = sql.SQL("ALTER ROLE CURRENT_USER PASSWORD {}").format(unquote(password))
    with psycopg.connect(f"{urls['DATABASE_URL']}?{QUICKLY}", autocommit=True) as connection:
        connection.execute(change)


def _make_template(urls: Urls) -> None:
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    master = with_path(urls["DATABASE_URL"], TEMPLATE)
    postgres = Postgres(f"{url_of(master, OWNER)}?{QUICKLY}")
    migrate_with_users(postgres, f"{master}?{QUICKLY}")
    sweep(postgres, datetime.now(UTC))
    postgres.close()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both end it in the same way
    keep(Path(sys.argv[1]))
