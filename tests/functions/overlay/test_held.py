"""What is held back and what is taken away: it stays where it is, and does not come again."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import Browser, expect

from tests.helpers.alerts import RAID
from tests.helpers.obs import BrowserSource, browser_source
from tests.helpers.overlay_front import OverlayFront, connected
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.overlays import clear_overlays
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk import Media

PATIENCE_MS = 20_000


def has_read_all(front: OverlayFront, obs: BrowserSource, source: str) -> None:
    """What was pushed before this came to the page before it."""
    front.control(source, "blackout")
    expect(obs.page.locator("body.is-dark")).to_be_attached(timeout=PATIENCE_MS)


def song(front: OverlayFront, title: str) -> int:
    return front.push(
        Media(media_type="music", media_url="", details={"title": title, "duration": 600})
    )


def test_a_song_stands_while_it_is_held_and_only_the_newest_follows(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("media")) as obs:
        connected(front, "media")
        first = song(front, "First")
        expect(obs.card("First")).to_be_visible(timeout=PATIENCE_MS)
        front.control("media", "pause")
        song(front, "Between")
        last = song(front, "Last")
        obs.page.reload()
        expect(obs.card("First")).to_be_visible(timeout=PATIENCE_MS)
        assert obs.begun == [first]
        front.control("media", "resume")
        expect(obs.card("Last")).to_be_visible(timeout=PATIENCE_MS)
        expect(obs.card()).to_have_count(1)
        assert obs.begun == [first, last]
        assert obs.complaints == []


def test_a_song_that_comes_while_one_is_held_takes_nothing_away(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("media")) as obs:
        connected(front, "media")
        song(front, "First")
        expect(obs.card("First")).to_be_visible(timeout=PATIENCE_MS)
        front.control("media", "pause")
        last = song(front, "Last")
        has_read_all(front, obs, "media")
        assert obs.card("First").count() == 1
        front.control("media", "resume")
        obs.has_begun(last)
        expect(obs.card("First")).to_have_count(0, timeout=PATIENCE_MS)
        assert obs.complaints == []


def test_what_was_cleared_does_not_come_once_more(
    front: OverlayFront, chromium: Browser, versions: Versions
) -> None:
    with browser_source(chromium, front.page("general")) as obs:
        connected(front, "general")
        front.write("general", RAID | {"name": "Regretted"})
        expect(obs.card("Regretted")).to_be_visible(timeout=PATIENCE_MS)
        with editing(front.database, versions) as edit:
            asker = Asker.of_the_house("tests", front.community)
            clear_overlays(edit, asker, now=datetime.now(UTC), source="general")
        front.send("general", {"kind": "ask"})
        expect(obs.card()).to_have_count(0, timeout=PATIENCE_MS)
        front.control("general", "replay")
        has_read_all(front, obs, "general")
        assert obs.card("Regretted").count() == 0
        front.control("general", "light")
        front.write("general", RAID | {"name": "Later"})
        expect(obs.card("Later")).to_be_visible(timeout=PATIENCE_MS)
        front.control("general", "skip")
        expect(obs.card()).to_have_count(0, timeout=PATIENCE_MS)
        front.control("general", "replay")
        expect(obs.card("Later")).to_be_visible(timeout=PATIENCE_MS)
        assert obs.complaints == []
