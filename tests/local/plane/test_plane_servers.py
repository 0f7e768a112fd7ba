from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
import redis

from local.plane import DataPlane, PlaneFailed, forget, load_dev_env

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Sql = Callable[[str, str], list[tuple[Any, ...]]]
    Ask = Callable[..., Any]

SERVERS = ["postgres", "replica", "cache", "limits", "streams"]


def quiet(part: str, seconds: float, words: str) -> None:
    del part, seconds, words


@pytest.fixture(scope="module")
def plane(open_home: Path) -> Iterator[DataPlane]:
    plane = DataPlane(open_home, {}, quiet)
    yield plane
    plane.stop()


@pytest.fixture
def urls(plane: DataPlane) -> dict[str, str]:
    return plane.start()


def test_starting_twice_changes_nothing(plane: DataPlane, urls: dict[str, str]) -> None:
    before = plane.pids()
    assert list(before) == SERVERS
    assert plane.start() == urls
    assert plane.pids() == before


def test_the_replica_follows_and_refuses_writes(urls: dict[str, str], sql: Sql) -> None:
    sql(urls["DATABASE_URL"], "CREATE TABLE penguins AS SELECT 'Skipper' AS name")
    deadline = time.monotonic() + 2
    while not sql(urls["DATABASE_REPLICA_URL"], "SELECT to_regclass('penguins')")[0][0]:
        assert time.monotonic() < deadline
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        sql(urls["DATABASE_REPLICA_URL"], "CREATE TABLE walruses ()")


def test_the_owner_has_the_rights_of_a_managed_master_user(urls: dict[str, str], sql: Sql) -> None:
    writer = urls["DATABASE_URL"]
    rights = "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert sql(writer, rights) == [("waddlebot", False, True)]
    own = "SELECT pg_get_userbyid(datdba), datlocale FROM pg_database WHERE datname = 'waddlebot'"
    assert sql(writer, own) == [("waddlebot", "C.UTF-8")]
    sql(writer, "CREATE EXTENSION IF NOT EXISTS pg_trgm")


def test_statements_can_be_counted(urls: dict[str, str], sql: Sql) -> None:
    writer = urls["DATABASE_URL"]
    sql(writer, "SELECT pg_stat_statements_reset()")
    for _ in range(3):
        sql(writer, "SELECT 'counted'")
    calls = "SELECT calls FROM pg_stat_statements WHERE query = 'SELECT $1'"
    assert sql(writer, calls) == [(3,)]


def test_settings_are_those_of_a_careful_database(urls: dict[str, str], sql: Sql) -> None:
    for name, value in {
        "fsync": "on",
        "hot_standby_feedback": "on",
        "max_connections": "200",
    }.items():
        assert sql(urls["DATABASE_URL"], f"SHOW {name}") == [(value,)]


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("CACHE", {"maxmemory-policy": "allkeys-lru", "maxmemory": "67108864"}),
        ("LIMITS", {"maxmemory-policy": "volatile-ttl", "maxmemory": "33554432"}),
        ("STREAMS", {"maxmemory-policy": "noeviction", "maxmemory": "134217728"}),
    ],
)
def test_each_valkey_has_its_policy(
    urls: dict[str, str], valkey: Ask, server: str, expected: dict[str, str]
) -> None:
    found = valkey(urls[f"VALKEY_{server}_URL"], "CONFIG", "GET", "maxmemory*", "save", "bind")
    assert expected.items() <= found.items()
    assert (found["save"], found["bind"]) == ("", "127.0.0.1")


def test_streams_are_on_disk_before_they_are_acknowledged_and_limits_within_a_second(
    urls: dict[str, str], valkey: Ask
) -> None:
    found = {
        server: valkey(urls[f"VALKEY_{server}_URL"], "CONFIG", "GET", "appendonly", "appendfsync")
        for server in ("CACHE", "LIMITS", "STREAMS")
    }
    assert found["STREAMS"] == {"appendonly": "yes", "appendfsync": "always"}
    assert found["LIMITS"] == {"appendonly": "yes", "appendfsync": "everysec"}
    assert found["CACHE"]["appendonly"] == "no"


@pytest.mark.parametrize("server", ["CACHE", "LIMITS", "STREAMS"])
def test_no_valkey_answers_without_its_password(
    urls: dict[str, str], valkey: Ask, server: str
) -> None:
    port = urlsplit(urls[f"VALKEY_{server}_URL"]).port
    with pytest.raises(redis.exceptions.AuthenticationError):
        valkey(f"redis://127.0.0.1:{port}/0", "PING")


@pytest.mark.parametrize("user", ["waddlebot", "replicator", "postgres"])
@pytest.mark.parametrize("server", ["DATABASE_URL", "DATABASE_REPLICA_URL"])
def test_no_postgres_answers_without_its_password(
    urls: dict[str, str], user: str, server: str
) -> None:
    port = urlsplit(urls[server]).port
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://{user}:guessed@127.0.0.1:{port}/waddlebot")


def test_no_password_stands_on_a_command_line(
    plane: DataPlane, urls: dict[str, str], open_home: Path
) -> None:
    del urls
    keys = load_dev_env(open_home, {})
    passwords = [value for name, value in keys.items() if name.endswith("_PASSWORD")]
    assert len(passwords) == 5
    for pid in plane.pids().values():
        line = " ".join(psutil.Process(pid).cmdline())
        assert not any(password in line for password in passwords)


