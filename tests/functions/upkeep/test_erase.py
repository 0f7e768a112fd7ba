"""Whoever asked to be forgotten is: by modules, in Valkey and in the house's tables, at last."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import redis

from functions.upkeep import erase_handler
from tests.helpers.connected import MASTER, a_connection, canary, connections_of
from tests.helpers.events_and_commands import a_speaker, an_event
from tests.helpers.lambda_stand_in import Door
from tests.helpers.letters import a_bad_row, a_dead_event, a_doubt
from tests.helpers.router_doors import Doors
from tests.helpers.service_stand_in import Handler, Service, serving
from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import HOUSE, Owner
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel, Event, MessageType, Speaker
from waddlebot.domain.known_people import KnownPerson
from waddlebot.domain.outcomes import Reply
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.runtime.needs import SEAL_KEY
from waddlebot.stores import keys
from waddlebot.stores.erasures import ask_to_forget
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.known_people import KnownPeople
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.receipts import Finished, ReceiptStore
from waddlebot.stores.versions import Versions, editing

WHO = "987654321"
PLACE = "twitch:channel:1001"


def says(doors: Doors, line: str, user: str = WHO, *, name: str = "", place: str = PLACE) -> Any:
    body = {
        "message_type": "chatMessage",
        "entity_id": place,
        "user_id": user,
        "username": name or ("Persephone" if user == WHO else "Max"),
        "roles": ["moderator"],
        "message": line,
    }
    return "".join(doors.asks(body).texts[-1:])


def asks_to_be_forgotten(database: Postgres, user: str = WHO) -> None:
    with database.writer() as connection:
        ask_to_forget(connection, Account("twitch", user))
    database.write("UPDATE erasures SET asked_at = now() - interval '1 min'")


def test_modules_valkey_and_tables_forget(
    doors: Doors, database: Postgres, owner: Postgres, streams: redis.Redis, limits: redis.Redis
) -> None:
    assert "Kept as note" in says(doors, '!addnote secret "my own note"')
    assert "Kept as quote" in says(doors, "!addquote Waddle on")
    says(doors, "!help", user="5")
    a_dead_event(streams, an_event("hi", user=Speaker(id=WHO, name="Persephone")))
    kept = a_dead_event(streams, an_event("hi", user=a_speaker("5")))
    theirs, others = (keys.command_window(1, f"twitch:{one}", "!help") for one in (WHO, f"{WHO}0"))
    limits.zadd(theirs, {"x": 1})
    limits.zadd(others, {"x": 1})
    asks_to_be_forgotten(database)

    assert erase_handler.handler({}, None) == {"forgotten": 1, "left": 0}

    notes = owner.write("SELECT kind, created_by, created_by_name FROM memories WHERE is_active")
    assert notes == [{"kind": "quote", "created_by": "", "created_by_name": ""}]
    letters: Any = streams.xrange(Partition().dead_letters())
    assert [f"0-{number.decode()}" for number, _ in letters] == [kept]
    assert (limits.exists(theirs), limits.exists(others)) == (0, 1)
    users = {row["user_id"] for row in database.write("SELECT user_id FROM messages")}
    assert users == {"5"}
    assert database.write("SELECT * FROM erasures") == []
    assert erase_handler.handler({}, None) == {"forgotten": 0, "left": 0}


def test_what_a_platform_said_of_somebody_is_forgotten_with_them(
    doors: Doors,  # noqa: ARG001 - open
    database: Postgres,
    cache: redis.Redis,
) -> None:
    store = KnownPeople(cache)
    for user in (WHO, "5"):
        store.keep_person(("twitch", user), KnownPerson(name="Persephone"))
    asks_to_be_forgotten(database)
    assert erase_handler.handler({}, None) == {"forgotten": 1, "left": 0}
    known = store.read([("twitch", WHO), ("twitch", "5")])
    assert known.people.keys() == known.names.keys() == {("twitch", "5")}


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
        assert ask_to_forget(connection, Account("slack", "U1")) == 2
        assert ask_to_forget(connection, Account("twitch", WHO)) == 2
    asked = database.write("SELECT platform FROM erasures ORDER BY platform")
    assert [row["platform"] for row in asked] == ["slack", "twitch"]


RECORD = "SELECT user_id, text FROM messages ORDER BY occurred_at, text"
ANSWERS = "SELECT user_id, arguments, response_data FROM command_executions ORDER BY occurred_at"
EFFECTS = """
    SELECT user_id, response FROM module_effects JOIN command_executions USING (execution_id)
    ORDER BY at
