"""Sounds of alerts are heard: where a browser plays at once, as OBS lets its own, and where it does
not, as any other that nobody has pressed a key in.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.alerts import RAID
from tests.helpers.browser import a_browser
from tests.helpers.obs import BrowserSource, browser_source
from tests.helpers.overlay_front import OverlayFront
from tests.helpers.sounds import DECODED, PLAYED, SECONDS, SOUND, serve_sounds
from waddlebot_sdk import General

PATIENCE_MS = 20_000
LOUD = RAID | {"sound_url": SOUND, "duration": 60}
SHORT = RAID | {"sound_url": SOUND, "duration": 1, "name": "Short"}


@pytest.fixture
def obs_s() -> Iterator[Browser]:
    """With the switch that obs-browser sets for CEF (browser-app.cpp)."""
    with a_browser(flags=["--autoplay-policy=no-user-gesture-required"]) as started:
        yield started


@pytest.fixture
def anybody_s() -> Iterator[Browser]:
    with a_browser(flags=["--autoplay-policy=document-user-activation-required"]) as started:
        yield started


def is_heard(obs: BrowserSource) -> None:
    """To its end: what is not played has no time, and what is not read decodes to nothing."""
    sound = obs.page.locator("audio")
    expect(sound).to_have_js_property("ended", value=True, timeout=PATIENCE_MS)
    assert obs.page.evaluate(PLAYED) >= SECONDS - 0.1
    assert obs.page.evaluate(DECODED) > 0
    expect(sound).to_have_js_property("muted", value=False)
    expect(sound).to_have_js_property("volume", value=1)


def test_in_obs_the_sound_of_an_alert_and_of_a_module_is_heard_at_once(
    front: OverlayFront, obs_s: Browser
) -> None:
    with browser_source(obs_s, front.page("general")) as obs:
        serve_sounds(obs.context)
        front.write("general", LOUD)
        expect(obs.card("Ana raids")).to_be_visible()
        is_heard(obs)
        front.push(General(content_type="sound", content="", details={"file_url": SOUND}))
        front.control("general", "skip")
        expect(obs.page.locator(".card.sound audio")).to_be_attached(timeout=PATIENCE_MS)
        is_heard(obs)
        assert obs.complaints == []


def test_a_sound_ends_with_its_alert(front: OverlayFront, obs_s: Browser) -> None:
    keep = "window.kept = document.querySelector('audio')"
    with browser_source(obs_s, front.page("general")) as obs:
        serve_sounds(obs.context)
        front.write("general", LOUD)
        expect(obs.page.locator("audio")).to_have_js_property("paused", value=False)
        obs.page.evaluate(keep)
        front.control("general", "skip")
        expect(obs.page.locator(".card")).to_have_count(0, timeout=PATIENCE_MS)
        assert obs.page.evaluate("kept.paused")


def test_where_nothing_may_play_yet_the_alert_is_seen_and_the_next_waits_for_nothing(
    front: OverlayFront, anybody_s: Browser
) -> None:
    with browser_source(anybody_s, front.page("general")) as obs:
        serve_sounds(obs.context)
        front.write("general", SHORT)
        last = front.write("general", LOUD)
        obs.has_begun(last)
        assert obs.page.evaluate(PLAYED) < SECONDS / 20
        assert obs.blank == []
        assert obs.complaints == []
        obs.page.mouse.click(5, 5)
        is_heard(obs)
        assert obs.complaints == []


def test_a_sound_that_does_not_come_takes_nothing_from_its_alert(
    front: OverlayFront, obs_s: Browser
) -> None:
    with browser_source(obs_s, front.page("general")) as obs:
        obs.context.route("**/files/**", lambda at: at.fulfill(status=404))
        front.write("general", SHORT)
        last = front.write("general", LOUD)
        expect(obs.card("Short raids")).to_be_visible()
        obs.has_begun(last)
        assert obs.complaints == []