def test_one_server_can_be_stopped_and_started(
    plane: DataPlane, urls: dict[str, str], sql: Sql
) -> None:
    plane.stop_one("replica")
    assert "replica" not in plane.pids()
    with pytest.raises(psycopg.OperationalError):
        sql(urls["DATABASE_REPLICA_URL"], "SELECT 1")
    plane.start_one("replica")
    assert sql(urls["DATABASE_REPLICA_URL"], "SELECT 1") == [(1,)]
    plane.stop_one("cache")
    plane.start()
    assert list(plane.pids()) == SERVERS


def test_an_unknown_server_is_a_sentence(plane: DataPlane, urls: dict[str, str]) -> None:
    del urls
    with pytest.raises(PlaneFailed, match="oracle is no running server"):
        plane.start_one("oracle")


def test_data_and_addresses_survive_a_stop(
    plane: DataPlane, urls: dict[str, str], sql: Sql, valkey: Ask
) -> None:
    sql(urls["DATABASE_URL"], "CREATE TABLE kept AS SELECT 7 AS number")
    valkey(urls["VALKEY_STREAMS_URL"], "XADD", "kept", "*", "number", "7")
    plane.stop()
    assert plane.pids() == {}
    assert plane.start() == urls
    assert sql(urls["DATABASE_REPLICA_URL"], "SELECT number FROM kept") == [(7,)]
    assert valkey(urls["VALKEY_STREAMS_URL"], "XLEN", "kept") == 1


def test_a_second_launcher_is_refused(urls: dict[str, str], open_home: Path) -> None:
    del urls
    with pytest.raises(PlaneFailed, match=f"already running: process {os.getpid()}"):
        DataPlane(open_home, {}, quiet).start()


def test_new_keys_open_the_old_data(
    plane: DataPlane, urls: dict[str, str], sql: Sql, open_home: Path
) -> None:
    sql(urls["DATABASE_URL"], "CREATE TABLE older AS SELECT 1 AS number")
    plane.stop()
    (open_home / "dev.env").unlink()
    renewed = plane.start()
    assert renewed["DATABASE_URL"] != urls["DATABASE_URL"]
    assert sql(renewed["DATABASE_URL"], "SELECT number FROM older") == [(1,)]
    assert sql(renewed["DATABASE_REPLICA_URL"], "SELECT number FROM older") == [(1,)]


def test_a_password_may_hold_any_character(
    plane: DataPlane, urls: dict[str, str], sql: Sql, valkey: Ask, open_home: Path
) -> None:
    del urls
    plane.stop()
    strange = r"""it's "a\ :#%@/ß"""
    names = ["POSTGRES", "REPLICATION", "VALKEY_CACHE", "VALKEY_LIMITS", "VALKEY_STREAMS"]
    other = DataPlane(open_home, {f"{name}_PASSWORD": strange for name in names}, quiet)
    try:
        urls = other.start()
        assert sql(urls["DATABASE_REPLICA_URL"], "SELECT 1") == [(1,)]
        assert valkey(urls["VALKEY_STREAMS_URL"], "PING")
    finally:
        other.stop()


def test_a_replica_that_lost_its_place_is_made_anew(
    plane: DataPlane, urls: dict[str, str], sql: Sql, open_home: Path
) -> None:
    plane.stop_one("replica")
    replicator = load_dev_env(open_home, {})["REPLICATION_PASSWORD"]
    port = urlsplit(urls["DATABASE_URL"]).port
    sql(
        f"postgresql://replicator:{replicator}@127.0.0.1:{port}/waddlebot",
        "SELECT pg_drop_replication_slot('replica')",
    )
    sql(urls["DATABASE_URL"], "CREATE TABLE missed AS SELECT 1 AS number")
    plane.start_one("replica")
    assert sql(urls["DATABASE_REPLICA_URL"], "SELECT number FROM missed") == [(1,)]


def test_a_replica_is_made_anew_while_somebody_still_holds_its_place(
    plane: DataPlane, urls: dict[str, str], sql: Sql, open_home: Path
) -> None:
    place = psutil.Process(plane.pids()["replica"]).cwd()
    plane.stop_one("replica")
    (Path(place) / "standby.signal").unlink()
    password = load_dev_env(open_home, {})["REPLICATION_PASSWORD"]
    address = f"host=127.0.0.1 port={urlsplit(urls['DATABASE_URL']).port} user=replicator"
    sender = psycopg.pq.PGconn.connect(f"{address} password={password} replication=true".encode())
    try:
        [(written,)] = sql(urls["DATABASE_URL"], "SELECT pg_current_wal_flush_lsn()::text")
        streaming = sender.exec_(f"START_REPLICATION SLOT replica PHYSICAL {written}".encode())
        assert streaming.status == psycopg.pq.ExecStatus.COPY_BOTH, sender.error_message
        plane.start_one("replica")
    finally:
        sender.finish()
    assert sql(urls["DATABASE_REPLICA_URL"], "SELECT 1") == [(1,)]


def test_a_given_url_is_used_and_its_server_not_started(tmp_path: Path) -> None:
    said: list[tuple[str, str]] = []
    given = {
        "DATABASE_URL": "postgresql://their.example/waddlebot",
        "VALKEY_CACHE_URL": "redis://their.example/0",
        "VALKEY_STREAMS_URL": "",
    }
    plane = DataPlane(tmp_path, given, lambda part, _, words: said.append((part, words)))
    try:
        urls = plane.start()
        assert list(plane.pids()) == ["limits", "streams"]
    finally:
        plane.stop()
        forget(tmp_path)
    assert urls["DATABASE_URL"] == urls["DATABASE_REPLICA_URL"] == given["DATABASE_URL"]
    assert urls["VALKEY_CACHE_URL"] == given["VALKEY_CACHE_URL"]
    assert said == [
        ("postgres", "yours (DATABASE_URL, DATABASE_REPLICA_URL)"),
        ("valkey", "limits, streams"),
    ]
