"""What stands on `general` at once has room at the size that OBS offers, and stays while held."""

from __future__ import annotations

from itertools import combinations

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from tests.helpers.alerts import RAID
from tests.helpers.browser import SCREENSHOTS
from tests.helpers.chat_on_page import ChatOnPage
from tests.helpers.goals import a_goal
from tests.helpers.obs import USUAL, browser_source
from tests.helpers.overlay_front import OverlayFront, connected
from tests.helpers.patience import eventually
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


POLL = {
    "poll_id": "17",
    "options": [{"label": f"Game number {one}", "votes": one} for one in range(6)],
}
LINE = "{name} throws {amount} bits, and everybody on the ice applauds for a while"
CHEER = {
    "success": True,
    "response_action": "general",
    "content_type": "alert",
    "style": {"type": "cheer"},
    "name": "Ana_who_has_a_long_name",
    "amount": "42",
    "line": LINE,
    "duration": 60,
}
CARDS = {
    "alert": CHEER,
    "announcement": General(
        content_type="announcement",
        content="The stream is over at ten today, as the ice is thin. " * 5,
        seconds=60,
        details={"title": "What is to be known"},
    ).to_wire(),
}


@pytest.mark.parametrize("size", [(1280, 720), USUAL, (390, 844)])
@pytest.mark.parametrize("kind", CARDS)
def test_what_hangs_above_lies_upon_nothing_of_a_full_corner(  # noqa: PLR0917 - fixtures
    front: OverlayFront,
    chat: ChatOnPage,
    database: Postgres,
    chromium: Browser,
    size: tuple[int, int],
    kind: str,
) -> None:
    """Its pictures are for people to look at: tests/screenshots."""
    if size != USUAL:
        a_goal(database, front, counted=12)
    with browser_source(chromium, front.page("general"), size=size) as obs:
        connected(front, "general")
        front.push(General(content_type="countdown", content="Starting soon", seconds=600))
        front.push(General(content_type="poll", content="Which?", seconds=600, details=POLL))
        expect(obs.page.locator(".poll")).to_be_visible(timeout=PATIENCE_MS)
        for _ in range(6):
            chat.says("A line of chat that is as long as people write them. " * 2)
        front.write("general", CARDS[kind])
        expect(obs.card()).to_be_visible(timeout=PATIENCE_MS)
        obs.page.wait_for_timeout(800)
        ground = "linear-gradient(120deg, #1d3b2f, #c8b88a 45%, #fafafa 60%, #101014)"
        obs.page.evaluate(f"document.body.style.background = '{ground}'")
        obs.picture(SCREENSHOTS / f"room-{kind}-{size[0]}.png")
        places = {
            name: box
            for name in (".poll", ".countdown", ".goal", f".card.{kind}", ".chat")
            if (there := obs.page.locator(name)).count() and (box := there.bounding_box())
        }
        assert places.keys() >= {".poll", ".countdown", f".card.{kind}"}
        for one, other in combinations(places, 2):
            assert _is_apart(places[one], places[other]), (one, other, places)
        lines = obs.page.locator(".chat-line")
        first = lines.first.bounding_box()
        assert first
        is_whole = first["y"] >= places[".chat"]["y"] - 0.5
        assert is_whole or lines.first.is_hidden(), "a line is cut off"
        for name, box in places.items():
            assert box["x"] >= 0, name
            assert box["x"] + box["width"] <= size[0], name
            assert box["y"] >= 0, name
        assert obs.complaints == []


def test_on_a_narrow_picture_the_chat_stands_above_what_is_in_the_corner(
    front: OverlayFront, chat: ChatOnPage, database: Postgres, chromium: Browser
) -> None:
    a_goal(database, front, counted=12)
    with browser_source(chromium, front.page("general"), size=(390, 844)) as obs:
        connected(front, "general")
        for number in range(8):
            chat.says(f"{number} is a line of chat that is as long as people write them at times")
        expect(obs.page.locator(".chat-line").last).to_contain_text("7 is", timeout=PATIENCE_MS)
        front.push(General(content_type="poll", content="Which?", seconds=600, details=POLL))
        expect(obs.page.locator(".poll")).to_be_visible(timeout=PATIENCE_MS)
        assert eventually(lambda: _is_above(obs.page, ".chat", ".corner"))
        expect(obs.page.locator(".chat-line").last).to_be_visible()
        obs.picture(SCREENSHOTS / "room-chat-390.png")
        front.control("general", "clear")
        chat.says("It has its place again")
        expect(obs.page.locator(".chat-line")).to_have_count(1, timeout=PATIENCE_MS)
        assert obs.complaints == []


def _is_above(page: Page, upper: str, lower: str) -> bool:
    one, other = (page.locator(name).bounding_box() for name in (upper, lower))
    return bool(one and other) and one["y"] + one["height"] <= other["y"]


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
