"""What an operator asks: who answers, and what became of an event."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.operations import handler as operations
from functions.router.record import Ledger
from tests.functions.router.builders import a_command, a_match, a_session, an_event
from tests.servers import Urls, catch_up
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot.stores.api_keys import COLLECTOR, ApiKey, ApiKeys, hash_key
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk.roles import Role

HEALTH = {"routeKey": "GET /health"}
AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def environment(
    database_urls: Urls, database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Urls]:
    for name, value in database_urls.items():
        monkeypatch.setenv(name, value)
    for scope in (COLLECTOR, "nothing"):
        key = ApiKey(account=f"account-{scope}", scopes=frozenset({scope}), per_minute=100)
        ApiKeys(database).insert(hash_key(f"key-{scope}"), key)
    yield database_urls
    operations.forget()


def ask(event_id: str, key: str = f"key-{COLLECTOR}") -> tuple[int, dict[str, Any]]:
    answer = operations.handler(
        {
            "routeKey": "GET /api/operations/events/{event_id}",
            "pathParameters": {"event_id": event_id},
            "headers": {"authorization": f"Bearer {key}"} if key else {},
        },
        None,
    )
    return answer["statusCode"], json.loads(answer["body"])


def test_health_names_every_server_and_whether_it_answers(
    environment: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    catch_up(environment)
    well = operations.handler(HEALTH, None)
    monkeypatch.setenv("VALKEY_LIMITS_URL", AWAY)
    ill = operations.handler(HEALTH, None)

    assert well["statusCode"] == 200
    assert set(json.loads(well["body"])["servers"].values()) == {"answers"}
    assert ill["statusCode"] == 503
    servers = json.loads(ill["body"])["servers"]
    assert servers["limits"] == "does not answer"
    assert servers["writer"] == servers["replica"] == servers["streams"] == "answers"


def test_an_event_is_explained_in_words(environment: Urls, database: Postgres) -> None:
    assert environment
    event = an_event("!addquote hi", id="slack:T1/C1/17.1", occurred_at=datetime.now(UTC))
    session = a_session(event=event)
    match = a_match(a_command("addquote", role=Role.MODERATOR), session=session, text="hi")
    refused = Verdict(match=match, reason=Reason.ROLE, by="moderator", said=True)
    Ledger(database).record([Outcome(session=session, verdicts=(refused,))])

    status, told = ask(event.id)

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
        (f"key-{COLLECTOR}", 404, "UNKNOWN_EVENT"),
    ],
)
def test_strangers_are_told_nothing(environment: Urls, key: str, status: int, code: str) -> None:
    assert environment

    answered, told = ask("discord:1", key)

    assert (answered, told["error"]["code"]) == (status, code)
    assert told["success"] is False
