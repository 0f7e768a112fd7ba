"""Keys of people in chat: told to one alone, kept nowhere, good for their own lines."""

from __future__ import annotations

import re
from typing import Any

import pytest
import redis

from tests.helpers.http_doors import says
from tests.helpers.own_keys import a_key_of, key_in
from tests.helpers.router_doors import BATCH, Doors
from tests.helpers.secret_lines import (
    DISCORD,
    TWITCH,
    died_over,
    holding,
    on_discord,
    on_twitch,
    said,
)
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.stores.api_keys import ApiKey, ApiKeys, hash_key
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

MAX = Identity(platform="twitch", user_id="4100002", name="Max")
THERE = Identity(platform="discord", user_id="301000000000000002", name="Max")
ELSEWHERE = Identity(platform="slack", user_id="U4", name="Max M.")


def names(database: Postgres) -> list[str]:
    rows = database.write("SELECT name FROM user_api_keys ORDER BY created_at")
    return [row["name"] for row in rows]


def test_a_key_is_a_secret_in_chat_and_stands_in_no_table_and_no_log(
    doors: Doors, owner: Postgres, streams: redis.Redis, caplog: Any, capfd: Any
) -> None:
    assert doors
    made = said(streams, on_twitch("!keys make laptop"))
    key = key_in(made.text)
    listed = said(streams, on_twitch("!keys"))
    renewed = said(streams, on_twitch("!keys renew laptop"))

    assert (made.private, made.secret) == (renewed.private, renewed.secret) == (True, True)
    assert "laptop (wbot_user_" in listed.text
    assert listed.private
    assert key not in listed.text
    assert key_in(renewed.text) != key
    assert holding(owner, [key, key_in(renewed.text)]) == set()
    told = f"{caplog.text}{capfd.readouterr()}"
    assert key not in told
    assert said(streams, on_twitch("!keys rename laptop desk")).text.endswith("called desk now.")
    assert "desk is revoked" in said(streams, on_twitch("!keys revoke Desk")).text
    assert "no key of that name" in said(streams, on_twitch("!keys revoke desk")).text
    assert "You have no key" in said(streams, on_twitch("!keys")).text


def test_a_key_that_nobody_was_told_gives_way_to_the_next(
    doors: Doors, database: Postgres, streams: redis.Redis
) -> None:
    assert doors
    asking = on_twitch("!keys make laptop")
    lost = key_in(said(streams, asking).text)
    died_over(streams, asking)
    key = key_in(said(streams, asking).text)

    assert key != lost
    assert names(database) == ["laptop"]


def test_all_keys_of_a_person_are_revoked_at_once(
    doors: Doors, database: Postgres, streams: redis.Redis
) -> None:
    assert doors
    for _ in range(2):
        said(streams, on_twitch("!keys make"))
    assert names(database) == ["key-1", "key-2"]
    assert "All 2 of your keys" in said(streams, on_twitch("!keys revoke all")).text
    assert names(database) == []


@pytest.fixture
def key(doors: Doors, database: Postgres, versions: Versions) -> str:
    """Max's, who moderates on Twitch and is nobody on Discord."""
    assert doors
    with editing(database, versions) as edit:
        community = Places(edit).open(TWITCH)
        Places(edit).open(DISCORD)
        MemberRoles(edit).give(community, Account("twitch", MAX.user_id), Role.MODERATOR)
    return a_key_of(database, versions, MAX).text


def test_with_their_key_somebody_speaks_as_themselves_where_they_are(
    doors: Doors, database: Postgres, key: str
) -> None:
    line = says("!whoami", entity_id=TWITCH, user_id="7", username="Olga", roles=["owner"])
    told = doors.asks(line, key=key)
    elsewhere = says("!whoami", entity_id=DISCORD)

    assert "You are Max on Twitch: a moderator here" in told.texts[-1]
    among = doors.asks({"events": [elsewhere, line]}, route=BATCH, key=key)
    assert [one["success"] for one in among.body["results"]] == [False, True]
    assert among.body["results"][0]["error"]["code"] == "UNKNOWN_PLACE"
    [spoken] = database.write("SELECT DISTINCT user_id FROM command_executions")
    assert spoken["user_id"] == MAX.user_id
    assert doors.asks(says("", message_type="raid"), key=key).error["code"] == "MISSING_SCOPE"


@pytest.fixture
def linked(database: Postgres, versions: Versions, key: str) -> str:
    """The same key; Max is one person with who moderates on Discord, too."""
    with editing(database, versions) as edit:
        Identities(edit).link(MAX, THERE)
        there = Places(edit).open(DISCORD)
        MemberRoles(edit).give(there, Account("discord", THERE.user_id), Role.MODERATOR)
    return key


@pytest.mark.parametrize("place", [TWITCH, DISCORD])
def test_a_key_makes_no_key_that_outlives_it_by_typing_a_line(
    doors: Doors, database: Postgres, linked: str, place: str
) -> None:
    for line in ("!keys make another", "!keys renew laptop"):
        told = doors.asks(says(line, entity_id=place), key=linked)
        assert "/api/identity/api-keys" in told.texts[-1]
    assert names(database) == ["laptop"]


def test_nobody_becomes_one_person_with_whom_a_key_speaks_for(
    doors: Doors, database: Postgres, streams: redis.Redis, key: str
) -> None:
    """A thief would stay that person when the key has long been revoked."""
    told = doors.asks(says("!identity link discord 301000000000000002", entity_id=TWITCH), key=key)
    assert "with a key" in told.texts[-1]
    assert database.write("SELECT * FROM identity_codes") == []

    code = re.search(r"!verify (\w+)", said(streams, on_discord("!identity link twitch Max")).text)
    assert code
    for line in (f"!verify {code[1]}", f"!verify {code[1]} yes", "!identity yes"):
        assert "with a key" in doors.asks(says(line, entity_id=TWITCH), key=key).texts[-1]
    assert database.write("SELECT * FROM identities") == []
    assert "as you" not in doors.asks(says("!identity no", entity_id=TWITCH), key=key).texts[-1]


def test_private_talk_is_no_place_for_a_key(
    doors: Doors, database: Postgres, versions: Versions, key: str
) -> None:
    """Of a workspace each channel of its community is; a direct message is between two."""
    channel, direct = EntityId("slack:channel:T1/C1"), EntityId("slack:channel:T1/D1")
    with editing(database, versions) as edit:
        Identities(edit).link(MAX, ELSEWHERE)
        community = Places(edit).join([channel, direct], "Slackers")
        MemberRoles(edit).give(community, Account("slack", ELSEWHERE.user_id), Role.MODERATOR)
    ours = ApiKey(account="ours", scopes=frozenset(), per_minute=9, community=community)
    house = ApiKey(account="house", scopes=frozenset(), per_minute=9)
    for name, one in (("ours", ours), ("house", house)):
        ApiKeys(database).insert(hash_key(name), one)

    for asking in (key, "ours", "house"):
        assert doors.asks(says("!help", entity_id=channel), key=asking).status == 200
        told = doors.asks(says("!remind 1m psst", entity_id=direct), key=asking)
        assert (told.status, told.error["code"]) == (404, "UNKNOWN_PLACE")
