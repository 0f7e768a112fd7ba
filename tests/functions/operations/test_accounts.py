"""Accounts and keys as the API's callers and operators meet them."""

from __future__ import annotations

import time

import psycopg
import pytest

from functions.catalogue import OPERATIONS
from functions.declaration import HttpRoute
from functions.operations import handler as operations
from tests.helpers.operations_api import ask
from tests.helpers.servers import Urls, as_owner, catch_up
from waddlebot.domain.entities import EntityId
from waddlebot.stores.api_keys import ApiKey, ApiKeys, hash_key
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

KEYS, MAKE = "GET /api/operations/keys", "POST /api/operations/keys"
ROTATE, REVOKE = "POST /api/operations/keys/rotate", "POST /api/operations/keys/revoke"
CHANGES, STREAMS = "GET /api/operations/changes", "GET /api/operations/streams"
ROUTES = {
    f"{door.method} {door.path}"
    for function in OPERATIONS
    for door in function.doors
    if isinstance(door, HttpRoute) and door.path.startswith("/api/")
}


def decide(route: str, **body: object) -> tuple[int, dict[str, object]]:
    return ask(route, body, key="key-admin")


def keys_of(account: str) -> list[dict[str, object]]:
    _, told = ask(KEYS, key="key-admin")
    return [key for key in told["keys"] if key["account"] == account]


def may_ask(key: object) -> int:
    """By a process that knows nobody yet, as all are within a minute."""
    operations.forget()
    return ask(STREAMS, key=str(key))[0]


@pytest.mark.usefixtures("environment", "streams")
def test_a_key_is_made_used_rotated_without_a_gap_and_revoked(database: Postgres) -> None:
    status, made = decide(MAKE, account="collector-eu", kind="collector", days=90)
    assert status == 200
    first = made["key"]
    assert str(first).startswith("wbot_")
    assert may_ask(first) == 200

    status, rotated = decide(ROTATE, account="collector-eu", overlap_hours=2)
    assert status == 200
    second = rotated["key"]
    assert (may_ask(first), may_ask(second)) == (200, 200)
    old, new = keys_of("collector-eu")
    assert old["kind"] == new["kind"] == "collector"
    assert str(old["expires_at"]) < str(new["expires_at"])

    status, _ = decide(REVOKE, id=old["id"])
    assert status == 200
    assert (may_ask(first), may_ask(second)) == (401, 200)
    assert decide(REVOKE, id=old["id"])[0] == 404
    everything = str(database.write("SELECT * FROM api_keys")) + str(ask(CHANGES, key="key-admin"))
    assert str(first) not in everything
    assert str(second) not in everything


@pytest.mark.usefixtures("environment", "streams")
def test_an_account_has_two_keys_at_most_and_the_refusal_says_what_to_do() -> None:
    decide(MAKE, account="overlay", kind="module")
    status, told = decide(MAKE, account="overlay", kind="admin")
    assert status == 409
    assert "keys rotate overlay" in str(told)
    assert decide(ROTATE, account="overlay")[0] == 200
    status, told = decide(ROTATE, account="overlay")
    assert status == 409
    assert f"keys revoke {keys_of('overlay')[0]['id']}" in str(told)
    assert decide(ROTATE, account="nobody")[0] == 404


@pytest.mark.usefixtures("environment", "streams")
@pytest.mark.parametrize("account", ["301000000000000003", "7", "u012ab3cd", "w012ab3cd"])
def test_no_account_is_called_like_somebodys_id_on_a_platform(account: str) -> None:
    status, told = decide(MAKE, account=account, kind="module")
    assert status == 400
    assert f"like key-{account}" in str(told)
    assert keys_of(account) == []


@pytest.mark.usefixtures("environment", "streams")
def test_an_overlap_of_nothing_ends_the_old_key_at_once() -> None:
    _, made = decide(MAKE, account="leaked", kind="module")
    decide(ROTATE, account="leaked", overlap_hours=0)
    time.sleep(0.05)
    operations.forget()
    status, told = ask(STREAMS, key=str(made["key"]))
    assert status == 401
    assert told["error"]["code"] == "EXPIRED_API_KEY"


@pytest.mark.usefixtures("environment")
def test_the_last_key_that_makes_keys_stays() -> None:
    [admin] = keys_of("account-admin")
    status, told = decide(REVOKE, id=admin["id"])
    assert status == 409
    assert "keys rotate account-admin" in str(told)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("route", [KEYS, MAKE, ROTATE, REVOKE, CHANGES])
def test_who_may_only_ask_learns_nothing_of_keys(route: str) -> None:
    status, told = ask(route, {"account": "mine", "kind": "admin"})
    assert status == 403
    assert told["error"]["details"] == {"scope": "admin"}


@pytest.mark.usefixtures("environment", "streams")
def test_the_key_of_a_communitys_owner_opens_nothing_of_the_house(
    database: Postgres, database_urls: Urls, versions: Versions
) -> None:
    with editing(database, versions) as edit:
        number = Places(edit).join([EntityId("twitch:channel:1")], "Penguins")
    owner = ApiKey(
        account="owner", scopes=frozenset(), per_minute=100, community=number, role=Role.OWNER
    )
    ApiKeys(database).insert(hash_key("owners"), owner)
    catch_up(database_urls)
    path = {"event_id": "twitch:1", "id": "1-1"}

    for route in sorted(ROUTES):
        status, told = ask(route, {"id": "1-1", "rule": 1}, key="owners", **path)

        assert (status, told["error"]["code"]) == (403, "MISSING_SCOPE"), route


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "kind"),
        ({"kind": "boss", "account": "a"}, "kind"),
        ({"kind": "module"}, "account"),
        ({"kind": "module", "account": "Über"}, "account"),
        ({"kind": "module", "account": "a" * 41}, "account"),
        ({"kind": "module", "account": "a", "days": -1}, "days"),
        ({"kind": "module", "account": "a", "days": True}, "days"),
        ({"kind": "module", "account": "a", "per_minute": 0}, "per_minute"),
        ({"kind": "module", "account": "a", "per_minute": "9"}, "per_minute"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(body: object, field: str) -> None:
    status, told = ask(MAKE, body, key="key-admin")
    assert status == 400
    assert told["error"]["details"] == {"field": field}


@pytest.mark.usefixtures("environment")
def test_every_change_of_a_key_stays_on_record(database: Postgres, database_urls: Urls) -> None:
    decide(MAKE, account="overlay", kind="module", per_minute=7)
    decide(ROTATE, account="overlay")
    decide(REVOKE, id=keys_of("overlay")[0]["id"])

    status, told = ask(CHANGES, key="key-admin", query={"limit": "2"})
    assert status == 200
    assert [one["action"] for one in told["changes"]] == ["revoke key", "rotate key"]
    _, rest = ask(CHANGES, key="key-admin", query={"before": str(told["next"])})
    [made] = rest["changes"]
    assert (made["who"], made["action"], made["about"]) == ("account-admin", "make key", "overlay")
    assert made["before"] is None
    assert made["after"]["per_minute"] == 7
    assert rest["next"] is None
    for attempt in (
        "UPDATE audit_log SET who = 'x'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
    ):
        with (
            psycopg.connect(as_owner(database_urls)) as connection,
            pytest.raises(psycopg.errors.RaiseException, match="only added to"),
        ):
            connection.execute(attempt.encode())
    assert len(database.write("SELECT * FROM audit_log")) == 3


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "101"}, {"before": "x"}])
def test_a_page_of_changes_that_cannot_be_is_refused(query: dict[str, str]) -> None:
    assert ask(CHANGES, key="key-admin", query=query)[0] == 400
