"""The story of one person: three accounts, one score, one role, and then forgotten.

In a house whose community is at home on all three platforms.
"""

from __future__ import annotations

import json
import re
import time
from typing import Any

import psycopg
import pytest
import redis

from tests.helpers.chatting import says, says_privately
from tests.helpers.house import Chat, House
from tests.helpers.inside import Inside
from tests.helpers.patience import eventually
from tests.helpers.signing_in import Browser

pytestmark = pytest.mark.xdist_group("houses for one story")

SAM = "samantha"
WITHIN_SECONDS = 100.0
"""The clock wakes once a minute whoever forgets."""


def on(house: House, platform: str, who: str = SAM) -> Chat:
    return house.chat(on=platform, viewer=who)


def accounts(house: House) -> dict[str, str]:
    with psycopg.connect(house.database_url) as connection:
        rows = connection.execute(
            "SELECT platform, user_id FROM identities WHERE lower(name) = %s", (SAM,)
        ).fetchall()
    return {row[0]: row[1] for row in rows}


def test_one_person_on_three_platforms(house: House) -> None:
    discord, slack, twitch = (on(house, one) for one in ("discord", "slack", "twitch"))
    # Two by a code, while a stranger guesses and has the same e-mail address as everybody here.
    code = _code(discord)
    stranger = on(house, "twitch", "mallory")
    for guess in ("AAAAAA", code):
        says_privately(stranger, f"!verify {guess} yes", "not for you, or too old")
    says_privately(twitch, f"!verify {code}", "wants to be one person with you")
    says_privately(twitch, f"!verify {code} yes", "You are one person now")
    thief = Browser(house)
    assert SAM not in thief.signs_in("slack", "mallory").text.lower()
    # And one by signing in.
    browser = Browser(house)
    browser.signs_in("discord", SAM)
    assert "on Slack" in browser.signs_in("slack", SAM, link=True).text
    mine = accounts(house)
    assert mine.keys() == {"discord", "slack", "twitch"}

    # Points earned on one, a role on another, and known on all.
    every = (slack, discord, twitch)
    # Each account's first line counts, once it is on record and the replica has it.
    assert eventually(lambda: [_points(one) for one in every] == [15] * 3)
    says(twitch, "olga", f"!roles give @{SAM} moderator", "is a moderator here now")
    says(slack, "ana", "!addquote Said on Slack", "Kept as quote")
    told = says_privately(discord, "!whoami", "a moderator here")
    assert "on Slack and Samantha on Twitch" in told

    exported = _operator(house, "export", mine["slack"])["accounts"]
    assert {one["platform"] for one in exported} == mine.keys()
    assert sum(len(one["tables"]["messages"]) for one in exported) > 5

    says_privately(slack, "!privacy erase everything", "forgotten within minutes (3 accounts)")
    words = {SAM, *mine.values()}
    end = time.monotonic() + WITHIN_SECONDS
    while named := _named(house, words):
        assert time.monotonic() < end, named
        time.sleep(1)
    assert browser.get("/me").path == "/signin"
    says(twitch, "olga", "!score", "You have")


def _code(chat: Chat) -> str:
    told = says_privately(chat, f"!identity link twitch {SAM}", "type !verify")
    found = re.search(r"!verify (\w{6}) ", told)
    assert found is not None
    return found[1]


def _points(chat: Chat) -> int:
    told = chat.asks("ana", "!score", " here", within=10)
    assert told is not None
    found = re.search(r"You have ([\d,]+) point", told["text"])
    assert found is not None, told
    return int(found[1])


def _operator(house: House, verb: str, user: str) -> Any:
    status, told = house.ask(
        "POST",
        f"/api/operations/people/{verb}",
        body=json.dumps({"platform": "slack", "user_id": user}).encode(),
        headers={"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"},
    )
    assert status == 200, told
    return told


def _named(house: House, words: set[str]) -> set[str]:
    """Every table and every key in which one of these words stands."""
    inside, found = Inside(house=house), set()
    with inside.postgres() as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables.fetchall():
            rows = connection.execute(f"SELECT {table}::text FROM {table}")  # type: ignore[arg-type]  # noqa: S608
            if _has(str(rows.fetchall()), words):
                found.add(f"table {table}")
    for server in ("cache", "limits", "streams"):
        with inside.valkey(server) as client:
            found |= {
                f"{server} {key.decode()}"
                for key in client.scan_iter(count=1000)
                if _has(f"{key!r} {_content(client, key)!r}", words)
            }
    return found


def _has(text: str, words: set[str]) -> bool:
    return any(word.lower() in text.lower() for word in words)


def _content(client: redis.Redis, key: bytes) -> Any:
    match client.type(key):
        case b"string":
            return client.get(key)
        case b"hash":
            return client.hgetall(key)
        case b"set":
            return client.smembers(key)
        case b"zset":
            return client.zrange(key, 0, -1)
        case b"stream":
            return client.xrange(key)
        case b"none":  # it ended in this moment
            return None
        case kind:
            raise AssertionError(f"{key!r} is a {kind!r}")
