"""Whoever asked to be forgotten is: by modules, in Valkey and in the house's tables, at last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis

from functions.upkeep import erase_handler
from tests.functions.router.builders import a_speaker, an_event
from tests.functions.router.doors import Doors, open_doors
from tests.operations.letters import a_dead_event
from tests.servers import Urls
from tests.waddlebot.runtime.aws_context import logging_restored
from tests.waddlebot.runtime.lambda_stand_in import Door
from waddlebot.stores import keys
from waddlebot.stores.erasures import ask_to_forget
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.keys import Partition
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

__all__ = ["logging_restored"]

WHO = "987654321"
PLACE = "twitch:channel:1001"


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
    with open_doors(database, versions, database_urls, monkeypatch) as doors:
        yield doors


def says(doors: Doors, line: str, user: str = WHO) -> Any:
    body = {
        "message_type": "chatMessage",
        "entity_id": PLACE,
        "user_id": user,
        "username": "Persephone" if user == WHO else "Max",
        "roles": ["moderator"],
        "message": line,
    }
    return doors.asks(body).texts[-1]


def asks_to_be_forgotten(database: Postgres) -> None:
    with database.writer() as connection:
        ask_to_forget(connection, "twitch", WHO)
    database.write("UPDATE erasures SET asked_at = now() - interval '1 min'")


def test_modules_valkey_and_tables_forget(
    doors: Doors, database: Postgres, streams: redis.Redis, limits: redis.Redis
) -> None:
    assert "Kept as note" in says(doors, '!addnote secret "my own note"')
    assert "Kept as quote" in says(doors, "!addquote Waddle on")
    says(doors, "!help", user="5")
    a_dead_event(streams, an_event("hi", user=a_speaker(WHO)))
    kept = a_dead_event(streams, an_event("hi", user=a_speaker("5")))
    theirs, others = (keys.command_window(1, f"twitch:{one}", "!help") for one in (WHO, f"{WHO}0"))
    limits.zadd(theirs, {"x": 1})
    limits.zadd(others, {"x": 1})
    asks_to_be_forgotten(database)

    assert erase_handler.handler({}, None) == {"forgotten": 1, "left": 0}

    notes = database.write("SELECT kind, created_by, created_by_name FROM memories WHERE is_active")
    assert notes == [{"kind": "quote", "created_by": "", "created_by_name": ""}]
    letters: Any = streams.xrange(Partition().dead_letters())
    assert [f"0-{number.decode()}" for number, _ in letters] == [kept]
    assert (limits.exists(theirs), limits.exists(others)) == (0, 1)
    users = {row["user_id"] for row in database.write("SELECT user_id FROM messages")}
    assert users == {"5"}
    assert database.write("SELECT * FROM erasures") == []
    assert erase_handler.handler({}, None) == {"forgotten": 0, "left": 0}


def test_a_module_that_does_not_answer_is_asked_again(doors: Doors, database: Postgres) -> None:
    says(doors, '!addnote secret "my own note"')
    asks_to_be_forgotten(database)
    answer = doors.functions.answer

    def away(door: Door) -> None:
        door.says({"errorType": "Boom"}, X_Amz_Function_Error="Unhandled")

    doors.functions.answer = away
    assert erase_handler.handler({}, None) == {"forgotten": 0, "left": 1}
    assert len(database.write("SELECT * FROM messages")) == 1
    doors.functions.answer = answer
    assert erase_handler.handler({}, None) == {"forgotten": 1, "left": 0}
    assert database.write("SELECT * FROM messages") == []


def test_whoever_linked_accounts_is_forgotten_on_all_of_them(
    database: Postgres, versions: Versions
) -> None:
    with editing(database, versions) as edit:
        Identities(edit).link(
            Identity(platform="twitch", user_id=WHO, name="Persephone"),
            Identity(platform="slack", user_id="U1", name="Percy"),
        )
    with database.writer() as connection:
        assert ask_to_forget(connection, "slack", "U1") == 2
        assert ask_to_forget(connection, "twitch", WHO) == 2
    asked = database.write("SELECT platform FROM erasures ORDER BY platform")
    assert [row["platform"] for row in asked] == ["slack", "twitch"]
