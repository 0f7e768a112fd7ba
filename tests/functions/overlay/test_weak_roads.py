"""Pages whose network is weak: a cut that nobody tells of, and what is due when they come late."""

from __future__ import annotations

import time

from playwright.sync_api import Browser, expect

from tests.helpers.obs import BrowserSource, browser_source
from tests.helpers.overlay_front import OverlayFront, connected
from tests.helpers.patience import eventually
from waddlebot_sdk import General, Ticker

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
            asked += 1
            assert eventually(lambda least=asked: front.pinged >= least)
        assert front.sockets_ever() == opened


ALERT = {"name": "Max", "style": {"type": "raid"}}


def test_who_comes_within_its_time_sees_what_was_due_and_nothing_that_is_over(
    front: OverlayFront, chromium: Browser
) -> None:
    """A line is news for two minutes, an alert for five: nothing of it is lost before that, with
    whatever reloads between, and nothing of it is shown after."""
    front.push(Ticker("over", seconds=1), ago=121)
    front.push(General(content_type="alert", content="over", seconds=1, details=ALERT), ago=301)
    line = front.push(Ticker("still due", seconds=60), ago=60)
    alert = General(content_type="alert", content="still due", seconds=60, details=ALERT)
    raid = front.push(alert, ago=240)
    for source, number in (("ticker", line), ("general", raid)):
        with browser_source(chromium, front.page(source)) as obs:
            expect(obs.card("still due")).to_be_visible(timeout=60_000)
            obs.page.reload()
            expect(obs.card("still due")).to_be_visible(timeout=60_000)
            assert obs.kept() == [number]
            assert obs.complaints == []


def test_what_waited_for_its_turn_until_it_was_over_is_not_shown(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("ticker")) as obs:
        connected(front, "ticker")
        now = time.time()
        for number, (text, good) in enumerate((("long", 60), ("waits", 1), ("next", 60)), 1):
            looks = {"kind": "ticker", "text": text, "seconds": 2, "priority": 5, "style": "info"}
            about = {"n": number, "before": number - 1, "at": now, "until": now + good}
            front.send("ticker", {**looks, **about, "theme": ""})
        obs.has_begun(3)
        assert obs.begun == [1, 3]
