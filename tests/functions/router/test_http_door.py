"""`POST /api/router/process` and `/batch` as their callers meet them."""

from __future__ import annotations

import time
from typing import Any

import pytest

from functions.router.resources import FINISH_SECONDS
from tests.helpers.http_doors import SAMPLE, says
from tests.helpers.lambda_stand_in import Door
from tests.helpers.router_doors import BATCH, STRANGERS_KEY, Doors
from waddlebot.domain.entities import EntityId
from waddlebot.stores.api_keys import ApiKey, ApiKeys, hash_key
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing


def test_the_specs_sample_is_answered(doors: Doors) -> None:
    told = doors.asks(SAMPLE)

    assert told.status == 200
    assert told.body["success"] is True
    assert "!help" in told.texts[-1]
    assert told.body["session_id"] != SAMPLE["session_id"]
    reply = told.body["replies"][-1]
    assert reply["response_action"] == "chat"
    assert reply["session_id"] == told.body["session_id"]
    [verdict] = [one for one in told.body["verdicts"] if one.get("command") == "!help"]
    assert (verdict["module"], verdict["allowed"], verdict["reason"]) == ("help", True, "allowed")
    assert reply["execution_id"] in {one["execution_id"] for one in told.body["executions"]}


def test_a_communitys_key_speaks_in_its_own_places_alone(
    doors: Doors, database: Postgres, versions: Versions
) -> None:
    with editing(database, versions) as edit:
        ours = Places(edit).join([EntityId("twitch:channel:7")], "Ours")
    key = ApiKey(account="ours", scopes=frozenset(), per_minute=100, community=ours)
    ApiKeys(database).insert(hash_key("ours-key"), key)
    doors.asks(says("hello"))
    mine, theirs, unknown = (says("!help", entity_id=f"twitch:channel:{one}") for one in "789")

    told = doors.asks({"events": [mine, theirs, unknown]}, route=BATCH, key="ours-key")

    assert [one["success"] for one in told.body["results"]] == [True, False, False]
    assert told.body["results"][1]["error"]["code"] == "UNKNOWN_PLACE"
    assert doors.asks(theirs, key="ours-key").status == 404
    places = database.write("SELECT entity_id FROM entities WHERE entity_id LIKE '%:9'")
    assert places == []


def test_a_module_of_its_own_keeps_and_tells(doors: Doors) -> None:
    added = doors.asks(says("!addquote Waddle on!", roles=["moderator"]))
    told = doors.asks(says("!quote"))

    assert [one["status"] for one in added.body["executions"] if one["module"] == "memories"] == [
        "success"
    ]
    assert "Waddle on!" in told.texts[-1]


def test_a_refused_command_says_who_may(doors: Doors) -> None:
    told = doors.asks(says("!addquote Waddle on!"))

    [verdict] = [one for one in told.body["verdicts"] if one["module"] == "memories"]
    assert (verdict["command"], verdict["reason"]) == ("!addquote", "role")
    assert "oderator" in verdict["message"]


def test_roles_and_foreign_users_are_believed_only_from_collectors(doors: Doors) -> None:
    doors.asks(says("hello"))
    told = doors.asks(says("!addquote Waddle on!", roles=["moderator"]), key=STRANGERS_KEY)

    [verdict] = [one for one in told.body["verdicts"] if one.get("command") == "!addquote"]
    assert verdict["reason"] == "role"


def test_the_same_message_is_answered_once_and_told_again(doors: Doors) -> None:
    line = says("!addquote Waddle on!", roles=["moderator"], message_id="m1")
    first, again = doors.asks(line), doors.asks(line)

    assert again.texts == first.texts
    assert len([one for one in doors.functions.seen if one.function == "memories"]) == 1
    assert "#1" in first.texts[-1]


def test_a_session_of_ours_is_kept_and_belongs_to_its_place(doors: Doors) -> None:
    ours = doors.asks(says("!help")).body["session_id"]

    assert doors.asks(says("!help", session_id=ours)).body["session_id"] == ours
    elsewhere = doors.asks(says("!help", session_id=ours, entity_id="twitch:channel:2"))
    assert (elsewhere.status, elsewhere.error["code"]) == (403, "FOREIGN_SESSION")


@pytest.mark.parametrize("key", [None, "wbk_unknown", ""])
def test_nobody_gets_in_without_a_key_that_we_know(doors: Doors, key: str | None) -> None:
    told = doors.asks(SAMPLE, key=key)

    assert told.status == 401
    assert told.error["code"] in {"MISSING_API_KEY", "UNKNOWN_API_KEY"}


