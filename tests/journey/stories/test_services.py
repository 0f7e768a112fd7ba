"""A module whose service has a stand-in beside it: `make run` answers with it, and can break it."""

from __future__ import annotations

import pytest

from tests.helpers.house import Chat, House
from tests.journey.stories.conftest import StoryHouse
from waddlebot.domain import sayings

pytestmark = pytest.mark.xdist_group("houses for one story")

LEFT_ALONE_SECONDS = 7
"""More than a call has, so that none waits for it."""


def breaks(house: House, what: str, seconds: float = 1) -> None:
    told = house.post("/stand-ins/break", {"on": "songs", "what": what, "seconds": seconds})
    assert told == {"broken": what}


def reads(chat: Chat, line: str, words: str) -> None:
    assert chat.asks("ana", line, words, within=20), f"{line}: {words}"


def test_a_module_is_answered_by_its_stand_in_and_people_read_what_is_wrong_with_it(
    story: StoryHouse,
) -> None:
    house = story.house
    assert "songs.example (songs)" in story.terminal
    chat = house.chat(on="twitch", channel="1001", viewer="dora")
    reads(chat, "!song yesterday", "Yesterday is next.")

    breaks(house, "renamed")
    reads(chat, "!song yesterday", sayings.UNSURE)
    breaks(house, "5xx")
    reads(chat, "!song yesterday", sayings.UNSURE)
    reads(chat, "!song help", "Help is next.")

    breaks(house, "slow", seconds=9)
    reads(chat, "!findsong girl", "The song service did not answer in time.")
    breaks(house, "429", seconds=LEFT_ALONE_SECONDS)
    reads(chat, "!findsong michelle", "The song service answers with 429.")

    told = house.post("/stand-ins/break", {"on": "songs", "what": "forge"})
    assert "renamed" in told["error"]["message"]
    known = house.get("/stand-ins/break")["songs"]
    assert known["renamed"] == "The title is told by another name than the documents say."

    # It asked to be left alone for a while; then it is as the next one needs it.
    found = "I found Girl."
    assert chat.asks_until("ana", "!findsong girl", found, within=4 * LEFT_ALONE_SECONDS)
