"""Every field of the specification's answers is seen on the page: which test sees which."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from local.settings import ROOT
from tests.helpers.obs import USUAL, BrowserSource, browser_source
from tests.helpers.overlay_front import OverlayFront, connected

PATIENCE_MS = 20_000
ART = "https://img.example.org/a.png"
STYLES = ("info", "success", "warning", "urgent", "default")
ALERTS = ("follow", "sub", "resub", "gift", "cheer", "raid", "donation", "join", "boost")
FIELDS: Mapping[str, str] = {
    "ticker_text": "test_fields.test_a_ticker_says_its_text_for_its_time",
    "ticker_duration": "test_fields.test_a_ticker_says_its_text_for_its_time",
    "priority": "test_fields.test_lines_come_by_priorities_in_words_and_numbers",
    "style": "test_fields.test_each_style_has_a_colour_of_its_own",
    "media_type": "test_fields.test_what_kind_of_media_it_is_says_where_it_stands",
    "media_url": "test_fields.test_all_that_is_told_of_media_is_read_on_its_card",
    "title": "test_fields.test_all_that_is_told_of_media_is_read_on_its_card",
    "artist": "test_fields.test_all_that_is_told_of_media_is_read_on_its_card",
    "album": "test_fields.test_all_that_is_told_of_media_is_read_on_its_card",
    "album_art": "test_fields.test_all_that_is_told_of_media_is_read_on_its_card",
    "thumbnail_url": "test_fields.test_all_that_is_told_of_media_is_read_on_its_card",
    "duration": "test_fields.test_all_that_is_told_of_media_is_read_on_its_card",
    "progress": "test_fields.test_all_that_is_told_of_media_is_read_on_its_card",
    "paused": "test_fields.test_all_that_is_told_of_media_is_read_on_its_card",
    "service": "test_fields.test_all_that_is_told_of_media_is_read_on_its_card",
    "requested_by": "test_fields.test_all_that_is_told_of_media_is_read_on_its_card",
    "queue": "test_fields.test_all_that_is_told_of_media_is_read_on_its_card",
    "content_type": "test_fields.test_each_type_of_content_is_read_for_its_time",
    "content": "test_fields.test_each_type_of_content_is_read_for_its_time",
    "form_title": "test_fields.test_a_form_is_read_with_all_its_fields",
    "form_description": "test_fields.test_a_form_is_read_with_all_its_fields",
    "form_fields": "test_fields.test_a_form_is_read_with_all_its_fields",
    "label": "test_fields.test_a_form_is_read_with_all_its_fields",
    "type": "test_fields.test_a_form_is_read_with_all_its_fields",
    "required": "test_fields.test_a_form_is_read_with_all_its_fields",
    "form_submit_url": "test_fields.test_a_form_is_read_with_all_its_fields",
    "style.type": "test_fields.test_each_kind_of_alert_is_read_with_whom_it_tells_of",
    "name": "test_fields.test_each_kind_of_alert_is_read_with_whom_it_tells_of",
    "amount": "test_fields.test_each_kind_of_alert_is_read_with_whom_it_tells_of",
    "tier": "test_fields.test_each_kind_of_alert_is_read_with_whom_it_tells_of",
    "platform": "test_fields.test_each_kind_of_alert_is_read_with_whom_it_tells_of",
    "image_url": "test_fields.test_each_kind_of_alert_is_read_with_whom_it_tells_of",
    "sound_url": "test_sounds.test_in_obs_the_sound_of_an_alert_and_of_a_module_is_heard_at_once",
    "file_url": "test_sounds.test_in_obs_the_sound_of_an_alert_and_of_a_module_is_heard_at_once",
    "poll_id": "test_poll.test_votes_are_counted_in_place_and_the_result_stays_for_a_while",
    "options": "test_poll.test_votes_are_counted_in_place_and_the_result_stays_for_a_while",
    "votes": "test_poll.test_votes_are_counted_in_place_and_the_result_stays_for_a_while",
    "ends_at": "test_poll.test_votes_are_counted_in_place_and_the_result_stays_for_a_while",
}
"""By the test that sees it, of this folder."""


def test_every_field_that_is_described_is_in_the_table() -> None:
    page = (ROOT / "docs" / "overlays.md").read_text("utf-8")
    table = page.partition("## What a module answers")[2].partition("\n## ")[0]
    cells = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ")][2:]
    named = {one for cell in cells for one in re.findall(r"`([a-z_.]+)`", cell)}
    values = {*STYLES, *ALERTS, "high", "normal", "low", "clip", "music", "song", "track"}
    values |= {"audio", "now_playing", "html", "text", "form", "alert", "announcement"}
    values |= {"countdown", "poll", "https"}

    assert named - values <= FIELDS.keys()
    for test in FIELDS.values():
        module, _, name = test.partition(".")
        assert hasattr(import_module(f"tests.functions.overlay.{module}"), name), test


def writes(front: OverlayFront, source: str, **said: Any) -> int:
    """As the specification words it: `said` without what stands in `response_data`."""
    return front.write(source, {"success": True, "response_action": source, **said})


def next_is(front: OverlayFront, obs: BrowserSource, source: str, **said: Any) -> None:
    """In place of what stands there."""
    front.control(source, "clear")
    expect(obs.page.locator(".card")).to_have_count(0, timeout=PATIENCE_MS)
    obs.has_begun(writes(front, source, **said))
    expect(obs.card()).to_have_count(1)


def test_a_ticker_says_its_text_for_its_time(front: OverlayFront, chromium: Browser) -> None:
    with browser_source(chromium, front.page("ticker"), size=USUAL) as obs:
        connected(front, "ticker")
        looks = {"priority": "high", "style": "info"}
        for seconds in (1, 3, 1):
            said = {"ticker_text": f"for {seconds}", "ticker_duration": seconds}
            last = writes(front, "ticker", **said, response_data=looks)
        expect(obs.page.locator(".line")).to_have_text("for 1")
        obs.has_begun(last)
        first, second = (b - a for a, b in zip(obs.moments, obs.moments[1:], strict=False))
        assert first >= 1
        assert second >= 3
        assert min(first, second) < 10  # as usual


def test_lines_come_by_priorities_in_words_and_numbers(
    front: OverlayFront, chromium: Browser
) -> None:
    asked = ("low", 9, "normal", 4, "2", "high", 1)
    with browser_source(chromium, front.page("ticker"), size=USUAL) as obs:
        connected(front, "ticker")
        shown = writes(front, "ticker", ticker_text="stands", ticker_duration=60)
        obs.has_begun(shown)
        by = {
            one: writes(
                front,
                "ticker",
                ticker_text=str(one),
                ticker_duration=60,
                response_data={"priority": one},
            )
            for one in asked
        }
        for _ in asked:
            before = len(obs.begun)
            front.control("ticker", "skip")
            obs.shows_more(before)
        words = {number: one for one, number in by.items()}
        assert [words[one] for one in obs.begun[1:]] == ["high", 1, "2", 4, "normal", 9, "low"]


@pytest.mark.parametrize("source", ["ticker", "general"])
def test_each_style_has_a_colour_of_its_own(
    front: OverlayFront, chromium: Browser, source: str
) -> None:
    words = {"ticker_text": "Words", "content_type": "announcement", "content": "Words"}
    accent = "one => getComputedStyle(one).getPropertyValue('--accent')"
    with browser_source(chromium, front.page(source), size=USUAL) as obs:
        connected(front, source)
        colours = []
        for style in STYLES:
            next_is(front, obs, source, **words, response_data={"style": style})
            colours.append(obs.card().evaluate(accent))
        assert len(set(colours)) == len(STYLES)


def test_what_kind_of_media_it_is_says_where_it_stands(
    front: OverlayFront, chromium: Browser
) -> None:
    kinds = {"music": "song", "SONG": "song", "track": "song", "clip": "clip", "video": "clip"}
    with browser_source(chromium, front.page("media"), size=USUAL) as obs:
        connected(front, "media")
        for kind, card in kinds.items():
            told = {"title": kind, "duration": "3:45"}
            next_is(front, obs, "media", media_type=kind, media_url="", response_data=told)
            expect(obs.page.locator(f".card.{card} .title")).to_have_text(kind)


def test_all_that_is_told_of_media_is_read_on_its_card(
    front: OverlayFront, chromium: Browser
) -> None:
    """The specification's own answer, and what may stand beside it."""
    song = {
        "title": "Song Title",
        "artist": "Artist Name",
        "album": "Album Name",
        "duration": "3:45",
        "thumbnail_url": ART,
        "service": "youtube",
    }
    more = {"requested_by": "Ana", "progress": 61, "paused": True}
    queue = [{"title": "Next", "artist": "B"}]
    with browser_source(chromium, front.page("media"), size=USUAL) as obs:
        obs.context.route("https://img.example.org/**", lambda at: at.fulfill(body=_PIXEL))
        connected(front, "media")
        url = "https://www.youtube.example.org/watch?v=1"
        next_is(front, obs, "media", media_type="music", media_url=url, response_data=song)
        card = obs.card()
        expect(card.locator(".title")).to_have_text("Song Title")
        expect(card.locator(".artist")).to_have_text("Artist Name · Album Name")
        expect(card.locator(".service")).to_have_text("youtube")
        expect(card.locator(".time")).to_have_text(re.compile(r"0:\d\d / 3:45"))
        expect(card.locator(".cover")).to_have_attribute("src", ART)
        expect(card.locator(".cover")).to_be_visible()
        told = {**song, **more, "queue": queue, "thumbnail_url": "", "album_art": ART}
        next_is(front, obs, "media", media_type="music", media_url=url, response_data=told)
        expect(card.locator(".service")).to_have_text("Paused · youtube · for Ana")
        expect(card.locator(".time")).to_have_text("1:01 / 3:45")
        expect(card.locator(".next")).to_have_text("Next · B")
        expect(card.locator(".cover")).to_have_attribute("src", ART)
        next_is(front, obs, "media", media_type="clip", media_url=url, response_data=song)
        expect(card.locator(".url")).to_have_text(url)
        assert obs.complaints == []


