"""What a page costs while things stand on it and nothing happens: time of all processors of its
browser, drawing included.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.browser import a_browser
from tests.helpers.chat_on_page import ChatOnPage
from tests.helpers.goals import a_goal
from tests.helpers.idle import MOST_IDLE, cost
from tests.helpers.obs import CANVAS, BrowserSource, browser_source
from tests.helpers.overlay_front import OverlayFront, connected
from waddlebot_sdk import General, Media

PATIENCE_MS = 20_000
BUSY = "setInterval(() => { for (let n = 0; n < 1e7; n += 1) top.work = Math.sqrt(n); }, 50)"
"""Of work, not of time: a busy machine has less of that for it."""
OPTIONS = [{"label": "Celeste", "votes": 12}, {"label": "Hades", "votes": 7}]


@pytest.fixture
def alone() -> Iterator[Browser]:
    """With no page of anybody else's."""
    with a_browser() as started:
        yield started


def is_idle(browser: Browser, obs: BrowserSource) -> None:
    """And would be found out otherwise: a page that works now and then is."""
    assert cost(browser) <= MOST_IDLE
    obs.page.evaluate(BUSY)
    assert cost(browser) > MOST_IDLE
    assert obs.complaints == []


def test_with_a_goal_a_countdown_a_poll_a_card_and_a_full_chat_it_is_idle(
    front: OverlayFront, alone: Browser, chat: ChatOnPage
) -> None:
    a_goal(front.database, front, counted=12, title="A new microphone")
    front.push(General(content_type="countdown", content="Starting soon", seconds=600))
    poll = {"poll_id": "1", "options": OPTIONS}
    front.push(General(content_type="poll", content="What next?", seconds=600, details=poll))
    for number in range(12):
        chat.says(f"line {number}", badges=["vip"])
    with browser_source(alone, front.page("general"), size=CANVAS, still=False) as obs:
        connected(front, "general")
        front.push(General(content_type="announcement", content="stands", seconds=0))
        for one in (".goal", ".countdown", ".poll", ".card.announcement", ".chat-line >> nth=11"):
            expect(obs.page.locator(one)).to_be_visible(timeout=PATIENCE_MS)
        is_idle(alone, obs)


def test_with_what_plays_now_it_is_idle(front: OverlayFront, alone: Browser) -> None:
    told = {"title": "Waddle on", "artist": "The Ducks", "duration": 600, "progress": 61}
    queue = [{"title": "Next", "artist": "B"}]
    with browser_source(alone, front.page("media"), size=CANVAS, still=False) as obs:
        connected(front, "media")
        details = {**told, "queue": queue}
        front.push(Media(media_type="music", media_url="", details=details))
        expect(obs.card("Waddle on")).to_be_visible(timeout=PATIENCE_MS)
        is_idle(alone, obs)