def test_too_many_requests_are_told_when_to_come_back(doors: Doors) -> None:
    doors.asks(says("hello"))
    told = [doors.asks(says("hello"), key=STRANGERS_KEY) for _ in range(4)]

    assert [one.status for one in told] == [200, 200, 200, 429]
    assert [one.headers["x-ratelimit-remaining"] for one in told[:3]] == ["2", "1", "0"]
    assert 0 < int(told[3].headers["retry-after"]) <= 61


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"message_type": None}, "message_type"),
        ({"entity_id": ""}, "entity_id"),
        ({"user_id": None}, "user_id"),
        ({"message": None}, "message"),
    ],
)
def test_a_missing_field_is_named(doors: Doors, change: dict[str, Any], field: str) -> None:
    told = doors.asks({**SAMPLE, **change})

    assert (told.status, told.error["code"]) == (400, "MISSING_FIELD")
    assert told.error["details"] == {"field": field}
    assert field in told.error["message"]


@pytest.mark.parametrize(
    "change",
    [
        {"message": 7},
        {"message": "x" * 5001},
        {"user_id": "x" * 256},
        {"username": ["Ana"]},
        {"roles": "moderator"},
        {"roles": [1]},
        {"metadata": []},
        {"occurred_at": "yesterday"},
        {"session_id": {}},
    ],
)
def test_a_field_of_the_wrong_kind_is_named(doors: Doors, change: dict[str, Any]) -> None:
    told = doors.asks({**SAMPLE, **change})

    assert (told.status, told.error["code"]) == (400, "INVALID_FIELD")
    assert told.error["details"] == {"field": next(iter(change))}


def test_an_unknown_kind_of_event_is_told_the_known_ones(doors: Doors) -> None:
    told = doors.asks({**SAMPLE, "message_type": "carrierPigeon"})

    assert told.status == 400
    assert "chatMessage" in told.error["details"]["valid"]


def test_an_entity_that_is_none_is_refused(doors: Doors) -> None:
    assert doors.asks({**SAMPLE, "entity_id": "waddlebot"}).error["code"] == "INVALID_ENTITY"


@pytest.mark.parametrize("body", ["{broken", "", "[1, 2", "[" * 100_000, "null", "[]"])
def test_a_body_that_is_no_object_is_refused(doors: Doors, body: str) -> None:
    assert doors.asks(body).status == 400


def test_a_body_that_is_too_long_is_refused(doors: Doors) -> None:
    assert doors.asks({**SAMPLE, "metadata": {"x": "y" * 300_000}}).status == 413


def test_what_we_do_not_know_is_ignored(doors: Doors) -> None:
    assert doors.asks({**SAMPLE, "colour": "blue", "occurred_at": "2999-01-01"}).status == 200


def test_a_batch_is_answered_in_order_and_a_bad_event_spoils_nothing(doors: Doors) -> None:
    told = doors.asks(
        {"events": [says("!help"), {"message_type": "chatMessage"}, says("#roll 1d6")]},
        route=BATCH,
    )

    first, bad, last = told.body["results"]
    assert told.status == 200
    assert "!help" in first["replies"][-1]["chat_message"]
    assert (bad["success"], bad["error"]["code"]) == (False, "MISSING_FIELD")
    assert [one["module"] for one in last["executions"]] == ["roll"]


@pytest.mark.parametrize("events", [None, {}, [], [SAMPLE] * 101])
def test_a_batch_holds_one_to_a_hundred_events(doors: Doors, events: Any) -> None:
    assert doors.asks({"events": events}, route=BATCH).status == 400


def test_a_call_that_takes_too_long_is_given_up_with_its_number(doors: Doors) -> None:
    answer = doors.functions.answer

    def hang(door: Door) -> None:
        time.sleep(0.6)
        answer(door)

    doors.functions.answer = hang
    told = doors.asks(says("#roll 1d6"), remaining_seconds=FINISH_SECONDS + 0.3)

    assert (told.status, told.error["code"]) == (504, "TOOK_TOO_LONG")
    assert told.error["details"]["execution_id"]


def test_a_crash_shows_a_reference_and_no_stack(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_REGION", "")
    told = doors.asks(SAMPLE)

    assert (told.status, told.error["code"]) == (500, "INTERNAL_ERROR")
    assert "AWS_REGION" not in str(told.body)
    said = capsys.readouterr().out
    assert told.error["details"]["reference"] in said
    assert "AWS_REGION" in said
