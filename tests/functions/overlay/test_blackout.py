"""What is dark is neither seen nor heard, and goes on behind: players, sounds, the whole stage."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.alerts import RAID
from tests.helpers.obs import USUAL, BrowserSource, browser_source
from tests.helpers.overlay_front import OverlayFront, connected
from tests.helpers.players import Players
from tests.helpers.sounds import SOUND, serve_sounds
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.overlays import clear_overlays
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk import General, Media, Ticker

PATIENCE_MS = 20_000
VIDEO, CLIP = "https://www.youtube.com/watch?v=playsplays1", "https://clips.twitch.tv/plays-1"
SEEN = "#stage { visibility: visible } .card, .chat { visibility: visible; opacity: 1 }"


def plays(front: OverlayFront, url: str, title: str, kind: str = "clip") -> int:
    told = {"title": title, "duration": 600, "progress": 61}
    return front.push(Media(media_type=kind, media_url=url, details=told))


def is_dark(obs: BrowserSource) -> None:
    """Nothing plays, and of the picture nothing is left."""
    expect(obs.page.locator("body.is-dark")).to_be_attached(timeout=PATIENCE_MS)
    expect(obs.page.locator(".player")).to_have_count(0)
    expect(obs.page.locator("#stage")).to_have_css("opacity", "0")


@pytest.mark.parametrize(("url", "kind"), [(VIDEO, "music"), (CLIP, "clip")])
def test_a_player_is_gone_while_it_is_dark_and_there_again(
    front: OverlayFront, chromium: Browser, players: Players, url: str, kind: str
) -> None:
    with browser_source(chromium, front.page("media"), size=USUAL, css=SEEN) as obs:
        plays(front, url, "Waddle", kind)
        expect(obs.page.locator(".is-playing .player")).to_be_visible(timeout=PATIENCE_MS)
        front.control("media", "blackout")
        is_dark(obs)
        assert len(players.asked) == 1
        obs.page.reload()
        connected(front, "media")
        is_dark(obs)
        assert len(players.asked) == 1
        front.control("media", "light")
        expect(obs.card("Waddle").locator(".is-playing .player")).to_be_visible(timeout=PATIENCE_MS)
        assert len(players.asked) == 2
        assert url == CLIP or any(f"start={at}" in players.asked[1] for at in range(61, 120))
        assert len(obs.begun) == 1
        assert obs.complaints == []


def test_what_begins_in_the_dark_plays_when_it_is_light(
    front: OverlayFront, chromium: Browser, players: Players
) -> None:
    with browser_source(chromium, front.page("media"), size=USUAL) as obs:
        connected(front, "media")
        front.control("media", "blackout")
        obs.has_begun(plays(front, VIDEO, "Begun in the dark"))
        is_dark(obs)
        assert players.asked == []
        front.control("media", "light")
        expect(obs.page.locator(".is-playing .player")).to_be_visible(timeout=PATIENCE_MS)


def test_what_is_cleared_in_the_dark_leaves_it_dark_also_when_loaded_again(
    front: OverlayFront, chromium: Browser, versions: Versions
) -> None:
    with browser_source(chromium, front.page("ticker"), size=USUAL) as obs:
        connected(front, "ticker")
        front.control("ticker", "blackout")
        front.push(Ticker("secret", seconds=60))
        with editing(front.database, versions) as edit:
            asker = Asker.of_the_house("tests", front.community)
            clear_overlays(edit, asker, now=datetime.now(UTC), source="ticker")
        obs.page.reload()
        connected(front, "ticker")
        front.push(Ticker("later", seconds=60))
        is_dark(obs)
        front.control("ticker", "light")
        expect(obs.card("later")).to_be_visible()


def test_what_sounds_is_silent_while_it_is_dark(front: OverlayFront, chromium: Browser) -> None:
    with browser_source(chromium, front.page("general"), size=USUAL, css=SEEN) as obs:
        serve_sounds(obs.context)
        sounds = obs.page.locator("audio")
        front.write("general", RAID | {"sound_url": SOUND})
        expect(sounds).to_have_js_property("muted", value=False, timeout=PATIENCE_MS)
        front.control("general", "blackout")
        expect(sounds).to_have_js_property("muted", value=True)
        front.control("general", "skip")
        front.push(General(content_type="sound", content="", details={"file_url": SOUND}))
        expect(obs.page.locator(".card.sound audio")).to_have_js_property("muted", value=True)
        front.control("general", "light")
        expect(sounds).to_have_js_property("muted", value=False)
        assert obs.complaints == []
