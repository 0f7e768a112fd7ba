"""The door to PostgreSQL: one transaction a use, and what happens when the server was away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import psycopg
import pytest

from tests.helpers.servers import Urls
from waddlebot.domain.errors import Refusal, Unavailable
from waddlebot.stores.postgres import PREPARED_AFTER, Postgres

AWAY = "postgresql://nobody@127.0.0.1:1/nothing"


def names(database: Postgres) -> list[str]:
    rows = database.write("SELECT name FROM communities WHERE id > 0 ORDER BY name")
    return [row["name"] for row in rows]


def found(database: Postgres, name: str) -> None:
    with database.writer() as connection:
        connection.execute("INSERT INTO communities (name, version) VALUES (%s, '')", (name,))


def found_and_regret(database: Postgres, name: str) -> None:
    with database.writer() as connection:
        connection.execute("INSERT INTO communities (name, version) VALUES (%s, '')", (name,))
        raise Refusal("changed my mind")


def found_while_it_breaks(database: Postgres, urls: Urls) -> None:
    with database.writer() as connection:
        end_connections(urls)
        connection.execute("INSERT INTO communities (name, version) VALUES ('lost', '')")


def end_connections(urls: Urls) -> None:
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(
            """
            SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND backend_type = 'client backend' -- a vacuum may be there, too
            """
        )


def test_what_is_left_in_order_is_committed_and_an_error_takes_all_of_it_back(
    database: Postgres,
) -> None:
    found(database, "kept")
    with pytest.raises(Refusal):
        found_and_regret(database, "lost")

    assert names(database) == ["kept"]


def test_a_stale_connection_is_replaced_once(database: Postgres, database_urls: Urls) -> None:
    found(database, "before")
    end_connections(database_urls)
    found(database, "after")
    end_connections(database_urls)

    assert names(database) == ["after", "before"]


def test_a_connection_that_breaks_inside_a_transaction_is_unavailable(
    database: Postgres, database_urls: Urls
) -> None:
    with pytest.raises(Unavailable, match="the database"):
        found_while_it_breaks(database, database_urls)

    assert names(database) == []


def test_a_transaction_inside_another_is_a_part_of_it(database: Postgres) -> None:
    with database.writer() as outer:
        outer.execute("INSERT INTO communities (name, version) VALUES ('outer', '')")
        with pytest.raises(Refusal):
            found_and_regret(database, "inner")

    assert names(database) == ["outer"]


def test_reads_go_to_the_replica_and_to_the_writer_if_that_is_away(
    replicated: Postgres, database_urls: Urls
) -> None:
    ask = "SELECT pg_is_in_recovery() AS is_replica"
    lonely = Postgres(database_urls["DATABASE_URL"], AWAY)

    assert replicated.read(ask) == [{"is_replica": True}]
    assert lonely.read(ask) == [{"is_replica": False}]
    lonely.close()


def test_a_server_that_is_away_is_named() -> None:
    away = Postgres(AWAY)

    for attempt in (lambda: away.read("SELECT 1"), lambda: names(away), lambda: found(away, "x")):
        with pytest.raises(Unavailable, match="the database does not answer"):
            attempt()


ADD = "INSERT INTO communities (name, version) VALUES (%s, '') RETURNING name"


def test_a_transaction_begins_and_ends_with_statements_of_its_own(database: Postgres) -> None:
    with database.opened(("SELECT 1", None), (ADD, ("first",))) as opened:
        opened.at_commit.append((ADD, ("last",)))
        assert opened.found == [{"name": "first"}]

    assert names(database) == ["first", "last"]


def test_an_error_at_its_beginning_in_it_or_at_its_end_takes_all_of_it_back(
    database: Postgres,
) -> None:
    def add(*, first: str = "first", last: str = "last") -> None:
        with database.opened((ADD, (first,))) as opened:
            opened.at_commit.append((ADD, (last,)))
            if first == "regretted":
                raise Refusal("changed my mind")

    with pytest.raises(psycopg.DataError):
        add(first="a\0b")
    with pytest.raises(Refusal):
        add(first="regretted")
    with pytest.raises(psycopg.errors.NotNullViolation):
        add(last=None)  # type: ignore[arg-type]
    add()

    assert names(database) == ["first", "last"]


def test_it_is_no_part_of_another_whose_commit_would_be_its_own(database: Postgres) -> None:
    def one_in_another() -> None:
        with database.writer() as outer:
            outer.execute(ADD, ("lost",))
            with database.opened():
                pass

    with pytest.raises(RuntimeError):
        one_in_another()

    assert names(database) == []


def test_where_it_begins_on_a_stale_connection_it_takes_a_new_one(
    database: Postgres, database_urls: Urls
) -> None:
    found(database, "before")
    end_connections(database_urls)
    with database.opened((ADD, ("after",))):
        pass

    assert names(database) == ["after", "before"]


def test_where_it_breaks_at_its_end_it_is_unavailable(
    database: Postgres, database_urls: Urls
) -> None:
    with pytest.raises(Unavailable, match="the database"), database.opened((ADD, ("lost",))):
        end_connections(database_urls)

    assert names(database) == []


def plans_of(database: Postgres) -> list[str]:
    rows = database.write("SELECT statement FROM pg_prepared_statements")
    return [row["statement"] for row in rows if "a_room" in row["statement"]]


def prepared(url: str) -> Postgres:
    return Postgres(f"{url}{'&' if '?' in url else '?'}prepare=1")


@pytest.fixture
def a_room(database_urls: Urls) -> Iterator[Callable[[LiteralString], None]]:
    """Changed by somebody else, as a migration does while functions run."""
    with psycopg.connect(database_urls["DATABASE_MASTER_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE a_room AS SELECT 1 AS chairs")
        connection.execute("GRANT SELECT ON a_room TO public")
        yield connection.execute
        connection.execute("DROP TABLE a_room")


Changing = Callable[[LiteralString], object]


@pytest.mark.usefixtures("a_room")
def test_a_plan_is_kept_where_no_pooler_stands_between_and_nowhere_else(
    database: Postgres, database_urls: Urls
) -> None:
    kept = prepared(database_urls["DATABASE_URL"])
    for one in (database, kept):
        for _ in range(PREPARED_AFTER + 1):
            assert one.write("SELECT * FROM a_room") == [{"chairs": 1}]

    assert plans_of(database) == []
    assert plans_of(kept) == ["SELECT * FROM a_room"]
    kept.close()


@pytest.mark.parametrize("way", ["alone", "begun with", "in a transaction"])
def test_a_table_that_a_migration_changes_is_read_as_it_is_now(
    database_urls: Urls, a_room: Changing, way: str
) -> None:
    kept = prepared(database_urls["DATABASE_URL"])

    def look() -> list[dict[str, Any]]:
        if way == "alone":
            return kept.write("SELECT * FROM a_room")
        if way == "begun with":
            with kept.opened(("SELECT * FROM a_room", None)) as opened:
                return opened.found
        with kept.writer() as connection:
            return connection.execute("SELECT * FROM a_room").fetchall()

    for _ in range(PREPARED_AFTER + 2):
        assert look() == [{"chairs": 1}]
    a_room("ALTER TABLE a_room ADD COLUMN tables integer NOT NULL DEFAULT 2")

    if way == "in a transaction":  # whoever began it begins it again
        with pytest.raises(Unavailable):
            look()
    assert look() == [{"chairs": 1, "tables": 2}]
    kept.close()
