"""What stands on `general` at once has room at the size that OBS offers, and stays while held."""

from __future__ import annotations

from itertools import combinations

from playwright.sync_api import Browser, FloatRect, expect

from tests.helpers.alerts import RAID
from tests.helpers.chat_on_page import ChatOnPage
from tests.helpers.goals import a_goal
from tests.helpers.obs import USUAL, browser_source
from tests.helpers.overlay_front import OverlayFront, connected
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import General

PATIENCE_MS = 20_000


def test_a_full_chat_covers_neither_the_corner_nor_an_alert(
    front: OverlayFront, chat: ChatOnPage, database: Postgres, chromium: Browser
) -> None:
    a_goal(database, front, counted=12)
    with browser_source(chromium, front.page("general"), size=USUAL) as obs:
        connected(front, "general")
        front.push(General(content_type="countdown", content="Starting soon", seconds=600))
        for _ in range(8):
            chat.says("A line of chat that is as long as people write them at times. " * 2)
        front.write("general", RAID)
        expect(obs.card("Ana raids with 1,200")).to_be_visible(timeout=PATIENCE_MS)
        expect(obs.page.locator(".chat-line").last).to_be_visible()
        places = {
            name: box
            for name in (".chat", ".goal", ".countdown", ".card.alert")
            if (box := obs.page.locator(name).bounding_box())
        }
        assert len(places) == 4
        for one, other in combinations(places, 2):
            assert _is_apart(places[one], places[other]), (one, other, places)
        assert obs.complaints == []


def _is_apart(one: FloatRect, other: FloatRect) -> bool:
    return any(
        first[at] + first[length] <= second[at]
        for at, length in (("x", "width"), ("y", "height"))
        for first, second in ((one, other), (other, one))
    )


def test_what_stands_until_the_next_one_comes_stays_while_that_is_held_back(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("general")) as obs:
        front.push(General(content="First", seconds=0))
        expect(obs.card("First")).to_be_visible(timeout=PATIENCE_MS)
        front.control("general", "pause")
        front.push(General(content="Second", seconds=0))
        front.push(General(content_type="countdown", content="Came behind it", seconds=600))
        expect(obs.page.locator(".countdown")).to_be_visible(timeout=PATIENCE_MS)
        assert obs.card("First").count() == 1
        front.control("general", "resume")
        expect(obs.card("Second")).to_be_visible(timeout=PATIENCE_MS)
        expect(obs.card("First")).to_have_count(0)
        assert obs.complaints == []
