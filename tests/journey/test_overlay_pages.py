"""Lines of chat, and what the browser that OBS ships shows of them: the house and its pages."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.chatting import says_privately
from tests.helpers.house import Chat
from tests.helpers.obs import USUAL, browser_source, chromium
from tests.helpers.overlay_addresses import lets, paths_in
from tests.helpers.patience import was_within

__all__ = ["chromium"]  # a fixture

pytestmark = pytest.mark.xdist_group("overlays")
TWITCH = pytest.mark.parametrize("chat", ["twitch"], indirect=True)
PATIENCE_MS = 60_000
TRIES = 4
"""`!overlay test` may be typed ten times a minute."""


@TWITCH
def test_what_is_tried_in_chat_is_seen_in_obs_and_taken_away(chat: Chat, chromium: Browser) -> None:
    lets(chat)
    paths = paths_in(says_privately(chat, "!overlay", "general: "))
    ticker, media, general = [f"{chat.house.url}{path}" for path in paths]
    with (
        browser_source(chromium, ticker, size=USUAL) as lines,
        browser_source(chromium, media) as plays,
        browser_source(chromium, general) as alerts,
    ):
        says_privately(chat, "!overlay test", "A sample of ticker is on ticker now")
        expect(lines.card("This is a test of the ticker.")).to_be_visible(timeout=PATIENCE_MS)
        says_privately(chat, "!overlay test media", "A sample of media is on media now")
        expect(plays.card("A song to try it")).to_be_visible(timeout=PATIENCE_MS)
        says_privately(chat, "!overlay test raid", "A sample of raid is on general now")
        expect(alerts.card("Raid")).to_be_visible(timeout=PATIENCE_MS)
        says_privately(chat, "!overlay clear", "Nothing is shown any more on")
        for source in (lines, plays, alerts):
            expect(source.card()).to_have_count(0, timeout=PATIENCE_MS)

        says_privately(chat, "!overlay rotate ticker", "cannot be had back")
        says_privately(chat, "!overlay test", "A sample of ticker is on ticker now")
        expect(lines.card("This is a test of the ticker.")).to_be_visible(timeout=PATIENCE_MS)
        says_privately(chat, "!overlay rotate ticker", "cannot be had back")
        # within the minute that the clock needs to close what was rotated twice
        expect(lines.card()).to_have_count(0, timeout=2 * PATIENCE_MS)
        assert [one.blank for one in (lines, plays, alerts)] == [[], [], []]
        assert [one.complaints for one in (lines, plays, alerts)] == [[], [], []]


@TWITCH
def test_a_line_is_shown_within_a_quarter_of_a_second_over_the_socket(
    chat: Chat, chromium: Browser
) -> None:
    lets(chat)
    [path] = paths_in(says_privately(chat, "!overlay ticker", "In OBS: "))
    with browser_source(chromium, f"{chat.house.url}{path}", size=USUAL) as obs:
        polls = obs.asked_by_then()
        took = []
        for _ in range(TRIES):
            said_at, before = time.time(), len(obs.begun)
            says_privately(chat, "!overlay test", "A sample of ticker is on ticker now")
            obs.shows_more(before)
            took.append(obs.moments[before] - said_at)
            says_privately(chat, "!overlay clear ticker", "Nothing is shown any more on ticker")
            expect(obs.page.locator(".card")).to_have_count(0, timeout=PATIENCE_MS)
        print(f"line to card, in ms: {sorted(round(one * 1000) for one in took)}")
        # the line's own way through the house is in it
        assert was_within(0.25, time.monotonic() - min(took))
        assert obs.asked_by_then() - polls <= 1, "it polled"
