"""A database that takes no writes is away, and whoever takes them by now is found."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.failover.conftest import Own
from tests.failover.sides import Name, database_crowded, database_read_only, promote
from waddlebot.domain.errors import Full, Unavailable
from waddlebot.stores.keys import Partitions
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.postgres import REST_SECONDS, Postgres
from waddlebot.stores.record_rows import TABLES, write_rows
from waddlebot.stores.valkey import connect

IS_REPLICA = "SELECT pg_is_in_recovery() AS is_replica"
FOUND = "INSERT INTO communities (name, version) VALUES (%s, '')"
AWAY = "postgresql://nobody@127.0.0.1:1/nothing"

pytestmark = pytest.mark.xdist_group("servers of their own")


@pytest.fixture
def database(own: Own) -> Iterator[Postgres]:
    """With its connection, which is kept."""
    postgres = Postgres(own.urls["DATABASE_URL"], own.urls["DATABASE_REPLICA_URL"], name="tests")
    postgres.write("SELECT 1")
    yield postgres
    postgres.close()


def found(database: Postgres, name: str) -> None:
    with database.writer() as connection:
        connection.execute(FOUND, (name,))


def found_within(database: Postgres, name: str) -> None:
    """Inside another transaction of the same thread."""
    with database.writer() as outer:
        outer.execute("SELECT 1")
        found(database, name)


def test_a_writer_that_takes_no_writes_is_away_until_it_takes_them(
    own: Own, database: Postgres
) -> None:
    with database_read_only(own.pid("postgres"), own.urls["DATABASE_URL"]):
        for attempt in (
            lambda: found(database, "lost"),
            lambda: database.write(FOUND, ("lost",)),
            lambda: found_within(database, "lost"),
        ):
            with pytest.raises(Unavailable, match="the database takes no writes"):
                attempt()
        assert database.read(IS_REPLICA) == [{"is_replica": True}]

    found_within(database, "kept after the writer was read-only")


def test_what_cannot_be_recorded_while_the_writer_is_read_only_is_recorded_later(
    own: Own, database: Postgres
) -> None:
    with connect(own.urls["VALKEY_STREAMS_URL"]) as streams:
        late, rows = LateRecords(streams, Partitions()), dict.fromkeys(TABLES, "[]")
        with database_read_only(own.pid("postgres"), own.urls["DATABASE_URL"]):
            with pytest.raises(Unavailable):
                write_rows(database, rows)
            late.keep(rows, "twitch:channel:1")
            with pytest.raises(Unavailable):
                late.write(database)

        assert late.write(database) == 1


def test_a_writer_with_no_connection_left_is_away(own: Own) -> None:
    postgres = Postgres(own.urls["DATABASE_URL"], name="tests")
    with database_crowded(own.urls["DATABASE_URL"]), pytest.raises(Unavailable):
        postgres.write("SELECT 1")

    assert postgres.write("SELECT 1 AS one") == [{"one": 1}]
    postgres.close()


def test_a_writer_whose_disk_is_full_says_so_and_goes_on(database: Postgres) -> None:
    """The server says what it says then; that it fills up is left out."""
    raised = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
    with pytest.raises(Full, match="the database has no room left"):
        database.write(raised)

    found(database, "kept after the disk was full")


def test_a_replica_that_failed_is_left_alone_for_a_while(own: Own) -> None:
    """Each reader would wait for a connection that does not come."""
    replica, now = own.urls["DATABASE_REPLICA_URL"], [0.0]
    with Name(AWAY).open() as name:
        lonely = Postgres(
            own.urls["DATABASE_URL"],
            _with_place(replica, name.url),
            name="tests",
            clock=lambda: now[0],
        )
        assert lonely.read(IS_REPLICA) == [{"is_replica": False}]
        name.means(replica)
        assert lonely.read(IS_REPLICA) == [{"is_replica": False}]
        now[0] += REST_SECONDS
        assert lonely.read(IS_REPLICA) == [{"is_replica": True}]
        lonely.close()


def _with_place(url: str, place: str) -> str:
    """The same, at another host and port."""
    who, _, _ = urlsplit(url).netloc.rpartition("@")
    return (
        urlsplit(url)._replace(netloc=f"{who}@{urlsplit(place).netloc.rpartition('@')[2]}").geturl()
    )


def test_a_kept_connection_leaves_a_demoted_writer_for_the_new_one(own: Own) -> None:
    """The last of this file: the servers have changed sides for good."""
    old, new = own.urls["DATABASE_URL"], own.urls["DATABASE_REPLICA_URL"]
    listed = f"{_with_place(old, _hosts(old, new))}"
    with Name(old).open() as name:
        moved, several = Postgres(name.url, name="tests"), Postgres(listed, name="tests")
        for database in (moved, several):
            found(database, f"before {id(database)}")
        promote(own.pid("replica"), new)
        name.means(new)
        with database_read_only(own.pid("postgres"), old):
            # Within a transaction it is heard; a statement alone is asked again by itself.
            with pytest.raises(Unavailable, match="takes no writes"):
                found(moved, "lost")
            several.write(FOUND, ("after, by the list",))
            found(moved, "after, by its name")
            found(several, "after, by the list again")
        moved.close()
        several.close()

    with psycopg.connect(new) as connection:
        rows = connection.execute("SELECT name FROM communities WHERE name LIKE 'after%'")
        assert len(rows.fetchall()) == 3


def _hosts(*urls: str) -> str:
    return "postgresql://" + ",".join(urlsplit(url).netloc.rpartition("@")[2] for url in urls)
