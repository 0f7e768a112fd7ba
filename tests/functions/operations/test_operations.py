"""What an operator asks: who answers, and what became of an event."""

from __future__ import annotations

import json

import pytest
import redis

from functions.operations import handler as operations
from tests.helpers.aws_context import AwsContext
from tests.helpers.operations_api import ask, record_refusal
from tests.helpers.servers import Urls, catch_up
from waddlebot.stores.postgres import Postgres

HEALTH = {"routeKey": "GET /health"}
AWAY = "redis://127.0.0.1:1/0"
EVENT = "GET /api/operations/events/{event_id}"
LIST = "GET /api/operations/dead-letters"
SHOW = "GET /api/operations/dead-letters/{id}"
REPLAY = "POST /api/operations/dead-letters/replay"
DROP = "POST /api/operations/dead-letters/drop"
DOUBTS = "GET /api/operations/calls-in-doubt"
SETTLE = "POST /api/operations/calls-in-doubt/settle"
STREAMS = "GET /api/operations/streams"


def test_health_names_every_server_and_whether_it_answers(
    environment: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    catch_up(environment)
    well = operations.handler(HEALTH, AwsContext())
    monkeypatch.setenv("VALKEY_LIMITS_URL", AWAY)
    ill = operations.handler(HEALTH, AwsContext())

    assert well["statusCode"] == 200
    assert set(json.loads(well["body"])["servers"].values()) == {"answers"}
    assert ill["statusCode"] == 503
    servers = json.loads(ill["body"])["servers"]
    assert servers["limits"] == "does not answer"
    assert servers["writer"] == servers["replica"] == servers["streams"] == "answers"


def test_an_event_is_explained_in_words(
    environment: Urls, database: Postgres, streams: redis.Redis
) -> None:
    assert environment
    event_id = record_refusal(database, streams)

    status, told = ask(EVENT, event_id=event_id)

    assert status == 200
    assert told["message"]["text"] == "!addquote hi"
    [verdict] = told["verdicts"]
    assert verdict["words"] == "!addquote is for moderators; Ana is a user here."
    assert (verdict["reason"], verdict["said"]) == ("role", True)


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("", 401, "MISSING_API_KEY"),
        ("wrong", 401, "UNKNOWN_API_KEY"),
        ("key-nothing", 403, "MISSING_SCOPE"),
        ("key-collector", 404, "UNKNOWN_EVENT"),
    ],
)
def test_strangers_are_told_nothing(environment: Urls, key: str, status: int, code: str) -> None:
    assert environment

    answered, told = ask(EVENT, key=key, event_id="discord:1")

    assert (answered, told["error"]["code"]) == (status, code)
    assert told["success"] is False


def test_asking_takes_another_scope_than_deciding(environment: Urls) -> None:
    assert environment

    asked = [
        ask(route, key="key-nothing", id="0-1-0")[0] for route in (LIST, SHOW, STREAMS, DOUBTS)
    ]
    decided = [
        ask(route, {"ids": ["0-1-0"]}, key="key-collector") for route in (REPLAY, DROP, SETTLE)
    ]

    assert asked == [403] * 4
    assert [status for status, _ in decided] == [403] * 3
    assert decided[0][1]["error"]["details"] == {"scope": "admin"}


def test_a_streams_server_that_is_away_is_said(
    environment: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment
    monkeypatch.setenv("VALKEY_STREAMS_URL", AWAY)

    answers = [
        ask(LIST),
        ask(SHOW, id="0-1-0"),
        ask(STREAMS),
        ask(DROP, {"ids": ["0-1-0"]}, key="key-admin"),
    ]

    assert [status for status, _ in answers] == [503] * 4
    assert {told["error"]["message"] for _, told in answers} == {
        "The streams server does not answer. Try again in a moment."
    }


@pytest.mark.parametrize("odd", ["\0", "a\0", "\ud800", "9" * 400, "%00", "x" * 9_000])
def test_no_address_ends_in_a_crash(
    environment: Urls,
    streams: redis.Redis,  # noqa: ARG001 - flushed
    odd: str,
) -> None:
    assert environment
    for route, name in (
        (EVENT, "event_id"),
        (SHOW, "id"),
        (LIST, "after"),
        (LIST, "limit"),
        ("GET /api/operations/changes", "before"),
        ("GET /api/operations/changes", "limit"),
        ("GET /api/operations/changes", "community"),
    ):
        given = {name: odd}
        path, query = (given, {}) if "{" in route else ({}, given)

        status, told = ask(route, key="key-admin", query=query, **path)

        assert status < 500, (route, name, told)
        if "\0" in odd:
            assert (status, told["error"]["code"]) == (400, "INVALID_ADDRESS"), (route, name)


@pytest.mark.parametrize("entry", [f"0-{2**64}-0", f"0-{'9' * 400}-0", f"{'9' * 400}-1-0"])
def test_a_letters_number_beyond_64_bits_is_nobodys(
    environment: Urls,
    streams: redis.Redis,  # noqa: ARG001 - flushed
    entry: str,
) -> None:
    assert environment

    assert ask(SHOW, key="key-admin", id=entry)[0] == 404
    assert ask(LIST, key="key-admin", query={"after": entry})[0] == 400
    assert ask(DROP, {"ids": [entry]}, key="key-admin")[0] == 400


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("POST /api/operations/people/export", {"platform": "twitch", "user_id": "\0"}),
        ("POST /api/operations/people/erase", {"platform": "twitch", "user_id": "a\0"}),
        ("POST /api/operations/people/erase", {"platform": ["twitch"], "user_id": "1"}),
        ("POST /api/operations/keys/revoke", {"id": "\0"}),
        ("POST /api/operations/keys", {"account": "a", "kind": "module", "community": "\0"}),
        ("POST /api/operations/keys", {"account": "a", "kind": ["module"]}),
        ("POST /api/operations/keys", {"account": "a", "kind": "module", "days": {}}),
        ("POST /api/operations/rules/undo", {"rule": 2**64}),
    ],
)
def test_no_value_in_a_body_ends_in_a_crash(
    environment: Urls,
    streams: redis.Redis,  # noqa: ARG001 - flushed
    route: str,
    body: dict[str, object],
) -> None:
    assert environment

    status, told = ask(route, body, key="key-admin")

    assert 400 <= status < 500, told
