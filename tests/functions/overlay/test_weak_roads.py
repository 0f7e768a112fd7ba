"""Pages whose network is weak: a cut that nobody tells of, and what is still due after a reload."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.functions.overlay.test_pages import connected
from tests.helpers.obs import BrowserSource, browser_source
from tests.helpers.overlay_front import OverlayFront
from tests.helpers.patience import eventually
from waddlebot_sdk import Ticker

SILENCE = 33_000
"""Ms, after which a page of silence has asked whether anybody is there."""
ANSWER = 10_500


def on_a_clock_of_ours(obs: BrowserSource, front: OverlayFront, source: str) -> None:
    obs.context.clock.install()
    before = len(front.asked)
    obs.page.reload()
    assert eventually(lambda: any("/state" in one for one in front.asked[before:]))
    assert eventually(lambda: front.open_sockets(source) == 1)


def test_a_cut_that_nobody_tells_of_is_found_within_a_minute(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("ticker")) as obs:
        connected(front, "ticker")
        on_a_clock_of_ours(obs, front, "ticker")
        front.lose()
        front.push(Ticker("by nobody's wire", seconds=60))
        obs.page.clock.fast_forward(SILENCE)
        obs.page.clock.fast_forward(ANSWER)
        expect(obs.card("by nobody's wire")).to_be_visible(timeout=60_000)
        obs.page.clock.fast_forward(ANSWER)
        connected(front, "ticker")
        assert obs.complaints == []


def test_a_socket_that_answers_is_kept(front: OverlayFront, chromium: Browser) -> None:
    with browser_source(chromium, front.page("ticker")) as obs:
        connected(front, "ticker")
        on_a_clock_of_ours(obs, front, "ticker")
        opened = front.sockets_ever()
        asked = front.pinged
        for _ in range(3):
            obs.page.clock.fast_forward(SILENCE)
            assert eventually(lambda: front.pinged > asked)
            asked = front.pinged
        assert front.sockets_ever() == opened
