"""A server of the moderators own is asked about lines, in a house that runs as for people."""

from __future__ import annotations

import json
import time

import pytest

from tests.helpers.homes import own_place
from tests.helpers.house import House
from tests.helpers.patience import was_within
from tests.helpers.service_stand_in import HOST, Handler
from tests.journey.stories.conftest import StoryHouse

pytestmark = pytest.mark.xdist_group("houses for one story")

SAYS = {
    "advert": {"action": "block", "text": "No adverts here, please."},
    "greet": {"action": "reply", "text": "Hello @everyone \u202eand <@1>"},
}


def does(handler: Handler, _number: int) -> None:
    [text, *_] = json.loads(handler.service.seen[-1].body)["texts"]
    if "slow" in text:
        handler.service.released.wait(30)
    handler.says(json.dumps(SAYS.get(text.split()[1], {})).encode())


def test_a_server_of_ones_own_is_asked_and_nobody_waits_for_it(story: StoryHouse) -> None:
    story.hooks.does = does
    asks_on(story.house, "twitch")
    asks_on(story.house, "discord")
    seen = story.hooks.seen
    assert len({one.headers["webhook-id"] for one in seen}) == len(seen)
    story.hooks.released.set()


def asks_on(house: House, on: str) -> None:
    chat = house.chat(on=on, **own_place(on))
    assert chat.asks(
        "max",
        f'!rules add word "waddle" webhook https://{HOST}/line',
        "Its secret: !rules secret",
        within=15,
    )
    chat.says("ana", "waddle slow")
    began = time.monotonic()
    assert chat.asks("ana", "!help", "!quote", within=15)
    assert was_within(8, began), "a line that is asked about holds up nobody"

    chat.says("ana", "waddle advert")
    assert chat.was_deleted("waddle advert", within=15)
    assert chat.hears("No adverts here", within=15, to=chat.viewer)

    said = chat.asks("ana", "waddle greet", "hello", within=15)
    assert said
    assert "@everyone" not in said["text"]
    assert "\u202e" not in said["text"]
