"""Words and addresses that attack, in every field that somebody may write: read as they stand."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from functions.overlay.cut import cut_line
from tests.functions.overlay.text_attacks import ADDRESSES, WORDS
from tests.helpers.alerts import an_alert
from tests.helpers.chat_on_page import ChatOnPage
from tests.helpers.goals import a_goal
from tests.helpers.obs import BrowserSource, browser_source
from tests.helpers.overlay_front import OverlayFront, connected
from waddlebot_sdk import General, Media, Ticker

PATIENCE_MS = 20_000
MOST_LABEL = 60


def asks_nobody(front: OverlayFront, obs: BrowserSource, asked: list[str]) -> None:
    """Nothing ran, nothing leaked, and the page is where it was."""
    ours = front.page("general").partition("/overlay")[0]
    assert [one for one in asked if not one.startswith((ours, "data:"))] == []
    assert obs.page.evaluate("typeof top.ran") == "undefined"
    assert obs.page.locator("script, link, iframe, img, style").count() <= 8  # the page's own
    assert obs.page.url.startswith(ours)
    assert obs.complaints == []


def test_words_that_attack_are_read_wherever_they_stand(
    front: OverlayFront, chromium: Browser, chat: ChatOnPage
) -> None:
    asked: list[str] = []
    with browser_source(chromium, front.page("general")) as obs:
        obs.context.on("request", lambda request: asked.append(request.url))
        connected(front, "general")
        for words in WORDS:
            a_goal(front.database, front, counted=1, title=words[:60])
            poll = {"poll_id": words, "options": [{"label": words, "votes": 1}]}
            front.push(General(content_type="poll", content=words, seconds=60, details=poll))
            front.push(General(content_type="countdown", content=words, seconds=60))
            chat.says(words, name=words[:40], color=words, badges=[words])
            front.write("general", an_alert("raid", words, name=words, message=words))
            expect(obs.card().locator(".title")).to_contain_text(words[:20], timeout=PATIENCE_MS)
            front.control("general", "skip")
            said = {"title": words, "style": {"type": words, "theme": words}}
            front.push(General(content_type="announcement", content=words, details=said))
            expect(obs.card().locator("p.text")).to_have_text(words, timeout=PATIENCE_MS)
            front.control("general", "skip")
            form = {"form_title": words, "form_fields": [{"label": words, "type": words}]}
            front.push(General(content_type="form", content=words, details=form))
            expect(obs.card().locator(".field")).to_have_text(words, timeout=PATIENCE_MS)
            front.control("general", "skip")
            expect(obs.page.locator(".chat-words").last).to_have_text(words)
            expect(obs.page.locator(".poll-label").first).to_have_text(cut_line(words, MOST_LABEL))
        asks_nobody(front, obs, asked)


def test_words_and_addresses_that_attack_do_nothing_on_ticker_and_media(
    front: OverlayFront, chromium: Browser
) -> None:
    asked: list[str] = []
    for source in ("ticker", "media"):
        with browser_source(chromium, front.page(source)) as obs:
            obs.context.on("request", lambda request: asked.append(request.url))
            connected(front, source)
            for words, address in zip(WORDS, ADDRESSES, strict=True):
                if source == "ticker":
                    obs.has_begun(front.push(Ticker(words, seconds=1)))
                    continue
                told = {"title": words, "artist": words, "album_art": address}
                front.push(Media(media_type="clip", media_url=address, details=told))
                expect(obs.card().locator(".title")).to_have_text(words, timeout=PATIENCE_MS)
                front.control("media", "skip")
            asks_nobody(front, obs, asked)
