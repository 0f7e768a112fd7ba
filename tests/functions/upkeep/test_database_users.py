"""Who may what in the database, as upkeep-migrate makes it, asked by those users themselves."""

from __future__ import annotations

import dataclasses
import logging
import secrets
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from psycopg import sql

from functions.catalogue import all_functions, house_modules
from functions.database_users import all_users, database_user
from functions.modules.memories.module import MODULE
from functions.modules.memories.store import Memories
from functions.upkeep import migrate_handler
from functions.upkeep.migrate_handler import migrate_all
from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.module_users import as_module, at_home, enter
from tests.helpers.notebook import NOTEBOOK, a_call
from tests.helpers.servers import Urls, as_owner, with_path
from waddlebot.domain.database_users import (
    APP,
    OWNER,
    derived_password,
    module_user,
    of_a_module,
    password_of,
    url_of,
)
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.needs import MASTER_URL
from waddlebot.runtime.serve_module import ModuleDoor, serve_module
from waddlebot.stores.database_users import ROWS, DatabaseUser, make_users
from waddlebot.stores.migrator import LOCK
from waddlebot.stores.postgres import Postgres

__all__ = ["logging_restored"]  # a fixture

MEMORIES = module_user("memories")
SELECT, DELETE = sql.SQL("SELECT * FROM {}"), sql.SQL("DELETE FROM {}")
WHOSE = sql.SQL("SELECT module FROM {}")
REFUSED = psycopg.errors.InsufficientPrivilege


@pytest.fixture
def deployed(database_urls: Urls, monkeypatch: pytest.MonkeyPatch, logging_restored: None) -> Urls:
    """As upkeep-migrate finds it."""
    assert logging_restored is None
    monkeypatch.setenv("DATABASE_URL", as_owner(database_urls))
    monkeypatch.setenv(MASTER_URL, database_urls[MASTER_URL])
    monkeypatch.delenv("WADDLEBOT_API_KEY", raising=False)
    return database_urls


@pytest.fixture
def memories(database_urls: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleDoor[Any]]:
    door = serve_module(MODULE, build=Memories)
    enter(door, as_module(database_urls, "memories"), monkeypatch)
    yield door
    door.close()


def connect(urls: Urls, user: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url_of(urls[MASTER_URL], user), autocommit=True)


def test_each_function_enters_as_one_of_the_users_that_are_made() -> None:
    entered = {one.name: database_user(one) for one in all_functions() if database_user(one)}

    assert set(entered.values()) == set(all_users())
    assert entered["memories"] == MEMORIES
    owners = {name for name, user in entered.items() if user == OWNER}
    assert owners == {"upkeep-migrate", "upkeep-restore", "upkeep-sweep"}


@pytest.mark.parametrize(
    "table",
    [
        *("api_keys", "user_api_keys", "connections", "identities", "messages", "people"),
        *("command_executions", "community_members", "communities", "audit_log", "reputation"),
        *("specification.entities", "migrations"),
        *("aliases", "alias_counters", "custom_commands", "custom_counters"),
    ],
)
def test_a_module_sees_nothing_of_the_house(database_urls: Urls, table: str) -> None:
    name = sql.Identifier(*table.split("."))
    with connect(database_urls, MEMORIES) as module:
        for statement in (SELECT, DELETE):
            with pytest.raises(REFUSED):
                module.execute(statement.format(name))


def test_a_module_and_the_app_see_nothing_of_another_module(database_urls: Urls) -> None:
    at_home(database_urls, NOTEBOOK, "notes", "note text")
    for user, tables in (
        (MEMORIES, ["notes"]),
        (module_user("notebook"), ["memories", "reminders", "memory_numbers"]),
        (APP, ["memories", "reminders", "memory_numbers"]),
    ):
        with connect(database_urls, user) as connection:
            for table in tables:
                with pytest.raises(REFUSED):
                    connection.execute(SELECT.format(sql.Identifier(table)))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (number int)",
        "CREATE SCHEMA more",
        "DROP TABLE due",
        "ALTER TABLE memories ADD COLUMN more text",
        "ALTER TABLE due DISABLE ROW LEVEL SECURITY",
        "TRUNCATE audit_log",
        "CREATE ROLE more",
        "SET ROLE waddlebot_owner",
        "SET SESSION AUTHORIZATION waddlebot_owner",
    ],
)
@pytest.mark.parametrize("user", [APP, MEMORIES])
def test_nobody_but_the_owner_changes_the_schema(
    database_urls: Urls, user: str, statement: str
) -> None:
    with connect(database_urls, user) as connection, pytest.raises(REFUSED):
        connection.execute(statement.encode())


