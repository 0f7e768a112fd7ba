"""What a key lets its holder do: speak for others, or as the account that it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import redis

from tests.helpers.aws_context import logging_restored
from tests.helpers.http_doors import SAMPLE, says
from tests.helpers.router_doors import BATCH, COLLECTORS_KEY, Doors, open_doors
from tests.helpers.servers import Urls
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.stores.api_keys import ApiKey, ApiKeys, hash_key
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

__all__ = ["logging_restored"]  # a fixture

MODULES_KEY = "wbk_module"
PLACE = "twitch:channel:1001"
MODULE = ApiKey(account="overlay-editor", scopes=frozenset(), per_minute=1000)


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
    """With a channel that is also called by its login."""
    ApiKeys(database).insert(hash_key(MODULES_KEY), MODULE)
    with open_doors(database, versions, database_urls, monkeypatch) as doors:
        with editing(database, versions) as edit:
            Places(edit).open(EntityId(PLACE), login="waddlebot")
        yield doors


def spoken(database: Postgres) -> list[tuple[str, str, str]]:
    rows = database.write("SELECT user_id, user_name, role FROM command_executions")
    return [(row["user_id"], row["user_name"], row["role"]) for row in rows]


def places(database: Postgres) -> set[str]:
    return {row["entity_id"] for row in database.write("SELECT entity_id FROM entities")}


@pytest.mark.parametrize("key", [COLLECTORS_KEY, MODULES_KEY])
def test_the_specs_sample_is_answered_with_any_key(doors: Doors, key: str) -> None:
    told = doors.asks(SAMPLE, key=key)

    assert told.status == 200
    assert "!help" in told.texts[-1]


@pytest.mark.parametrize(
    "claimed",
    [
        {"username": "Olga"},
        {"roles": ["owner"]},
        {"user_id": "streamer"},
        {"user_id": 7, "username": ["Olga"], "roles": "owner"},
        {"username": "x" * 400, "roles": [1] * 400},
    ],
)
def test_a_modules_key_speaks_as_its_account_whatever_it_claims(
    doors: Doors, database: Postgres, claimed: dict[str, Any]
) -> None:
    told = doors.asks(says("!help", **claimed), key=MODULES_KEY)

    assert told.status == 200
    assert set(spoken(database)) == {("api:overlay-editor", "overlay-editor", "user")}


def test_an_account_that_is_called_like_somebodys_id_has_nothing_of_theirs(
    doors: Doors, database: Postgres, versions: Versions
) -> None:
    key = ApiKey(account="301000000000000003", scopes=frozenset(), per_minute=1000)
    ApiKeys(database).insert(hash_key("wbk_like_olga"), key)
    with editing(database, versions) as edit:
        community, olga = Places(edit).open(EntityId(PLACE)), Account("twitch", key.account)
        MemberRoles(edit).give(community, olga, Role.OWNER)

    line = says("!community name Gulls", entity_id=PLACE, user_id=key.account)
    told = doors.asks(line, key="wbk_like_olga")

    assert "is for owners only" in told.texts[-1]
    assert {role for _, _, role in spoken(database)} == {"user"}


@pytest.mark.parametrize("kind", ["raid", "cheer", "stream_online", "member_join", "button_click"])
def test_a_modules_key_tells_of_nothing_but_lines(doors: Doors, kind: str) -> None:
    told = doors.asks(says("", message_type=kind), key=MODULES_KEY)

    assert (told.status, told.error["code"]) == (403, "MISSING_SCOPE")
    assert "collector" in told.error["message"]
    assert doors.asks(says("", message_type=kind)).status == 200


def test_a_modules_key_opens_no_place(doors: Doors, database: Postgres) -> None:
    elsewhere = says("!help", entity_id="twitch:channel:9")

    alone = doors.asks(elsewhere, key=MODULES_KEY)
    among = doors.asks({"events": [elsewhere, says("!help")]}, route=BATCH, key=MODULES_KEY)

    assert (alone.status, alone.error["code"]) == (404, "UNKNOWN_PLACE")
    assert [one["success"] for one in among.body["results"]] == [False, True]
    assert places(database) == {PLACE}
    assert doors.asks(elsewhere).status == 200


def test_a_login_with_capitals_is_the_same_place(doors: Doors, database: Postgres) -> None:
    doors.asks(says("!addquote Waddle on!", roles=["moderator"]))

    told = doors.asks(says("!quote", entity_id="twitch:channel:WaddleBot"))

    assert "Waddle on!" in told.texts[-1]
    assert places(database) == {PLACE}


def test_a_place_is_the_same_whatever_its_letters_size(doors: Doors, database: Postgres) -> None:
    doors.asks(says("!addquote Brr", entity_id="slack:channel:T0/C0AB", roles=["moderator"]))

    told = doors.asks(says("!quote", entity_id="Slack:Channel:t0/c0ab"))

    assert "Brr" in told.texts[-1]
    assert places(database) == {PLACE, "slack:channel:T0/C0AB"}


@pytest.mark.parametrize("place", ["myspace:channel:1", "twitchy:channel:1", "api:channel:1"])
def test_a_platform_that_nobody_serves_is_refused(
    doors: Doors, database: Postgres, place: str
) -> None:
    told = doors.asks(says("!help", entity_id=place))

    assert (told.status, told.error["code"]) == (400, "UNKNOWN_PLATFORM")
    assert "twitch" in told.error["message"]
    assert places(database) == {PLACE}


def test_a_batch_is_charged_by_its_events(doors: Doors, database: Postgres) -> None:
    ApiKeys(database).insert(hash_key("ten"), replace(MODULE, account="ten", per_minute=10))

    def batch(count: int) -> Any:
        return doors.asks({"events": [says("hello")] * count}, route=BATCH, key="ten")

    too_many = batch(11)
    seven, four, three = batch(7), batch(4), doors.asks(says("hello"), key="ten")

    assert (too_many.status, too_many.error["code"]) == (429, "RATE_LIMITED")
    assert "10 events" in too_many.error["message"]
    assert "retry-after" not in too_many.headers
    # The one that was too large and the one that came too early cost a request each.
    assert (seven.status, seven.headers["x-ratelimit-remaining"]) == (200, "2")
    assert four.status == 429
    assert 0 < int(four.headers["retry-after"]) <= 61
    assert (three.status, three.headers["x-ratelimit-remaining"]) == (200, "0")
    assert doors.asks(says("hello"), key="ten").status == 429
