"""The last events in a corner, in the browser that OBS ships: by sockets, and over a reload."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.alerts import an_alert
from tests.helpers.browser import SCREENSHOTS
from tests.helpers.obs import CANVAS, USUAL, BrowserSource, browser_source
from tests.helpers.overlay_front import OverlayFront
from waddlebot_sdk import General

PATIENCE_MS = 20_000
PHONE = (390, 844)


def list_them(front: OverlayFront, lines: int) -> None:
    front.database.write(
        """
        INSERT INTO event_lists VALUES (%(community)s, %(lines)s)
        ON CONFLICT (community_id) DO UPDATE SET lines = excluded.lines
        """,
        {"community": front.community, "lines": lines},
    )
    front.control("general", "events")


def happens(front: OverlayFront, kind: str, name: str = "Ana", **more: Any) -> int:
    return front.write(
        "general", an_alert(kind, "{name}", seconds=1, name=name, listed=True, **more)
    )


def sees(obs: BrowserSource, *lines: str) -> None:
    expect(obs.page.locator(".event")).to_have_text(list(lines), timeout=PATIENCE_MS)


def test_what_happens_stands_in_the_list_also_after_a_reload(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("general")) as obs:
        happens(front, "follow", "Before")
        list_them(front, 3)
        sees(obs, "Beforefollows")
        asked = obs.asked_by_then()
        happens(front, "gift", "Dee", amount="1")
        happens(front, "cheer", "<b>Flo</b>", amount="5000")
        sees(obs, "<b>Flo</b>5,000 bits", "Dee1 sub", "Beforefollows")
        assert obs.asked_by_then() <= asked + 1
        happens(front, "raid", "Gus", amount="42")
        front.write("general", an_alert("follow", "{name} (a test)", name="Test", seconds=1))
        latest = ("Gusraids with 42", "<b>Flo</b>5,000 bits", "Dee1 sub")
        sees(obs, *latest)
        obs.page.reload()
        sees(obs, *latest)
        front.control("general", "clear")
        sees(obs)
        happens(front, "boost", "Hal")
        sees(obs, "Halboosts")
        front.database.write("DELETE FROM event_lists")
        front.control("general", "events")
        sees(obs)
        assert obs.complaints == []


@pytest.mark.parametrize("size", [CANVAS, USUAL, PHONE])
def test_a_full_list_is_within_the_picture(
    front: OverlayFront, chromium: Browser, size: tuple[int, int]
) -> None:
    """Its pictures are for people to look at: tests/screenshots."""
    for kind, amount in (("join", ""), ("sub", ""), ("resub", "14"), ("gift", "5")):
        happens(front, kind, "Penelope", amount=amount, tier="Tier 2" if kind == "sub" else "")
    happens(front, "cheer", "W" * 60, amount="1000000")
    happens(front, "raid", "\u05d3\u05d5\u05d3", amount="4200")
    list_them(front, 10)
    front.database.write(
        "INSERT INTO goals VALUES (%(id)s, 'subs', 50, 'A new microphone', 12)",
        {"id": front.community},
    )
    front.push(General(content_type="countdown", content="Starting soon", seconds=600))
    with browser_source(chromium, front.page("general"), size=size) as obs:
        expect(obs.page.locator(".event")).to_have_count(6, timeout=PATIENCE_MS)
        expect(obs.page.locator(".countdown")).to_be_visible()
        ground = "linear-gradient(120deg, #1d3b2f, #c8b88a 45%, #fafafa 60%, #101014)"
        obs.page.evaluate(f"document.body.style.background = '{ground}'")
        obs.picture(SCREENSHOTS / f"events-{size[0]}.png")
        shown = 5 if size == USUAL else 6
        parts = [f".event >> nth={number}" for number in range(shown)]
        parts += [".event-said >> nth=1"]  # a long name takes nothing from it
        for one in (".events", ".goal", ".countdown", *parts):
            box = obs.page.locator(one).bounding_box()
            assert box
            assert box["width"] > 10
            assert box["x"] >= 0
            assert box["y"] >= 0
            assert box["x"] + box["width"] <= size[0]
            assert box["y"] + box["height"] <= size[1]
        assert obs.complaints == []