def test_of_shared_tables_a_module_sees_its_own_rows(database_urls: Urls) -> None:
    with psycopg.connect(as_owner(database_urls), autocommit=True) as owner:
        for name in ("memories", "songs"):
            owner.execute(
                "INSERT INTO module_effects (execution_id, module) VALUES (%s, %s)", (name, name)
            )
            owner.execute(
                "INSERT INTO due (community_id, entity_id, module, at, data, way_back)"
                " VALUES (0, 'e', %s, now(), '{}', '{}')",
                (name,),
            )
    shared = [sql.Identifier(table) for table in ("module_effects", "due")]
    with connect(database_urls, MEMORIES) as module:
        for table in shared:
            assert module.execute(WHOSE.format(table)).fetchall() == [("memories",)]
            assert module.execute(DELETE.format(table)).rowcount == 1
        with pytest.raises(REFUSED, match="row-level security"):
            module.execute("INSERT INTO module_effects (execution_id, module) VALUES ('x', 'y')")
    with connect(database_urls, APP) as app:
        for table in shared:
            assert app.execute(WHOSE.format(table)).fetchall() == [("songs",)]


def test_each_user_begins_with_the_limits_of_its_module(database_urls: Urls) -> None:
    for module in house_modules():
        with connect(database_urls, module_user(module.name)) as connection:
            [told] = connection.execute(
                "SELECT extract(epoch FROM current_setting('statement_timeout')::interval)"
            ).fetchone() or [0]
            [idle] = connection.execute("SHOW idle_in_transaction_session_timeout").fetchone() or [
                ""
            ]
        assert (float(told), idle) == (module.timeout_seconds, "5s")


def test_a_limit_that_a_user_lifted_for_itself_is_back_after_a_deploy(database_urls: Urls) -> None:
    """PostgreSQL lets everybody change what his own sessions begin with, in one database too."""
    name = module_user(f"lifts{secrets.token_hex(4)}")
    password = derived_password(password_of(database_urls[MASTER_URL]), name)
    user = DatabaseUser(name=name, password=password, settings=of_a_module(2.0))
    asked = "SELECT current_setting('statement_timeout'), current_setting('search_path')"
    with closing(Postgres(as_owner(database_urls))) as postgres:
        make_users(postgres, [user])
        with connect(database_urls, name) as module:
            before = module.execute(asked).fetchone()
            here = sql.Identifier(module.info.dbname)
            for where in (sql.SQL(""), sql.SQL("IN DATABASE {} ").format(here)):
                lifted = sql.SQL("ALTER ROLE {} {}SET statement_timeout = 0")
                module.execute(lifted.format(sql.Identifier(name), where))
            path = sql.SQL("ALTER ROLE {} SET search_path = pg_temp, public")
            module.execute(path.format(sql.Identifier(name)))
        with connect(database_urls, name) as module:
            assert module.execute(asked).fetchone() == ("0", "pg_temp, public")

        assert make_users(postgres, [user]) == [name]

        with connect(database_urls, name) as module:
            assert module.execute(asked).fetchone() == before == ("2s", "public")
        assert make_users(postgres, [user]) == []


def test_a_deploy_says_who_holds_its_lock_in_place_of_waiting_for_ever(deployed: Urls) -> None:
    """Everybody may take an advisory lock of any number."""
    with connect(deployed, MEMORIES) as module:
        module.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        with pytest.raises(Unavailable, match=rf"{MEMORIES} holds .*pg_terminate_backend\(\d+\)"):
            deploy(deployed)
    assert deploy(deployed) == {"migrations": []}


