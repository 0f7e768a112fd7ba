"""A raid, subs, gifts, a follower, a quote and a song on three platforms, and what OBS showed.

In a house whose community is at home on all three; the pages are in the browser that OBS ships.
"""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.chatting import says
from tests.helpers.house import Chat, House
from tests.helpers.obs import USUAL, BrowserSource, browser_source, chromium
from tests.helpers.overlay_addresses import paths_in

__all__ = ["chromium"]  # a fixture

pytestmark = pytest.mark.xdist_group("houses for one story")
PATIENCE_MS = 60_000


def happens(chat: Chat, kind: str, **details: object) -> None:
    told = chat.house.post(
        "/stand-ins/happens", {"as": chat.viewer, "on": chat.on, "type": kind, **details}
    )
    assert told["accepted"], told


def shows(obs: BrowserSource, words: str) -> None:
    expect(obs.card(words)).to_be_visible(timeout=PATIENCE_MS)


def is_told(chat: Chat, line: str, answer: str) -> str:
    """What the owner of this place reads, who is in other communities of this house too."""
    chat.from_now_on()
    told = chat.asks("olga", line, answer, within=PATIENCE_MS / 1000)
    assert told, (line, chat._seen)
    return str(told["text"])


def test_what_obs_showed(house: House, chromium: Browser) -> None:
    rita = f"rita{uuid.uuid4().hex[:6]}"  # who boosted an hour ago boosts no more
    twitch, discord, slack = (
        house.chat(on=one, viewer=rita) for one in ("twitch", "discord", "slack")
    )
    told = is_told(twitch, "!overlay", "general: ")
    ticker, media, general = [f"{house.url}{path}" for path in paths_in(told)]
    with (
        browser_source(chromium, general) as alerts,
        browser_source(chromium, ticker, size=USUAL) as lines,
        browser_source(chromium, media, size=USUAL) as plays,
    ):

        def then(words: str) -> None:
            """It is there, and gives way to the next."""
            shows(alerts, words)
            is_told(twitch, "!overlay skip general", "The next one comes")
            expect(alerts.card(words)).to_have_count(0, timeout=PATIENCE_MS)

        happens(twitch, "raid", viewers=120)
        then(f"{rita} raids with 120")
        happens(twitch, "subscription", tier="2000")
        shows(alerts, "New subscriber · Tier 2 · twitch")
        then(f"{rita} subscribed")
        happens(twitch, "gift_subscription", total=10)
        for _ in range(10):
            happens(twitch, "subscription", is_gift=True)
        then(f"{rita} gifts 10 subs")
        happens(twitch, "cheer", bits=1500, text="Waddle on!")
        shows(alerts, "Waddle on!")
        then(f"{rita} cheers 1,500 bits")

        is_told(twitch, "!alerts set follow say {name} waddles along", "waddles")
        happens(twitch, "follow")
        then(f"{rita} waddles along")
        happens(discord, "boost")
        then(f"{rita} boosts this server")
        happens(discord, "member_join")
        then(f"{rita} is here")
        expect(alerts.card()).to_have_count(0)

        says(slack, "olga", "!addquote Small steps, wet feet", "Kept as quote")
        shows(lines, "Small steps, wet feet")
        says(discord, rita, "!quote wet feet", "Small steps, wet feet")
        says(discord, rita, "!play Waddle on", "Waddle on is on.")
        shows(plays, "The Penguins")
        is_told(twitch, "!alerts reset follow", "Taken back")

        assert len(alerts.begun) == 7
        assert [one.blank for one in (alerts, lines, plays)] == [[], [], []]
        assert [one.complaints for one in (alerts, lines, plays)] == [[], [], []]
