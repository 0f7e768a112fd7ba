"""Goals and countdowns in the browser that OBS ships: they stand, also over a reload."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.alerts import RAID
from tests.helpers.goals import a_goal
from tests.helpers.obs import CANVAS, USUAL, browser_source
from tests.helpers.overlay_front import OverlayFront
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import General

PATIENCE_MS = 20_000


@pytest.mark.parametrize("size", [CANVAS, USUAL])
def test_a_goal_stands_and_grows_and_nothing_covers_it(
    front: OverlayFront, database: Postgres, chromium: Browser, size: tuple[int, int]
) -> None:
    a_goal(database, front, counted=12, title="<b>A new microphone</b>")
    front.write("general", RAID)
    with browser_source(chromium, front.page("general"), size=size) as obs:
        bar = obs.page.locator(".goal")
        expect(bar).to_contain_text("<b>A new microphone</b>", timeout=PATIENCE_MS)
        expect(bar.locator(".count")).to_have_text("12 / 50")
        front.push(General(content_type="countdown", content="Starting soon", seconds=600))
        expect(obs.page.locator(".countdown")).to_contain_text("Starting soon")
        expect(obs.card("Ana raids with 1,200")).to_be_visible()
        boxes = [
            obs.page.locator(one).bounding_box() for one in (".goal", ".countdown", ".card.alert")
        ]
        for at, one in enumerate(boxes):
            for other in boxes[at + 1 :]:
                assert one
                assert other
                is_beside = one["x"] + one["width"] <= other["x"]
                is_beside |= other["x"] + other["width"] <= one["x"]
                is_apart = one["y"] + one["height"] <= other["y"]
                is_apart |= other["y"] + other["height"] <= one["y"]
                assert is_beside or is_apart, boxes
        a_goal(database, front, counted=50)
        obs.page.reload()
        expect(bar.locator(".count")).to_have_text("50 / 50", timeout=PATIENCE_MS)
        expect(obs.page.locator(".goal.is-reached")).to_be_visible()
        expect(obs.page.locator(".countdown .clock")).to_contain_text("9:")
        assert obs.complaints == []


def test_a_countdown_goes_when_it_is_over_stopped_or_cleared(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("general")) as obs:
        there = obs.page.locator(".countdown")
        front.push(General(content_type="countdown", content="First", seconds=600))
        expect(there).to_contain_text("First", timeout=PATIENCE_MS)
        front.push(General(content_type="countdown", content="Second", seconds=600))
        expect(there).to_contain_text("Second")
        expect(there).to_have_count(1)
        front.push(General(content_type="countdown", content="", seconds=0))
        expect(there).to_have_count(0)
        front.push(General(content_type="countdown", content="Third", seconds=600))
        expect(there).to_contain_text("Third")
        front.control("general", "clear")
        expect(there).to_have_count(0)
        front.push(General(content_type="countdown", content="", seconds=1))
        expect(there).to_contain_text("Soon")
        expect(there.locator(".clock")).to_have_text("0:00")
        expect(there).to_have_count(0, timeout=PATIENCE_MS)
        assert obs.complaints == []
