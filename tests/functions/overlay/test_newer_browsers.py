"""What OBS does to a browser source, in the Chromium that it ships and in newer ones.

CEF itself, the frame that OBS puts around Chromium, is not run: no package carries one.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from local import chromium as builds
from tests.helpers.browser import a_browser
from tests.helpers.obs import USUAL, BrowserSource, browser_source
from tests.helpers.overlay_front import OverlayFront, connected
from waddlebot_sdk import General, Media, Ticker

PATIENCE_MS = 60_000


@pytest.fixture(
    scope="module", params=[None, *builds.NEWER], ids=lambda one: one.version if one else "shipped"
)
def shown_in(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with a_browser(request.param) as started:
        print(f"\nChromium {started.version}; CEF was not run, no package carries one")
        yield started


def test_each_source_is_shown_as_obs_offers_it(front: OverlayFront, shown_in: Browser) -> None:
    """800 x 600 with OBS's own style sheet."""
    front.push(Ticker("a line", seconds=60))
    front.push(Media(media_type="clip", media_url="", details={"title": "a clip"}))
    front.push(General(content_type="html", content="<p>words</p>", seconds=60))
    for source, text in (("ticker", "a line"), ("media", "a clip"), ("general", "")):
        with browser_source(shown_in, front.page(source), size=USUAL) as obs:
            expect(obs.card(text)).to_be_visible(timeout=PATIENCE_MS)
            connected(front, source)
            box = obs.card(text).bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= USUAL[0]
            assert box["y"] + box["height"] <= USUAL[1]
            ground = "getComputedStyle(document.body).backgroundColor"
            assert obs.page.evaluate(ground) == "rgba(0, 0, 0, 0)"
            assert obs.blank == []
            assert obs.complaints == []


def test_hidden_and_shown_again_it_has_all_that_came_meanwhile_once_and_in_order(
    front: OverlayFront, shown_in: Browser
) -> None:
    with browser_source(shown_in, front.page("ticker"), size=USUAL) as obs:
        connected(front, "ticker")
        numbers = [front.push(Ticker("before", seconds=1))]
        obs.has_begun(numbers[0])
        hide(obs, is_hidden=True)
        numbers += [front.push(Ticker(f"while hidden {one}", seconds=1)) for one in range(2)]
        front.cut(is_cut=False)
        numbers.append(front.push(Ticker("its socket was cut", seconds=1)))
        hide(obs, is_hidden=False)
        obs.has_begun(numbers[-1])
        assert obs.begun == numbers
        assert obs.blank == []
        assert obs.complaints == []


def test_refreshed_when_active_and_shut_down_when_not_visible_it_goes_on(
    front: OverlayFront, shown_in: Browser
) -> None:
    front.push(Ticker("shown for long", seconds=60))
    with browser_source(shown_in, front.page("ticker"), size=USUAL) as obs:
        expect(obs.card("shown for long")).to_be_visible(timeout=PATIENCE_MS)
        obs.page.reload()
        expect(obs.card("shown for long")).to_be_visible(timeout=PATIENCE_MS)
        obs.page.goto("about:blank")
        front.push(Ticker("while shut down", seconds=60))
        obs.page.goto(front.page("ticker"))
        expect(obs.card("shown for long")).to_be_visible(timeout=PATIENCE_MS)
        front.control("ticker", "skip")
        expect(obs.card("while shut down")).to_be_visible(timeout=PATIENCE_MS)
        assert obs.kept() == sorted(obs.kept())
        assert len(obs.kept()) == 2
        assert obs.complaints == []


def hide(obs: BrowserSource, *, is_hidden: bool) -> None:
    """As CEF's `WasHidden` tells a page, which stands still meanwhile."""
    told = "hidden" if is_hidden else "visible"
    tab = obs.context.new_cdp_session(obs.page)
    if not is_hidden:
        tab.send("Page.setWebLifecycleState", {"state": "active"})
    obs.page.evaluate(
        "told => { for (const [name, value] of Object.entries(told))"
        "  Object.defineProperty(document, name, { configurable: true, value });"
        "document.dispatchEvent(new Event('visibilitychange')); }",
        {"visibilityState": told, "hidden": is_hidden},
    )
    if is_hidden:
        tab.send("Page.setWebLifecycleState", {"state": "frozen"})
