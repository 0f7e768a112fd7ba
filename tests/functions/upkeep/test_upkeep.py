"""What a deployment and the clock start, on a database of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from psycopg import sql

from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.upkeep import migrate_handler, sweep_handler, sync_commands_handler
from functions.upkeep.command_table_rows import CommandDeclaredTwice
from functions.upkeep.sweep_handler import sweep
from functions.upkeep.sync_commands_handler import sync_commands
from tests.helpers.servers import Urls, as_owner, with_path
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.needs import MASTER_URL
from waddlebot.stores import keys
from waddlebot.stores.api_keys import ApiKeys, hash_key
from waddlebot.stores.migrator import Migration, MigrationWrong, Patience, migrate
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.module import Module, command, on
from waddlebot_sdk.roles import Role


@pytest.fixture
def environment(database_urls: Urls, monkeypatch: pytest.MonkeyPatch) -> Urls:
    for name, value in database_urls.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", as_owner(database_urls))  # of those here alone
    monkeypatch.delenv("WADDLEBOT_API_KEY", raising=False)
    return database_urls


def test_a_database_is_made_from_nothing_and_the_second_run_has_nothing_to_do(
    environment: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = f"{environment['DATABASE_URL'].rpartition('/')[2]}_empty"
    name, own = sql.Identifier(empty), as_owner(environment)
    with psycopg.connect(environment[MASTER_URL], autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        for variable, url in ((MASTER_URL, environment[MASTER_URL]), ("DATABASE_URL", own)):
            monkeypatch.setenv(variable, with_path(url, empty))

        first = migrate_handler.handler({}, None)
        second = migrate_handler.handler({}, None)

        connection.execute(sql.SQL("DROP DATABASE {}").format(name))
    assert first["migrations"][0] == "house/0001_the_house"
    assert "memories/0001_memories" in first["migrations"]
    assert second == {"migrations": []}


def test_the_operators_key_is_let_in_and_only_its_hash_kept(
    environment: Urls, database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment
    monkeypatch.setenv("WADDLEBOT_API_KEY", "wbk_for_tests")

    for _ in range(2):
        migrate_handler.handler({}, None)

    key = ApiKeys(database).find(hash_key("wbk_for_tests"))
    assert key == migrate_handler.OPERATOR
    assert ApiKeys(database).find(hash_key("another")) is None
    assert "wbk_for_tests" not in str(database.write("SELECT * FROM api_keys"))


def test_a_failing_migration_leaves_nothing_and_stops_those_behind_it(
    owner: Postgres, tmp_path: Path
) -> None:
    broken = tmp_path / "0001_broken.sql"
    broken.write_text("CREATE TABLE half (id int); SELECT nonsense;")
    behind = tmp_path / "0002_behind.sql"
    behind.write_text("CREATE TABLE behind (id int);")
    both = [Migration(module="a_test", path=path) for path in (broken, behind)]

    with pytest.raises(MigrationWrong, match="0001_broken"):
        migrate(owner, both)

    tables = owner.write("SELECT tablename FROM pg_tables WHERE tablename IN ('half', 'behind')")
    assert tables == []
    broken.write_text("CREATE TABLE whole (id int);")
    assert migrate(owner, both) == ["a_test/0001_broken", "a_test/0002_behind"]


def test_a_migration_does_not_queue_behind_a_long_lock_for_ever(
    owner: Postgres, database_urls: Urls, tmp_path: Path
) -> None:
    path = tmp_path / "0001_locked.sql"
    path.write_text("ALTER TABLE due ADD COLUMN more text;")
    with psycopg.connect(database_urls["DATABASE_URL"]) as reader:
        reader.execute("SELECT count(*) FROM due")

        with pytest.raises(Unavailable):
            migrate(
                owner,
                [Migration(module="a_test", path=path)],
                Patience(tries=1, lock_timeout="50ms"),
            )

    assert migrate(owner, [Migration(module="a_test", path=path)]) == ["a_test/0001_locked"]


def a_module(name: str = "quotes", **fields: Any) -> Module[None]:
    declare = command(
        "quote [number]",
        "Show a quote.",
        example="quote 3",
        also=("quotes show",),
        role=Role.MODERATOR,
        cooldown_seconds=5,
    )
    body = declare(lambda _call, _tools: None)
    return Module(name=name, summary="A test's.", **{"commands": (body,), **fields})


def table(database: Postgres) -> list[dict[str, Any]]:
    return database.write("SELECT * FROM commands WHERE is_active ORDER BY prefix, command")


def test_commands_aliases_and_listeners_get_a_row_each(
    database: Postgres, versions: Versions
) -> None:
    module = a_module(listens=(on("raid", lambda _call, _tools: None),))

    sync_commands(declared_commands([module], []), database, versions)

    listener, command_row, alias = table(database)
    assert (listener["command"], listener["event_types"]) == ("quotes:on:raid", ["raid"])
    assert (command_row["command"], command_row["usage"]) == ("quote", "quote [number]")
    assert (command_row["role"], command_row["cooldown_seconds"]) == ("moderator", 5)
    assert (alias["canonical"], alias["usage"]) == ("quote", "quotes show [number]")


def test_the_token_changes_only_with_the_table(database: Postgres, versions: Versions) -> None:
    def token(*modules: Module[None]) -> str | None:
        sync_commands(declared_commands(modules, []), database, versions)
        return versions.read([keys.commands_version()])[keys.commands_version()]

    first = token(a_module())
    same = token(a_module())
    gone = token()
    back = token(a_module())

    assert first == same
    assert len({first, gone, back}) == 3
    assert len(table(database)) == 2
    [row] = database.write("SELECT version FROM table_versions")
    assert row["version"] == back


def test_what_is_not_declared_any_more_is_out_of_use(
    database: Postgres, versions: Versions
) -> None:
    sync_commands(declared_commands([a_module()], []), database, versions)

    sync_commands(declared_commands([], []), database, versions)

    assert table(database) == []
    assert len(database.write("SELECT id FROM commands")) == 2


def test_one_command_of_two_modules_is_refused_with_both_names(
    database: Postgres, versions: Versions
) -> None:
    declared = declared_commands([a_module("quotes"), a_module("sayings")], [])

    with pytest.raises(CommandDeclaredTwice, match="'!quote' is declared by quotes and sayings"):
        sync_commands(declared, database, versions)


def test_all_that_is_in_the_house_can_be_synced(
    environment: Urls, database: Postgres, cache: redis.Redis
) -> None:
    assert environment
    declared = declared_commands(lambda_modules(), builtin_modules())

    told = sync_commands_handler.handler(declared, None)

    assert told == {"changed": True, "commands": len(table(database))}
    assert cache.get(keys.commands_version())
    assert sync_commands_handler.handler(declared, None)["changed"] is False


def partitions(database: Postgres, parent: str) -> list[str]:
    rows = database.write(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits "
        "WHERE inhparent = %s::regclass ORDER BY 1",
        (parent,),
    )
    return [row["name"] for row in rows]


def test_the_sweep_keeps_days_ahead_and_drops_old_ones(environment: Urls, owner: Postgres) -> None:
    now = datetime.now(UTC)
    assert environment
    assert sweep_handler.handler({}, None) == {
        "dropped": [],
        "deleted": {
            "messages": 0,
            "messages kept as usual": 0,
            "happenings": 0,
            "module_effects": 0,
            "reputation_deeds": 0,
            "entity_labels": 0,
            "identity_codes": 0,
            "identity_guesses": 0,
            "community_invites": 0,
            "user_api_keys": 0,
            "due": 0,
            "overlay_pushes": 0,
        },
        "faded": 0,
    }

    told = sweep(owner, now + timedelta(days=10))

    dropped = {name.rpartition("_")[0] for name in told["dropped"]}
    assert dropped <= {"messages", "happenings"}
    messages, executions = (partitions(owner, name) for name in ("messages", "command_executions"))
    assert messages[0] == f"messages_{now + timedelta(days=3):%Y%m%d}"
    assert messages[-1] == f"messages_{now + timedelta(days=24):%Y%m%d}"
    assert executions[0] == f"command_executions_{now - timedelta(days=1):%Y%m%d}"


def test_lines_are_kept_as_long_as_their_community_wants(
    database: Postgres, owner: Postgres, versions: Versions
) -> None:
    now = datetime.now(UTC)
    kept = {"usual": None, "short": 2, "long": 30}
    with editing(database, versions) as edit:
        for name, days in kept.items():
            community = Places(edit).join([EntityId(f"twitch:channel:{name}")], name)
            if days is not None:
                CommunitySettings(edit).set(community, "waddlebot", "keep_days", days)
            edit.connection.execute(
                """
                INSERT INTO messages (event_id, occurred_on, occurred_at, community_id, entity_id,
                    platform, text, commands_version, community_version)
                VALUES (%s, %s, %s, %s, 'e', 'twitch', %s, '', '')
                """,
                (name, now.date(), now, community, name),
            )

    def left_after(days: int) -> set[str]:
        sweep(owner, now + timedelta(days=days))
        return {row["text"] for row in database.write("SELECT text FROM messages")}

    assert left_after(1) == {"usual", "short", "long"}
    assert left_after(3) == {"usual", "long"}
    assert left_after(9) == {"long"}
    assert left_after(29) == {"long"}
    assert left_after(31) == set()


def test_the_sweep_takes_what_has_served_its_time(owner: Postgres) -> None:
    now = datetime.now(UTC)
    owner.write(
        "INSERT INTO module_effects (execution_id, unsure) VALUES ('old', false), ('open', true)"
    )

    assert sweep(owner, now + timedelta(days=1))["deleted"]["module_effects"] == 0
    assert sweep(owner, now + timedelta(days=3))["deleted"]["module_effects"] == 1
    assert sweep(owner, now + timedelta(days=31))["deleted"]["module_effects"] == 1