"""


def is_as_it_was(database: Postgres, statement: Any, before: list[Any], gone: str) -> bool:
    """But for the rows of one."""
    kept = [row for row in before if row.get("user_id") != gone]
    return bool(database.write(statement) == kept)


def test_whoever_is_called_the_and_is_number_one_takes_nothing_of_others_along(
    doors: Doors, database: Postgres, streams: redis.Redis, limits: redis.Redis
) -> None:
    says(doors, "hello", user="1", name="the")
    says(doors, "!addquote Mind the 1 gap, @the gap", user="88")
    says(doors, "!help the", user="11", name="thelma")
    says(doors, "the <@1> twitch:1 and @the rest", user="11", name="thelma")
    with database.writer() as connection:
        connection.execute(
            """
            INSERT INTO string_rules (community_id, string, match_type, case_sensitive,
                enabled_entity_ids, action, command_to_execute, message, priority, added_by, off_by)
            VALUES (1, 'x', 'word', false, '{}', 'warn', '', '', 1, 'twitch:1', 'twitch:11')
            """
        )
    record, answers = database.write(RECORD), database.write(ANSWERS)
    effects, audit = database.write(EFFECTS), database.write("SELECT * FROM audit_log")
    theirs = [keys.command_window(1, f"twitch:{one}", "!help") for one in ("11", "88")]
    theirs += [
        keys.command_window(7, "discord:1", "!help"),
        keys.limit_window(1, f"place:{PLACE}", "!help", 60),
        keys.account_window("twitch:1"),
        keys.command_window(1, "twitch:11", "#twitch:1:"),
    ]
    mine = [
        keys.command_window(1, "twitch:1", "!help"),
        keys.cooldown_window(12, "twitch:1", "!help"),
        keys.refusal_window(1, "twitch:1", "!help"),
        keys.limit_window(1, "twitch:1", "", 60),
    ]
    for key in (*theirs, *mine):
        limits.zadd(key, {"x": 1})
    letters = [
        a_dead_event(streams, an_event("the 1 and only", user=Speaker(id="11", name="thelma"))),
        a_dead_event(
            streams,
            an_event(
                "!verify", entity=EntityId("discord:channel:1/1"), user=Speaker(id="1", name="B")
            ),
        ),
        a_bad_row(streams, b'{"messages":[{"platform":"twitch","user_id":"11","text":"1"}]}'),
        a_bad_row(streams, b"no JSON, 1"),
    ]
    asks_to_be_forgotten(database, "1")

    assert erase_handler.handler({}, None) == {"forgotten": 1, "left": 0}

    left = database.write(RECORD)
    assert [row["text"] for row in left if "rest" in row["text"]] == [
        "the @somebody twitch:1 and @the rest"
    ]
    assert [row for row in left if "rest" not in row["text"]] == [
        row for row in record if row["user_id"] != "1" and "rest" not in row["text"]
    ]
    assert is_as_it_was(database, ANSWERS, answers, "1")
    assert is_as_it_was(database, EFFECTS, effects, "1")
    assert database.write("SELECT * FROM audit_log") == audit
    [rule] = database.write("SELECT added_by, off_by FROM string_rules")
    assert (rule["added_by"], rule["off_by"]) == ("", "twitch:11")
    assert limits.exists(*theirs) == len(theirs)
    assert limits.exists(*mine) == 0
    stood: Any = streams.xrange(Partition().dead_letters())
    assert [f"0-{number.decode()}" for number, _ in stood] == letters


def test_words_that_call_the_person_go_and_the_rest_of_the_row_stays(
    doors: Doors, database: Postgres
) -> None:
    says(doors, "hello")
    says(doors, "hi @persephone and @Persephone2", user="5")
    says(doors, "!addquote Persephone said so - @Persephone", user="5")
    says(doors, "!labels add @Persephone memories", user="5")
    says(doors, "!score @persephone", user="5")
    stands = len(database.write(RECORD))
    asks_to_be_forgotten(database)

    assert erase_handler.handler({}, None) == {"forgotten": 1, "left": 0}

    texts = [row["text"] for row in database.write(RECORD)]
    assert len(texts) == stands - 1
    assert "hi @somebody and @Persephone2" in texts
    said = str(database.write(ANSWERS)) + str(database.write(EFFECTS))
    assert "somebody" in said
    assert "@persephone" not in said.lower()
    assert "Kept as quote" in said
    for row in database.write(
        "SELECT response_data FROM command_executions WHERE arguments LIKE '@somebody%'"
    ):
        assert "persephone" not in str(row).lower()


def test_a_name_that_two_bear_is_forgotten_with_nobody_until_both_are(
    doors: Doors, database: Postgres
) -> None:
    says(doors, "hello")
    says(doors, "hello", user="6", name="PERSEPHONE", place="discord:channel:9/77")
    says(doors, "hi @Persephone", user="5")
    asks_to_be_forgotten(database)
    assert erase_handler.handler({}, None)["forgotten"] == 1
    assert "hi @Persephone" in [row["text"] for row in database.write(RECORD)]

    says(doors, "hello again")
    with database.writer() as connection:
        ask_to_forget(connection, Account("discord", "6"))
    asks_to_be_forgotten(database)
    assert erase_handler.handler({}, None)["forgotten"] == 2
    assert "hi @somebody" in [row["text"] for row in database.write(RECORD)]


def test_letters_and_kept_answers_of_the_person_go_and_others_lose_a_name(
    doors: Doors, database: Postgres, streams: redis.Redis
) -> None:
    says(doors, "hello")
    place = EntityId(PLACE)

    def a_reply(user: str, text: str, name: str) -> Reply:
        return Reply(
            id=f"{name}0",
            session_id="s",
            execution_id=name,
            entity=place,
            text=text,
            way_back=Channel(),
            user=user,
        )

    def an_action(name: str, user: str, by: str) -> PlatformAction:
        return PlatformAction(
            id=name,
            kind=ActionKind.TIMEOUT,
            entity=place,
            user=user,
            reason=f"{by}: because",
            asked_by=by,
            asked_by_name="Persephone" if by == WHO else "Max",
        )

    a_doubt(streams, a_reply(WHO, "Hi Persephone", "mine"))
    a_doubt(streams, a_reply("5", "Hi @Persephone", "others"))
    a_doubt(streams, an_action("about", WHO, "5"))
    a_doubt(streams, an_action("called", "@persephone", "5"))
    a_doubt(streams, an_action("by", "5", WHO))
    a_bad_row(
        streams,
        b'{"messages":[{"platform":"twitch","user_id":"%s","text":"a"},'
        b'{"platform":"twitch","user_id":"5","text":"@persephone"}],"points":[]}' % WHO.encode(),
    )
    surrogate = b'{"messages":[{"platform":"twitch","user_id":"%s","text":"\\ud800"}]}'
    a_bad_row(streams, surrogate % WHO.encode())
    receipts = ReceiptStore(streams, Partitions())
    for user in (WHO, "5"):
        event = Event(
            id=f"twitch:{user}",
            type=MessageType.CHAT_MESSAGE,
            entity=place,
            user=Speaker(id=user, name="x"),
            occurred_at=datetime.now(UTC),
            way_back=Channel(),
            asked_until=datetime.now(UTC) + timedelta(seconds=5),
        )
        receipts.begin([event], "owner", 5)
        reply = a_reply(user, f"{WHO} is a number", f"kept-{user}")
        receipts.finish(
            [Finished(event=event, always=(), replies=[reply], is_waited_for=True, last=True)],
            "owner",
        )
    asks_to_be_forgotten(database)

    assert erase_handler.handler({}, None) == {"forgotten": 1, "left": 0}

    doubtful: Any = streams.xrange(Partition().doubtful_replies())
    left = [json.loads(fields[b"outgoing"]) for _, fields in doubtful]
    assert sorted((one["id"], one["text"]) for one in left) == [
        ("by", ""),
        ("others0", "Hi @somebody"),
    ]
    [by] = [one for one in left if one["id"] == "by"]
    assert (by["user"], by["asked_by"], by["asked_by_name"], by["reason"]) == ("5", "", "", "")
    [(_, row)] = streams.xrange(Partition().dead_letters())
    assert json.loads(row[b"row"]) == {
        "messages": [{"platform": "twitch", "user_id": "5", "text": "@somebody"}],
        "points": [],
    }
    assert streams.hget(Partition().receipt(f"twitch:{WHO}"), "kept") is None
    assert streams.hget(Partition().receipt("twitch:5"), "kept") is not None


def test_a_community_that_was_read_in_as_text_can_still_be_taken_back(
    doors: Doors, database: Postgres
) -> None:
    says(doors, "hello", user="88")
    text = (
        'name = "P"\n[[roles]]\nplatform = "twitch"\nuser = "88"\n'
        '[[roles]]\nplatform = "discord"\nuser = "88"\n[[roles]]\nplatform = "twitch"\nuser = "8"\n'
    )
    with database.writer() as connection:
        for action, values in (
            ("read text", {"text": text}),
            ("link accounts", {"accounts": ["twitch:88", "slack:U1"]}),
            ("set", {"value": "twitch:888 is 88"}),
        ):
            connection.execute(
                "INSERT INTO audit_log (who, action, about, before) VALUES ('x', %s, 'y', %s)",
                (action, json.dumps(values)),
            )
    asks_to_be_forgotten(database, "88")
    assert erase_handler.handler({}, None) == {"forgotten": 1, "left": 0}

    rows = {row["action"]: row["before"] for row in database.write("SELECT * FROM audit_log")}
    roles = tomllib.loads(rows["read text"]["text"])["roles"]
    assert [(role["platform"], role["user"]) for role in roles] == [
        ("discord", "88"),
        ("twitch", "8"),
    ]
    assert rows["link accounts"]["accounts"] == ["somebody", "slack:U1"]
    assert rows["set"] == {"value": "twitch:888 is 88"}


def test_what_somebody_connected_is_ended_at_its_service_once_they_are_forgotten(
    doors: Doors,  # noqa: ARG001 - open
    database: Postgres,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs, others = canary(), canary()
    connections = connections_of(database)
    person = Owner.of_person(Account("twitch", WHO))
    connections.keep(a_connection(WHO, service="twitch", owner=person), theirs)
    connections.keep(a_connection("5", service="twitch", owner=HOUSE), others)
    asks_to_be_forgotten(database)

    def answer(handler: Handler, number: int) -> None:
        rows = database.write("SELECT account FROM connections")
        assert rows == [{"account": "5"}], "it is asked after the erasure is stored"
        handler.says(b"{}", 503 if number == 1 else 200)

    with serving(answer) as twitch:
        assert isinstance(twitch, Service)
        for name, value in {
            SEAL_KEY: MASTER,
            "TWITCH_CLIENT_ID": "client",
            "TWITCH_CLIENT_SECRET": "secret",
            "TWITCH_AUTH_URL": f"{twitch.origin}/oauth2",
        }.items():
            monkeypatch.setenv(name, value)
        assert erase_handler.handler({}, None) == {"forgotten": 1, "left": 0}
    assert [seen.path for seen in twitch.seen] == ["/oauth2/revoke"] * 2
    assert parse_qs(twitch.seen[-1].body.decode())["token"] == [theirs.access]


def test_a_service_that_is_away_keeps_nobody_from_being_forgotten(
    doors: Doors,  # noqa: ARG001 - open
    database: Postgres,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = Owner.of_person(Account("twitch", WHO))
    connections_of(database).keep(a_connection(WHO, service="twitch", owner=person), canary())
    asks_to_be_forgotten(database)
    monkeypatch.setenv(SEAL_KEY, MASTER)
    assert erase_handler.handler({}, None) == {"forgotten": 1, "left": 0}
    assert database.write("SELECT account FROM connections") == []