def test_a_deploy_gives_back_what_was_taken_and_the_next_one_has_nothing_to_do(
    deployed: Urls, memories: ModuleDoor[Any], caplog: pytest.LogCaptureFixture
) -> None:
    quote = {**a_call("Waddle on!", command="addquote").to_wire(), "execution_id": "e1"}
    with connect(deployed, OWNER) as owner:
        owner.execute(f"REVOKE INSERT ON memories FROM {MEMORIES}".encode())

    with caplog.at_level(logging.ERROR), pytest.raises(Unavailable, match="deploy again") as failed:
        memories(quote, AwsContext())

    assert f"lets {MEMORIES} not do that (permission denied for table memories)" in str(failed)
    deploy(deployed)
    answer, *_ = memories(quote, AwsContext())
    assert answer["chat_message"] == "Kept as quote #1."
    with connect(deployed, OWNER) as owner:
        before = owner.execute("SELECT relname, relacl, xmin FROM pg_class").fetchall()
        deploy(deployed)
        assert owner.execute("SELECT relname, relacl, xmin FROM pg_class").fetchall() == before


def test_the_user_of_a_module_that_was_taken_out_is_let_in_no_more_until_it_is_back(
    deployed: Urls,
) -> None:
    """Its name is this test's alone: all databases of a server have the same users."""
    name = f"gone{secrets.token_hex(4)}"
    gone = dataclasses.replace(NOTEBOOK, name=name)
    at_home(deployed, gone, f"{name}_notes", "note text")
    connect(deployed, module_user(name)).close()
    deploy(deployed)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        connect(deployed, module_user(name))
    connect(deployed, MEMORIES).close()

    back = DatabaseUser(
        name=module_user(name),
        password=derived_password(password_of(deployed[MASTER_URL]), module_user(name)),
    )
    with closing(Postgres(as_owner(deployed))) as postgres:
        assert make_users(postgres, [back]) == [module_user(name)]
    with connect(deployed, module_user(name)) as module:
        module.execute(SELECT.format(sql.Identifier(f"{name}_notes")))


def test_who_is_not_let_in_is_told_what_to_do(database_urls: Urls) -> None:
    unknown = url_of(database_urls[MASTER_URL], "waddlebot_nobody")
    with pytest.raises(Unavailable, match="does not let waddlebot_nobody in: deploy again"):
        Postgres(unknown).write("SELECT 1")


def test_a_database_of_one_user_is_handed_over_with_all_that_is_in_it(
    deployed: Urls, servers: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the release before left it; who went back to that goes on as the master."""
    name = f"{deployed['DATABASE_URL'].rpartition('/')[2]}_before"
    there = {
        "DATABASE_URL": with_path(as_owner(deployed), name),
        MASTER_URL: with_path(deployed[MASTER_URL], name),
    }
    with psycopg.connect(servers["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            before = Postgres(there[MASTER_URL])
            migrate_all(before)
            before.write("INSERT INTO memory_numbers VALUES (1, 'memories', 7)")
            for variable, url in there.items():
                monkeypatch.setenv(variable, url)

            deploy(deployed)

            owners = before.write(
                "SELECT DISTINCT tableowner AS name FROM pg_tables"
                " WHERE schemaname IN ('public', 'specification')"
            )
            assert [one["name"] for one in owners] == [OWNER]
            with connect(there, MEMORIES) as module:
                assert module.execute("SELECT last FROM memory_numbers").fetchall() == [(7,)]
            with connect(there, APP) as app:
                app.execute("SELECT * FROM specification.entities")
            assert before.write("UPDATE memory_numbers SET last = 8 RETURNING last")
            before.write("ALTER TABLE memories ADD COLUMN more text")
            before.close()
        finally:
            server.execute(sql.SQL("DROP DATABASE {} (FORCE)").format(sql.Identifier(name)))


def test_a_users_rights_are_those_that_are_documented(deployed: Urls) -> None:
    deploy(deployed)
    with connect(deployed, OWNER) as owner:
        rows = owner.execute(
            """
            SELECT table_name, array_agg(privilege_type::text ORDER BY privilege_type)
            FROM information_schema.role_table_grants WHERE grantee = %s GROUP BY 1 ORDER BY 1
            """,
            (MEMORIES,),
        ).fetchall()
    memories = ("memories", "memory_categories", "memory_numbers", "memory_pins")
    own = [*memories, "memory_reactions", "module_effects", "private_notes", "reminders"]
    assert rows == sorted(
        [
            ("due", ["DELETE", "INSERT", "SELECT"]),
            *((table, sorted(ROWS)) for table in own),
        ]
    )


def deploy(urls: Urls) -> dict[str, Any]:
    assert urls
    return migrate_handler.handler({}, AwsContext())
