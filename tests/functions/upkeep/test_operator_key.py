"""The key that the environment holds, over several deployments."""

from __future__ import annotations

import pytest
import redis

from functions.operations import handler as operations
from functions.upkeep import migrate_handler
from tests.helpers.operations_api import ask
from tests.helpers.operations_room import environment, logging_restored
from tests.helpers.servers import Urls, as_owner, catch_up

__all__ = ["environment", "logging_restored"]

CLAIMS = "GET /api/operations/claims"
KEYS, MAKE = "GET /api/operations/keys", "POST /api/operations/keys"
ROTATE, REVOKE = "POST /api/operations/keys/rotate", "POST /api/operations/keys/revoke"


@pytest.fixture
def house(environment: Urls, streams: redis.Redis, limits: redis.Redis) -> Urls:
    assert streams.dbsize() == limits.dbsize() == 0
    return environment


def start(house: Urls, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """A deployment with this key, after which no process remembers anything."""
    monkeypatch.setenv("WADDLEBOT_API_KEY", key)
    with monkeypatch.context() as deploying:
        deploying.setenv("DATABASE_URL", as_owner(house))
        migrate_handler.handler({}, None)
    catch_up(house)
    operations.forget()


def status(key: str) -> int:
    operations.forget()
    return ask(CLAIMS, key=key)[0]


def id_of(hint_or_account: str, key: str) -> list[str]:
    _, told = ask(KEYS, key=key)
    return [one["id"] for one in told["keys"] if one["account"] == hint_or_account]


def test_a_replaced_operator_key_is_dead(house: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    start(house, monkeypatch, "wbk_first")
    assert status("wbk_first") == 200

    start(house, monkeypatch, "wbk_second")

    assert (status("wbk_first"), status("wbk_second")) == (401, 200)
    _, told = ask("GET /api/operations/changes", key="wbk_second")
    assert [one["action"] for one in told["changes"]] == ["replace key"]
    # Whoever goes back to the release before has its key again, and this one is dead.
    start(house, monkeypatch, "wbk_first")
    assert (status("wbk_first"), status("wbk_second")) == (200, 401)


def test_a_revoked_key_stays_revoked_over_every_start(
    house: Urls, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    start(house, monkeypatch, "wbk_leaked")
    [leaked] = id_of("operator", "wbk_leaked")
    assert ask(REVOKE, {"id": leaked}, key="key-admin")[0] == 200
    assert status("wbk_leaked") == 401

    for _ in range(2):
        start(house, monkeypatch, "wbk_leaked")

    assert status("wbk_leaked") == 401
    assert "WADDLEBOT_API_KEY was revoked" in caplog.text
    start(house, monkeypatch, "wbk_fresh")
    assert (status("wbk_leaked"), status("wbk_fresh")) == (401, 200)


def test_what_was_rotated_on_purpose_ends_when_it_was_said_to(
    house: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(house, monkeypatch, "wbk_first")
    _, rotated = ask(ROTATE, {"account": "operator", "overlap_hours": 2}, key="wbk_first")
    next_one = rotated["key"]

    start(house, monkeypatch, next_one)

    assert (status("wbk_first"), status(next_one)) == (200, 200)


def test_keys_of_others_outlive_a_new_operator_key(
    house: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(house, monkeypatch, "wbk_first")
    _, made = ask(MAKE, {"account": "overlay", "kind": "collector"}, key="wbk_first")

    start(house, monkeypatch, "wbk_second")

    assert status(made["key"]) == 200
    assert status("key-admin") == 200
