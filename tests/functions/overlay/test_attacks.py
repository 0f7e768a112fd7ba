"""HTML of modules that attacks: nothing runs, nothing is loaded, and the page is where it was."""

from __future__ import annotations

import re
import time
from html import escape

import pytest
from playwright.sync_api import Browser, expect

from functions.overlay.clean_html import clean_html
from tests.functions.overlay.attacks import ATTACKS
from tests.helpers.obs import browser_source
from tests.helpers.overlay_front import OverlayFront
from waddlebot_sdk import General

ACTS = re.compile(r"<[^>]*\s(?:on\w+|style|href|action|ping|poster|background|srcset|data)\s*=")
TAG = re.compile(r"<(?:script|style|iframe|object|embed|link|meta|base|form|svg|math|video)\b")


@pytest.mark.parametrize("html", ATTACKS)
def test_what_is_left_of_an_attack_has_nothing_that_acts(html: str) -> None:
    clean = clean_html(html)

    assert not TAG.search(clean)
    assert not ACTS.search(re.sub(r'"[^"]*"', '""', clean))
    assert clean_html(clean) == clean


def test_in_the_browser_none_of_them_runs_or_leaks(front: OverlayFront, chromium: Browser) -> None:
    """Cleaned; and as if nothing had been cleaned, as the frame is a wall by itself."""
    assert len(ATTACKS) >= 60
    with browser_source(chromium, front.page("general")) as obs:
        front.push(General(content="opened", seconds=1))
        expect(obs.card("opened")).to_be_visible()
        asked: list[str] = []
        obs.context.on("request", lambda request: asked.append(request.url))
        _show(front, 2, "<hr>".join(map(clean_html, ATTACKS)))
        marks = obs.page.frame_locator("iframe").locator("hr")
        expect(marks).to_have_count(len(ATTACKS) - 1)
        assert obs.page.locator("iframe").get_attribute("sandbox") == ""
        ours = front.page("general").partition("/overlay")[0]
        assert [one for one in asked if not one.startswith(ours)] == []

        _show(front, 3, "".join(f'<iframe srcdoc="{escape(one)}"></iframe>' for one in ATTACKS))
        frames = obs.page.frame_locator("iframe").locator("iframe")
        expect(frames).to_have_count(len(ATTACKS), timeout=60_000)  # each a frame to lay out
        obs.page.wait_for_timeout(500)
        assert obs.page.evaluate("typeof top.ran") == "undefined"
        assert [one for one in asked if one.endswith("/ran")] == []
        assert obs.page.url == front.page("general")


def _show(front: OverlayFront, number: int, html: str) -> None:
    """As a frame of a socket would bring it; the one before it ends with it."""
    now = time.time()
    looks = {"kind": "html", "html": html, "style": "info", "theme": "night", "seconds": 0}
    about = {"n": number, "before": number - 1, "at": now, "until": now + 60}
    front.send("general", {**looks, **about})
