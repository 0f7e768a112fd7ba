"""A database that a test used is for the next one as the template is, or is not used again."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from tests.helpers.databases import TESTS_EACH, Databases, databases_of
from tests.helpers.servers import TEMPLATE, Urls, with_path

ROWS = sql.SQL("SELECT one::text FROM {} AS one ORDER BY 1")
NEXT = sql.SQL("SELECT last_value, is_called FROM {}")


@pytest.fixture
def own(servers: Urls) -> Iterator[Databases]:
    replica = with_path(servers["DATABASE_REPLICA_URL"], "waddlebot")
    with databases_of(servers["DATABASE_URL"], replica, TEMPLATE) as those:
        yield those
        for name in those.spare():
            those.drop(name)


def opened(servers: Urls, name: str) -> psycopg.Connection:
    return psycopg.connect(with_path(servers["DATABASE_URL"], name), autocommit=True)


def everything(servers: Urls, name: str) -> dict[str, object]:
    """Each table's rows, each sequence's next number."""
    with opened(servers, name) as connection:
        found = connection.execute(
            "SELECT relname, relkind = 'S' FROM pg_class"
            " WHERE relkind IN ('r', 'p', 'S') AND oid >= 16384"
        ).fetchall()
        return {
            relation: connection.execute(
                (NEXT if is_sequence else ROWS).format(sql.Identifier(relation))
            ).fetchall()
            for relation, is_sequence in found
        }


def test_what_was_written_is_gone_and_what_was_there_is_back(own: Databases, servers: Urls) -> None:
    name = own.take()
    fresh = everything(servers, name)
    with opened(servers, name) as connection:
        connection.execute(
            "INSERT INTO communities (name, version) VALUES ('Penguins', 'one'), ('Seals', 'two')"
        )
        connection.execute(
            "INSERT INTO labels (community_id, name, color) SELECT id, 'ice', '#ffffff'"
            " FROM communities"
        )
        connection.execute(
            "INSERT INTO audit_log (community_id, who, action, about)"
            " SELECT id, 'somebody', 'tested', 'this' FROM communities"
        )
        connection.execute("UPDATE communities SET version = 'other' WHERE id = 0")
        connection.execute("DELETE FROM labels WHERE name = 'memories'")
        connection.execute("DELETE FROM table_versions")
    assert everything(servers, name) != fresh

    own.give_back(name)
    again = own.take()

    assert own.made == 1
    assert again != name
    assert everything(servers, again) == fresh


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (number int)",
        "DROP TABLE due",
        "ALTER TABLE due ADD COLUMN more int",
        "ALTER TABLE due RENAME TO undue",
        "ALTER TABLE audit_log DISABLE TRIGGER USER",
        "CREATE INDEX more ON due (id)",
        "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "GRANT SELECT ON due TO PUBLIC",
        "DO 'BEGIN EXECUTE ''ALTER DATABASE '' || current_database() || '' SET jit = off''; END'",
    ],
)
def test_one_of_another_shape_is_not_used_again(own: Databases, servers: Urls, change: str) -> None:
    name = own.take()
    with opened(servers, name) as connection:
        connection.execute(change.encode())

    own.give_back(name)
    own.take()

    assert own.made == 2


def test_who_is_still_there_is_sent_away_and_does_not_find_back(
    own: Databases, servers: Urls
) -> None:
    name = own.take()
    with opened(servers, name) as left:
        own.give_back(name)
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        opened(servers, name)
    assert own.made == 1


def test_one_that_served_often_enough_is_dropped(own: Databases) -> None:
    for _ in range(TESTS_EACH):
        own.give_back(own.take())
    assert own.made == 1

    own.give_back(own.take())
    assert own.made == 2


def test_what_the_tests_before_wrote_is_told_from_what_the_last_one_wrote(
    own: Databases, servers: Urls
) -> None:
    name = own.take()
    fresh = everything(servers, name)
    for _ in range(3):
        with opened(servers, name) as connection:
            connection.execute(
                "INSERT INTO audit_log (community_id, who, action, about)"
                " VALUES (0, 'somebody', 'tested', 'this')"
            )
            connection.execute("UPDATE communities SET version = 'other'")
            connection.execute("TRUNCATE due")
        own.give_back(name)
        name = own.take()
        assert everything(servers, name) == fresh
    assert own.made == 1

    with opened(servers, name) as connection:
        connection.execute("ALTER TABLE due ADD COLUMN more int")
    own.give_back(name)
    own.take()
    assert own.made == 2
