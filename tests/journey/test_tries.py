"""A try that came to nothing costs nobody a call, and what is said about it has an end."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Set as AbstractSet

import pytest

from tests.helpers.house import Chat
from tests.helpers.patience import eventually

OF_PERSON, OF_PLACE = 5, 20
USAGE = "Usage: !remind"


def told(chat: Chat, people: AbstractSet[str]) -> Counter[str]:
    """How often each of them was told what to type, and "" what failed, which all can read."""
    items = chat.house.get("/stand-ins/replies?after=0&platform=twitch")["replies"]
    usage = [one["to"] for one in items if one["to"] in people and USAGE in one["text"]]
    failed = [one for one in items if one["channel"] == chat.channel and "(ref " in one["text"]]
    return Counter([*usage, *("" for _ in failed)])


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_so_many_a_minute_are_told_a_person_and_a_place_and_then_none(chat: Chat) -> None:
    people = [f"viewer{uuid.uuid4().int % 10**9}" for _ in range(5)]
    for person in people[:4]:
        for _ in range(OF_PERSON + 2):
            chat.says(person, "!remind stretch")
    everybody = set(people)
    assert eventually(lambda: told(chat, everybody).total() >= OF_PLACE, within=30)
    chat.says(people[4], "!remind stretch")  # the place's minute is full
    # Whoever types what works is answered: no window of a command was touched.
    chat.says(people[0], "!remind 10m stretch")
    assert chat.hears("I will remind you in 10 minutes", within=15)
    counted = told(chat, everybody)
    assert counted.total() == OF_PLACE
    assert people[4] not in counted
    assert max(counted[one] for one in people) == OF_PERSON


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_usage_and_refusals_cost_no_call_of_the_commands_window(chat: Chat) -> None:
    assert chat.asks("max", "!limits set !remind 2 in 1h", "2 in 1 h", within=15)
    for line, answer in (
        ("!remind stretch", USAGE),
        ("!remind 10m 5m go", "I cannot read '10m 5m"),
    ):
        assert chat.asks("ana", line, answer, within=15, to=chat.viewer), line
    for minutes in (10, 20):
        assert chat.asks("ana", f"!remind {minutes}m stretch", f"in {minutes} minutes", within=15)
    assert chat.asks("ana", "!remind 30m stretch", "!remind", within=15), (
        "the third that was understood is one too many"
    )
