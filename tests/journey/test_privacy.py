"""Somebody asks what is kept, has it erased, and nothing names them any more."""

from __future__ import annotations

import time
import uuid

import psycopg
import pytest

from tests.journey.conftest import own_place
from tests.journey.house import House
from tests.journey.test_identity import says_privately
from tests.journey.test_roles import says

WITHIN_SECONDS = 90.0
"""The clock wakes once a minute whoever forgets."""


def everything(house: House) -> dict[str, str]:
    """By table, as text: what was typed in this test alone has its word."""
    with psycopg.connect(house.database_url) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
        ]
        return {
            name: str(connection.execute(f"SELECT {name}::text FROM {name}").fetchall())  # type: ignore[arg-type]  # noqa: S608
            for name in names
        }


@pytest.mark.parametrize("on", ["twitch"])
def test_a_person_is_told_what_is_kept_and_forgotten(house: House, on: str) -> None:
    chat = house.chat(on=on, **own_place(on))
    says(chat, "olga", "hello everybody", "!help")
    word = f"penguin{uuid.uuid4().hex[:10]}"
    says(chat, "ana", "!quotes", "quotes")
    says(chat, "olga", f"!labels add @{chat.viewer} memories", "has the label")
    says(chat, "ana", f'!addnote {word} "{word} is here"', "Kept as note")
    says(chat, "ana", f"!remind 40m {word}", "remind")
    says(chat, "ana", "!score", "You have 5 points here")
    says_privately(chat, "!privacy", "Lines of chat are kept for 7 days")
    says_privately(chat, "!privacy mine", "in entity_labels")
    user = next(one["user_id"] for one in _people(house) if one["name"].lower() == chat.viewer)
    status, told = house.ask(
        "POST",
        "/api/operations/people/export",
        body=f'{{"platform": "twitch", "user_id": "{user}"}}'.encode(),
        headers={"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"},
    )
    assert status == 200
    assert word in str(told["accounts"][0]["modules"]["memories"])
    assert told["accounts"][0]["tables"]["entity_labels"]

    says_privately(chat, "!privacy erase", "nobody can bring it back")
    says_privately(chat, "!privacy erase everything", "forgotten within minutes (1 account)")
    end = time.monotonic() + WITHIN_SECONDS
    while named := {
        table
        for table, text in everything(house).items()
        if word in text or f"twitch:{user}" in text or f",{user}," in text
    }:
        assert time.monotonic() < end, named
        time.sleep(1)


def _people(house: House) -> list[dict[str, str]]:
    with psycopg.connect(house.database_url) as connection:
        rows = connection.execute("SELECT user_id, name FROM reputation").fetchall()
    return [{"user_id": row[0], "name": row[1]} for row in rows]
