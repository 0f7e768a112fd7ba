"""So many people react to a line with 📌, and it is a quote: once, and never a deleted line."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest

from tests.helpers.chatting import says
from tests.helpers.house import Chat
from tests.helpers.own_keys import asks_house
from tests.helpers.patience import eventually

PATIENCE = 20.0


@pytest.mark.parametrize("chat", ["discord", "slack"], indirect=True)
def test_pins_keep_a_line_once_and_never_a_deleted_one(chat: Chat) -> None:
    pins_are(chat, 2)
    word, gone = some_word(), some_word()
    line, deleted = chat.says("ana", f"Penguins {word} hom"), chat.says("ana", f"Fish {gone}")
    happens(chat, "edit", line, by="ana", text=f"Penguins {word} home")
    happens(chat, "delete", deleted, by="ana")
    says(chat, "max", f"!quote {gone}", "No quote has")  # by then both are kept

    for one in (deleted, line):
        pinned_by(chat, one, "ana", "max", "max")
        pinned_by(chat, one, "olga", emoji="thumbsup" if chat.on == "slack" else "👍")
    says(chat, "max", f"!quote {word}", "No quote has")

    for one in (deleted, line):
        pinned_by(chat, one, "olga")
    kept = chat.hears("Kept as quote #", within=PATIENCE)
    assert kept
    pinned_by(chat, line, "ben", "ida", "eva")
    says(chat, "max", f"!quote {gone}", "No quote has")
    says(chat, "max", f"!quotes {word}", f"Penguins {word} home")
    assert chat.hears("Kept as quote #", within=1) is None


def pins_are(chat: Chat, needed: int) -> None:
    house, key = chat.house, chat.house.keys["WADDLEBOT_API_KEY"]
    chat.says("ana", "so many pins from now on")
    assert eventually(lambda: community_of(chat) > 0, within=PATIENCE)
    at = f"/api/communities/{community_of(chat)}/text"
    told: Any = asks_house(house, "GET", at, key)[1]
    text = f"{told['data']['text']}\n[modules.memories]\npins = {needed}\n"
    status, changed = asks_house(house, "PUT", at, key, {"text": text})
    assert status == 200, changed


def community_of(chat: Chat) -> int:
    """Once a line of it is kept; 0 until then."""
    with psycopg.connect(chat.house.database_url) as connection:
        row = connection.execute(
            "SELECT community_id FROM messages WHERE entity_id LIKE %s LIMIT 1",
            [f"%{chat.channel}"],
        ).fetchone()
    return int(row[0]) if row else 0


def pinned_by(chat: Chat, line: dict[str, Any], *people: str, emoji: str = "") -> None:
    sign = emoji or ("pushpin" if chat.on == "slack" else "📌")
    for who in people:
        happens(chat, "reaction", line, by=chat.viewer if who == "ana" else who, emoji=sign)


def happens(chat: Chat, what: str, line: dict[str, Any], *, by: str, **more: str) -> None:
    who = chat.viewer if by == "ana" else by
    told = {"type": what, "as": who, "on": chat.on, "message_id": line["message_id"], **more}
    told |= {name: one for name in ("channel", "server") if (one := getattr(chat, name))}
    landed = chat.house.post("/stand-ins/happens", told)
    assert landed["accepted"], landed


def some_word() -> str:
    return f"waddle{uuid.uuid4().hex[:10]}"
