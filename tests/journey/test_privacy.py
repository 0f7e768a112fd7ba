"""Somebody asks what is kept about them; test_one_person.py has it erased."""

from __future__ import annotations

import re
import uuid

import psycopg
import pytest

from tests.helpers.chatting import says, says_privately
from tests.helpers.homes import own_place
from tests.helpers.house import House


@pytest.mark.parametrize("on", ["twitch"])
def test_a_person_is_told_what_is_kept(house: House, on: str) -> None:
    chat = house.chat(on=on, **own_place(on))
    says(chat, "olga", "hello everybody", "!help")
    word = f"penguin{uuid.uuid4().hex[:10]}"
    says(chat, "ana", "!quotes", "quotes")
    says(chat, "olga", f"!labels add @{chat.viewer} memories", "has the label")
    says(chat, "ana", f'!addnote {word} "{word} is here"', "Kept as note")
    says(chat, "ana", f"!remind 40m {word}", "remind")
    says(chat, "ana", "!score", "You have 5 points here")
    says_privately(chat, "!privacy", "Lines of chat are kept for 7 days")
    told = says_privately(chat, "!privacy mine", "1 label")
    assert re.search(r"About you, \w+ on Twitch, I keep \d+ lines of chat, ", told)
    assert "most of it in " in told
    assert not re.search(r"\w_\w|\w:\w+:\w|person export", told)
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


def _people(house: House) -> list[dict[str, str]]:
    with psycopg.connect(house.database_url) as connection:
        rows = connection.execute("SELECT user_id, name FROM reputation").fetchall()
    return [{"user_id": row[0], "name": row[1]} for row in rows]
