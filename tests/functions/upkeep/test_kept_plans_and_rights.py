"""A connection that keeps its plans (`prepare=1`) asks with them what its user may ask *now*."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import LiteralString

import psycopg
import pytest

from functions.upkeep.migrate_handler import migrate_with_users
from tests.helpers.servers import Urls, as_owner
from waddlebot.domain.database_users import module_user, url_of
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.needs import MASTER_URL
from waddlebot.stores.postgres import PREPARED_AFTER, Postgres

MEMORIES = module_user("memories")
QUOTES: LiteralString = "SELECT number FROM memories ORDER BY number"
PLANS: LiteralString = "SELECT count(*) AS plans FROM pg_prepared_statements"


@pytest.fixture
def module(database_urls: Urls) -> Iterator[Postgres]:
    """The connection of a module of the house, with a row of its own and one of another."""
    with psycopg.connect(as_owner(database_urls)) as owner:
        owner.execute(
            "INSERT INTO memories (community_id, number, kind, platform, created_by,"
            " created_by_name) VALUES (0, 1, 'quote', 'twitch', '7', 'Max')"
        )
    where = f"{url_of(database_urls[MASTER_URL], MEMORIES)}?prepare=1"
    with closing(Postgres(where, name="memories")) as postgres:
        yield postgres


def keep_plan(module: Postgres, statement: LiteralString) -> list[dict[str, object]]:
    """Asked until the server keeps its plan; what it finds."""
    for _ in range(PREPARED_AFTER + 5):
        found = module.write(statement)
    assert module.write(PLANS) != [{"plans": 0}], "nothing is kept, so nothing is tried"
    return found


def as_the_owner(urls: Urls, *statements: LiteralString) -> None:
    with psycopg.connect(as_owner(urls)) as owner:
        for statement in statements:
            owner.execute(statement)


def test_a_right_that_was_taken_holds_at_the_next_statement(
    database_urls: Urls, module: Postgres
) -> None:
    assert keep_plan(module, QUOTES) == [{"number": 1}]
    as_the_owner(database_urls, "REVOKE SELECT ON memories FROM waddlebot_memories")
    with pytest.raises(Unavailable, match="permission denied for table memories"):
        module.write(QUOTES)
    as_the_owner(database_urls, "GRANT SELECT ON memories TO waddlebot_memories")
    assert module.write(QUOTES) == [{"number": 1}]


def test_a_right_to_a_column_holds_at_the_next_statement(
    database_urls: Urls, module: Postgres
) -> None:
    keep_plan(module, QUOTES)
    as_the_owner(
        database_urls,
        "REVOKE SELECT ON memories FROM waddlebot_memories",
        "GRANT SELECT (id) ON memories TO waddlebot_memories",
    )
    with pytest.raises(Unavailable, match="permission denied"):
        module.write(QUOTES)


def test_rows_that_are_hidden_from_now_on_are_not_shown_by_an_older_plan(
    database_urls: Urls, module: Postgres
) -> None:
    assert keep_plan(module, QUOTES) == [{"number": 1}]
    as_the_owner(database_urls, "ALTER TABLE memories ENABLE ROW LEVEL SECURITY")
    assert module.write(QUOTES) == []
    as_the_owner(database_urls, "CREATE POLICY all_rows ON memories USING (true)")
    assert module.write(QUOTES) == [{"number": 1}]
    as_the_owner(database_urls, "ALTER POLICY all_rows ON memories USING (number > 1)")
    assert module.write(QUOTES) == []


def test_whose_rows_a_plan_shows_is_asked_of_whoever_uses_it(database_urls: Urls) -> None:
    """A policy that named roles (`TO …`) would not: who leaves a role keeps the plan of before."""
    with psycopg.connect(as_owner(database_urls)) as owner:
        named = owner.execute("SELECT tablename, roles FROM pg_policies").fetchall()
    assert named, "the shared tables have policies"
    assert {roles for _, (roles,) in named} == {"public"}


def test_the_next_deploy_gives_it_back_and_a_kept_plan_goes_on(
    database_urls: Urls, module: Postgres
) -> None:
    keep_plan(module, QUOTES)
    as_the_owner(database_urls, "REVOKE SELECT ON memories FROM waddlebot_memories")
    with pytest.raises(Unavailable, match="deploy again"):
        module.write(QUOTES)
    with closing(Postgres(as_owner(database_urls))) as owner:
        migrate_with_users(owner, database_urls[MASTER_URL])
    assert module.write(QUOTES) == [{"number": 1}]
