"""What the specification names is there under its name, says something, and is read by somebody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from functions.communities import handler as communities
from functions.operations import handler as operations
from functions.upkeep import erase_handler
from tests.contract import specification
from tests.contract.specification import (
    SHOWS_ALL,
    find_missing,
    find_silent,
    find_unread,
    read_names,
    words_read,
)
from tests.helpers.added_modules import join
from tests.helpers.aws_context import logging_restored
from tests.helpers.communities_api import ask as rest
from tests.helpers.connected import a_connection, canary, connections_of
from tests.helpers.http_doors import says
from tests.helpers.lambda_stand_in import Door
from tests.helpers.operations_api import ask
from tests.helpers.router_doors import Doors, open_doors
from tests.helpers.servers import Urls
from tests.helpers.stream_doors import route, told
from waddlebot.domain.connections import Owner, OwnerKind
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Speaker
from waddlebot.stores.api_keys import ADMIN, COLLECTOR, ApiKey, ApiKeys, hash_key
from waddlebot.stores.claims import Claimable, Claims, Live
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.specified import Table
from waddlebot.stores.versions import Versions
from waddlebot_sdk import Chat, Module
from waddlebot_sdk.calls import Call
from waddlebot_sdk.module import ExecutionMode, command
from waddlebot_sdk.roles import Role

__all__ = ["logging_restored"]  # a fixture

PENGUINS, SEALS = "twitch:channel:1001", "discord:channel:9/1"
PRIVATE = EntityId("discord:channel:555")
OLGA = "100000000000000009"
TABLES = "GET /api/operations/tables/{table}"
PREFER = "POST /api/operations/claims/prefer"
ROUTES, CLAIMS = "functions/communities/router_routes.py", "functions/operations/claims.py"
TOKEN = "xoxb-1234567890-abcdefgh"


@command("sing <words>", "Sing something.", example="sing la")
def sing(_: Call, __: None) -> Chat:
    return Chat("la")


@command("hum <words>", "Hum for one alone.", example="hum la", also=("murmur",), private=True)
def hum(_: Call, __: None) -> Chat:
    return Chat("mm")


SONGS: Module[None] = Module(
    name="songs",
    summary="Sings.",
    commands=(sing, hum),
    timeout_seconds=1.5,
    priority=50,
    execution_mode=ExecutionMode.PARALLEL,
)


@pytest.fixture
def doors(  # noqa: PLR0917 - fixtures
    database: Postgres,
    versions: Versions,
    database_urls: Urls,
    streams: redis.Redis,  # noqa: ARG001 - flushed
    limits: redis.Redis,  # noqa: ARG001 - flushed
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[Doors]:
    """With a module more, which sings what it is asked for unless that is `nothing`."""
    with open_doors(database, versions, database_urls, monkeypatch) as doors:
        join(database, versions, SONGS)
        doors.handlers["songs"] = _sing
        scopes = frozenset({COLLECTOR, ADMIN})
        key = ApiKey(account="operator", scopes=scopes, per_minute=1000)
        ApiKeys(database).insert(hash_key("key-admin"), key)
        yield doors
        operations.forget()


def _sing(wire: dict[str, Any], _: object) -> dict[str, Any]:
    if "personal_data" in wire:
        return {"erased": 0}
    if "nothing" in json.dumps(wire):
        raise ValueError("out of tune")
    return {
        "session_id": wire["session_id"],
        "success": True,
        "response_action": "chat",
        "chat_message": "la",
    }


def _say(doors: Doors, line: str, *, at: str = PENGUINS, who: str = "7", **fields: Any) -> str:
    asked = says(line, entity_id=at, user_id=who, username=f"Ana {who}", **fields)
    return " ".join(doors.asks(asked).texts)


def _owner_says(doors: Doors, line: str) -> str:
    return _say(doors, line, at=SEALS, who=OLGA, roles=["owner"])


def _busy_once(doors: Doors) -> None:
    """The next call of the module is refused at first: there are too many."""
    answer = doors.functions.answer

    def refuse(door: Door) -> None:
        if door.function != "songs":
            return answer(door)
        doors.functions.answer = answer
        return door.says({"Type": "User"}, 429)

    doors.functions.answer = refuse


def _fill(doors: Doors, database: Postgres, versions: Versions) -> None:
    _say(doors, "hello")
    _busy_once(doors)
    assert _say(doors, "!sing shall I?") == "la"
    _say(doors, "!sing nothing", who="8")
    _say(doors, "!help")
    _owner_says(doors, "hello there")
    assert "de" in _owner_says(doors, "!settings set language de")
    given = _owner_says(doors, f"!roles give <@{OLGA}> owner")
    assert "owner" in given, given
    _owner_says(doors, "!waddlebot off")
    join(database, versions)  # a release that sings no more
    _carry(database)


def _carry(database: Postgres) -> None:
    """As gateways do."""
    claims = Claims(database)
    claims.populate("discord", ["shard 0 of 1"])
    claims.populate("twitch", ["1001", "1002"])
    claims.set_live("twitch", [Live(channel="1001", viewers=12)])
    shard = Claimable(platform="discord", channel="shard 0 of 1")
    claims.take("gateway-1", [shard], alive=["gateway-1"])
    claims.tell("gateway-1", shard, servers=["9"])
    wanted = {"platform": "twitch", "channel": "1002", "priority": 10}
    assert ask(PREFER, wanted, key="key-admin")[0] == 200


def test_each_column_of_the_specification_is_there_says_something_and_is_read(
    doors: Doors,
    database: Postgres,
    database_urls: Urls,
    versions: Versions,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _fill(doors, database, versions)
    capsys.readouterr()
    assert (specification.main(["--filled"]), capsys.readouterr().out) == (0, "")
    names = read_names()

    with psycopg.connect(database_urls["DATABASE_URL"]) as connection:
        assert list(find_missing(connection, names)) == []
        assert "; ".join(find_silent(connection, names)) == ""
    assert list(find_unread(names)) == []
    for table in Table:
        status, told = ask(TABLES, key="key-admin", table=table.value)
        assert status == 200
        assert told["rows"]
        assert told["rows"][0].keys() >= names[table.value].keys()


def test_what_is_missing_says_nothing_or_has_no_reader_is_named(
    database: Postgres, database_urls: Urls
) -> None:
    assert database.read("SELECT id FROM specification.servers") == []
    names = {
        "servers": {
            "id": "",
            "colour": "nobody",
            "owner": "functions/nowhere.py",
            "webhook_url": "functions/operations/tables.py",
            "config": "functions/declaration.py",
            "platform": "functions/declaration.py[writes]; stores/claims.py[platform]",
        }
    }

    with psycopg.connect(database_urls["DATABASE_URL"]) as connection:
        found = [*find_missing(connection, names)]
        silent = list(find_silent(connection, {"servers": {"owner": "somebody"}}))

    assert found == ["servers.colour is missing"]
    assert silent == ["servers.owner says the same in every row"]
    assert list(find_unread(names)) == [
        "servers.id has no reader",
        "servers.colour has no reader",
        "servers.owner: there is no functions/nowhere.py",
        f"servers.webhook_url: {SHOWS_ALL} shows what there is, and reads nothing of it",
        "servers.config: functions/declaration.py does not read config",
        "servers.platform: functions/declaration.py does not read writes",
    ]


def test_what_a_comment_a_docstring_or_a_writing_statement_names_is_not_read(
    tmp_path: Path,
) -> None:
    file = tmp_path / "store.py"
    file.write_text(
        '''"""It knows the colour."""
SQL = "INSERT INTO t (shape) VALUES (1) ON CONFLICT DO UPDATE SET size = EXCLUDED.size RETURNING id"
def f(row, name):  # the weight
    row.age = name
    return row["taste"], row.smell
'''
    )

    read = words_read(file)

    assert {"id", "taste", "smell"} <= read
    assert not {"colour", "shape", "weight", "age"} & read


LOOKED_UP = {
    "servers": "/entities",
    "entities": "/entities",
    "commands": "/commands",
    "command_executions": "/responses/recent",
}


def test_what_is_read_over_rest_stands_in_its_answers(
    doors: Doors, database: Postgres, versions: Versions
) -> None:
    _fill(doors, database, versions)
    rows = database.write("SELECT community_id FROM entities WHERE entity_id = %s", (PENGUINS,))
    ours = {"community": rows[0]["community_id"]}
    answers = {
        table: rest("GET", path, key="key-admin", query=ours, at="/api/router").data
        for table, path in LOOKED_UP.items()
    }
    answers["coordination"] = ask("GET /api/operations/claims", key="key-admin")[1]["claims"]
    communities.forget()

    for table, columns in read_names().items():
        for column, reader in columns.items():
            if f"{ROUTES}:" in f"{reader}:" or reader.startswith((f"{ROUTES};", CLAIMS)):
                assert any(column in row for row in answers[table]), f"{table}.{column}"


def _executions(doors: Doors) -> list[dict[str, Any]]:
    assert doors
    status, told = ask(TABLES, key="key-admin", table="command_executions")
    assert status == 200
    rows: list[dict[str, Any]] = told["rows"]
    return rows


def _kept(database: Postgres) -> str:
    """All that is kept of calls, as it lies there."""
    rows = database.write("SELECT to_jsonb(ran)::text AS text FROM command_executions AS ran")
    return " ".join(row["text"] for row in rows)


def test_a_call_shows_what_was_asked_of_whom_and_how_that_ended(doors: Doors) -> None:
    _busy_once(doors)
    _say(doors, "!sing shall I?")
    _say(doors, "!sing nothing", who="8")

    sung, failed = sorted(_executions(doors), key=lambda row: str(row["status"]), reverse=True)

    assert sung["message_content"] == "!sing shall I?"
    assert sung["parameters"] == ["shall", "I?"]
    assert (sung["location_url"], sung["response_status"], sung["retry_count"]) == ("songs", 200, 1)
    assert sung["request_payload"]["raw_message"] == "shall I?"
    assert sung["response_data"][0]["chat_message"] == "la"
    assert (failed["response_status"], failed["status"]) == (502, "failed")
    assert "out of tune" in failed["error_message"]


@pytest.mark.parametrize("typed", ["!hum tralala", "!murmur tralala"])
def test_of_a_private_command_or_an_alias_of_it_no_text_is_kept(
    doors: Doors, database: Postgres, typed: str
) -> None:
    _say(doors, typed)

    [row] = _executions(doors)

    assert row["message_content"] == "!hum"
    assert (row["parameters"], row["response_data"]) == ([], [])
    assert "tralala" not in json.dumps(row)
    assert "tralala" not in _kept(database)


def test_of_what_was_typed_in_private_no_text_is_kept(doors: Doors, database: Postgres) -> None:
    user = Speaker(id="7", name="Ana", role=Role.USER)
    _say(doors, "hello", at=SEALS)
    route(told("!sing tralala", entity=PRIVATE, private=True, user=user, id="discord:77"))

    assert doors
    assert "tralala" not in json.dumps(_executions(doors))
    assert "tralala" not in _kept(database)


def test_what_is_kept_of_a_call_takes_eight_kilobytes_and_no_sign_is_cut(
    doors: Doors, database: Postgres
) -> None:
    _say(doors, "hello")
    route(told("!sing " + "aé🐧 " * 3000, entity=EntityId(PENGUINS)))

    [row] = [one for one in _executions(doors) if one["location_url"] == "songs"]

    for column, value in row.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        assert len(text.encode()) <= 8192, column
    assert row["message_content"].startswith("!sing aé🐧 aé🐧")
    assert "�" not in row["message_content"]
    [kept] = database.write(
        "SELECT octet_length(arguments) AS bytes FROM command_executions WHERE module = 'songs'"
    )
    assert 8000 < kept["bytes"] <= 8192


def test_secrets_that_were_typed_are_masked(doors: Doors, database: Postgres) -> None:
    hook = "https://discord.com/api/webhooks/123/sEcReT-part"
    _say(doors, f"!sing my password: hunter22 and {TOKEN} or {hook} la")

    [row] = _executions(doors)

    assert row["message_content"].startswith("!sing my password: (hidden) and (hidden) or https://")
    assert row["message_content"].endswith(" la")
    for secret in ("hunter22", TOKEN, "sEcReT-part"):
        assert secret not in json.dumps(row)
        assert secret not in _kept(database)


def test_calls_are_forgotten_with_who_made_them(doors: Doors, database: Postgres) -> None:
    _say(doors, "!sing tralala", who="7")
    _say(doors, "!sing lalala", who="8")
    asked = {"platform": "twitch", "user_id": "7"}
    assert ask("POST /api/operations/people/erase", asked, key="key-admin")[0] == 200
    database.write("UPDATE erasures SET asked_at = now() - interval '1 min'")
    erase_handler.handler({}, None)

    assert {row["user_id"] for row in _executions(doors)} == {"8"}
    assert "tralala" not in _kept(database)


def test_tables_are_read_page_by_page_by_operators_alone(doors: Doors) -> None:
    assert doors
    seen: list[int] = []
    query = {"limit": "50"}
    while True:
        status, told = ask(TABLES, key="key-admin", table="commands", query=query)
        assert status == 200
        seen += [row["id"] for row in told["rows"]]
        if told["next"] is None:
            break
        query = {"limit": "50", "after": str(told["next"])}

    assert len(seen) == len(set(seen)) > 50
    assert seen == sorted(seen)
    assert ask(TABLES, key="wbk_collector", table="commands")[0] == 403
    assert ask(TABLES, key="key-admin", table="secrets")[1]["error"]["code"] == "UNKNOWN_TABLE"
    assert ask(TABLES, key="key-admin", table="commands", query={"after": "x"})[0] == 400


def _servers() -> dict[str, dict[str, Any]]:
    status, told = ask(TABLES, key="key-admin", table="servers")
    assert status == 200
    return {f"{row['server_id']} {row['channel']}": row for row in told["rows"]}


def test_servers_tell_what_is_connected_and_in_which_state(
    doors: Doors, database: Postgres
) -> None:
    kept = connections_of(database)
    _say(doors, "hello", at="slack:channel:T1/C1")
    _say(doors, "hello", at="slack:channel:T3/C3")
    [row] = database.write(
        "SELECT community_id AS id FROM entities WHERE entity_id = 'slack:channel:T1/C1'"
    )
    owner = Owner(OwnerKind.COMMUNITY, str(row["id"]))
    for account in ("T1", "T2"):
        kept.keep(a_connection(account, owner=owner), canary())
    kept.keep(a_connection("app", service="twitch"), canary())  # the house's own

    servers = _servers()

    assert servers.keys() == {"T1 C1", "T3 C3", "T2 None"}
    told = {name: (one["is_active"], one["config"]["connection"]) for name, one in servers.items()}
    assert told == {
        "T1 C1": (True, "connected"),
        "T3 C3": (True, "house"),
        "T2 None": (True, "connected"),
    }
    assert len({one["id"] for one in servers.values()}) == 3

    for account in ("T1", "T2"):
        found = kept.find("slack", account)
        assert found
        kept.lose(replace(found), "Slack does not know the token any more.")
    told = {
        name: (one["is_active"], one["config"]["connection"]) for name, one in _servers().items()
    }
    assert told["T1 C1"] == told["T2 None"] == (False, "lost")
    assert _servers()["T1 C1"]["config"]["why"].startswith("Slack does not know")
    assert "canary" not in json.dumps(_servers())


def test_every_foreign_key_has_an_index_and_every_id_is_a_key(database_urls: Urls) -> None:
    with psycopg.connect(database_urls["DATABASE_URL"]) as connection:
        bare = connection.execute(
            """
            SELECT conrelid::regclass::text, conname FROM pg_constraint AS held
            WHERE contype = 'f' AND connamespace = 'public'::regnamespace
                AND conparentid = 0 AND NOT EXISTS (
                SELECT FROM pg_index WHERE indrelid = conrelid
                    AND (indkey::int2[])[0] = conkey[1]
            )
            ORDER BY 1, 2
            """
        ).fetchall()
        without_key = connection.execute(
            """
            SELECT attrelid::regclass::text FROM pg_attribute
            JOIN pg_class ON pg_class.oid = attrelid
            WHERE attname = 'id' AND relkind IN ('r', 'p')
                AND relnamespace = 'public'::regnamespace AND NOT EXISTS (
                    SELECT FROM pg_index WHERE indrelid = attrelid AND indisunique
                        AND (indkey::int2[])[0] = attnum)
            """
        ).fetchall()

    assert bare == []
    assert without_key == []


def test_channels_are_taken_by_priority_then_on_air_viewers_and_when_last_seen(
    doors: Doors, database: Postgres
) -> None:
    claims = Claims(database)
    claims.populate("twitch", ["1", "2", "3", "4", "5", "6"])
    claims.set_live("twitch", [Live(channel="3", viewers=7), Live(channel="4", viewers=9)])
    _say(doors, "hello", at="twitch:channel:6")
    held = [Claimable(platform="twitch", channel="6")]
    claims.take("gateway-1", held, alive=["gateway-1"])
    database.write("UPDATE coordination SET claim_expires = now() + interval '30 s'")
    claims.look("gateway-1")  # it checks in
    wanted = {"platform": "twitch", "channel": "2", "priority": 10}
    assert ask(PREFER, wanted, key="key-admin")[0] == 200

    assert [one.channel for one in claims.look()] == ["2", "4", "3", "6", "1", "5"]