def test_each_type_of_content_is_read_for_its_time(front: OverlayFront, chromium: Browser) -> None:
    with browser_source(chromium, front.page("general"), size=USUAL) as obs:
        connected(front, "general")
        for kind in ("text", "announcement", "alert", "form"):
            said = {"content_type": kind, "content": f"Words of {kind}", "duration": 60}
            next_is(front, obs, "general", response_data=said)
            expect(obs.page.locator(f".card.{kind}")).to_contain_text(f"Words of {kind}")
        html = "<div>Custom <b>HTML</b> content</div>"
        said = {"content_type": "html", "content": html, "duration": 15}
        next_is(front, obs, "general", response_data=said)
        framed = obs.page.frame_locator(".card.html iframe")
        expect(framed.locator("div b")).to_have_text("HTML")
        for seconds in (1, 3, 60):
            said = {"content_type": "text", "content": f"for {seconds}", "duration": seconds}
            last = writes(front, "general", response_data=said)
        front.control("general", "skip")
        obs.has_begun(last)
        first, second = (b - a for a, b in zip(obs.moments[-3:], obs.moments[-2:], strict=False))
        assert first >= 1
        assert second >= 3
        assert min(first, second) < 10
        front.control("general", "clear")
        said = {"content_type": "announcement", "title": "News", "content": "Words", "duration": 0}
        next_is(front, obs, "general", response_data=said)
        expect(obs.page.locator(".card.announcement .title")).to_have_text("News")
        assert obs.complaints == []


def test_a_form_is_read_with_all_its_fields(front: OverlayFront, chromium: Browser) -> None:
    fields = [
        {"name": "game", "label": "Which game?", "type": "text", "required": True},
        {"name": "when", "label": "When?", "type": "select"},
    ]
    form = {
        "content_type": "form",
        "form_title": "Next stream",
        "form_description": "What do we play?",
        "form_fields": fields,
        "form_submit_url": "https://waddle.example.org/f/1",
    }
    with browser_source(chromium, front.page("general"), size=USUAL) as obs:
        connected(front, "general")
        next_is(front, obs, "general", response_data=form)
        card = obs.page.locator(".card.form")
        expect(card.locator(".title")).to_have_text("Next stream")
        expect(card.locator("p.text")).to_have_text("What do we play?")
        expect(card.locator(".field")).to_have_text(["Which game?needed", "When?"])
        expect(card.locator(".field.is-text .required")).to_have_count(1)
        expect(card.locator(".field.is-select .required")).to_have_count(0)
        expect(card.locator(".address")).to_have_text("waddle.example.org/f/1")


def test_each_kind_of_alert_is_read_with_whom_it_tells_of(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("general"), size=USUAL) as obs:
        obs.context.route("https://img.example.org/**", lambda at: at.fulfill(body=_PIXEL))
        connected(front, "general")
        heads = set()
        for kind in ALERTS:
            told = {
                "content_type": "alert",
                "content": "Their words",
                "name": "Max",
                "amount": 42,
                "tier": "Tier 2",
                "platform": "twitch",
                "image_url": ART,
                "style": {"type": kind, "theme": "neon"},
                "duration": 60,
            }
            next_is(front, obs, "general", response_data=told)
            card = obs.page.locator(f".card.alert.is-{kind}[data-theme=neon]")
            expect(card.locator(".title")).to_contain_text("Max")
            expect(card.locator(".amount")).to_contain_text("42")
            expect(card.locator("p.text")).to_have_text("Their words")
            expect(card.locator(".picture")).to_have_attribute("src", ART)
            expect(card.locator(".head")).to_contain_text("Tier 2 · twitch")
            heads.add(card.locator(".head").inner_text())
        assert len(heads) == len(ALERTS)
        assert obs.complaints == []


_PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002014c003b"
)
