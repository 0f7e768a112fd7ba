"""A browser source as OBS has it: its size, its style sheet, and what it complains of."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

from tests.helpers.browser import a_browser

CANVAS = (1920, 1080)
USUAL = (800, 600)
"""What OBS offers for a new source."""
OBS_CSS = "body { background-color: rgba(0, 0, 0, 0); margin: 0px auto; overflow: hidden; }"
KEPT = "begun-in-tests"
NOISE = (
    "ERR_",
    "WebSocket connection",
    "status of 5",
    "status of 429",
    "status of 404",
    "document's frame is sandb",
    "can escape its sandboxing",
)
"""The browser's own notes about a house that is away or busy, which no page can keep it from
writing, about the script of these tests, which is put into frames too, and about a page that is its
own sandbox: it may take that away from itself, which nothing within it may."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with a_browser() as started:
        yield started


@dataclass(slots=True, kw_only=True)
class BrowserSource:
    """`begun` are the numbers that it showed, in order, `moments` when, in unix seconds, `blank`
    those with nothing to be seen; how many `sockets` it tried and how often it `asked`;
    `complaints` the console's errors. What has `failing` in its address is answered with 503.
    """

    context: BrowserContext
    page: Page
    begun: list[int] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    failing: str = ""
    blank: list[int] = field(default_factory=list)
    sockets: int = 0
    asked: int = 0
    complaints: list[str] = field(default_factory=list)

    def card(self, text: str = "") -> Locator:
        cards = self.page.locator(".card.is-shown")
        return cards.filter(has_text=text) if text else cards

    def kept(self) -> list[int]:
        """As `begun`, from the page's own storage: a page that is loaded again at the instant in
        which it begins something tells nobody of it.
        """
        kept: list[int] = self.page.evaluate(f"JSON.parse(localStorage.getItem('{KEPT}') ?? '[]')")
        return kept

    def has_begun(self, number: int, *, within: float = 60) -> None:
        """Waits for it: a card that is shown for a second may be gone when it is looked for."""
        until = time.monotonic() + within
        while number not in self.begun:
            assert time.monotonic() < until, f"{number} is not in {self.begun}"
            self.page.wait_for_timeout(50)

    def shows_more(self, than: int, *, within: float = 60) -> None:
        """Waits until so many were begun and one more."""
        until = time.monotonic() + within
        while len(self.begun) <= than:
            assert time.monotonic() < until, f"nothing after {self.begun}"
            self.page.wait_for_timeout(20)

    def asked_by_then(self) -> int:
        """How often the state was asked, by its socket's opening and after."""
        until = time.monotonic() + 60
        while not self.sockets:
            assert time.monotonic() < until, "no socket"
            self.page.wait_for_timeout(20)
        return self.asked

    def picture(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        self.page.screenshot(path=path)


@contextlib.contextmanager
def browser_source(
    browser: Browser,
    url: str,
    *,
    size: tuple[int, int] = CANVAS,
    still: bool = True,
    css: str = OBS_CSS,
    failing: str = "",
) -> Iterator[BrowserSource]:
    """The page, loaded, with the style that OBS adds after it, by the script that OBS runs."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce" if still else "no-preference",
    )
    source = BrowserSource(context=context, page=context.new_page(), failing=failing)
    context.expose_binding("overlayBegun", lambda _, told: _begun(source, *told))
    context.add_init_script(
        "addEventListener('overlay:begun', ({ detail }) => { const at = Date.now() / 1000;"
        "const card = document.querySelector(`.card[data-n='${detail[0]}']`);"
        "const isBlank = !card?.textContent.trim() && !card?.querySelector('iframe');"
        f"const kept = JSON.parse(localStorage.getItem('{KEPT}') ?? '[]');"
        f"localStorage.setItem('{KEPT}', JSON.stringify([...kept, ...detail]));"
        "overlayBegun([detail, isBlank, at]); });"
        "if (window === top) addEventListener('load', () => {"
        "const obsCSS = document.createElement('style');"
        f"obsCSS.innerHTML = decodeURIComponent('{quote(css)}');"
        "document.querySelector('head').appendChild(obsCSS); });"
    )
    if failing:
        context.route(lambda at: bool(source.failing) and source.failing in at, _fail)
    source.page.on("console", lambda said: _note(source, said.type, said.text))
    source.page.on("pageerror", lambda error: source.complaints.append(str(error)))
    source.page.on("websocket", lambda _: _count(source, "sockets"))
    source.page.on("request", lambda one: "/state?" in one.url and _count(source, "asked"))
    try:
        source.page.goto(url)
        yield source
    finally:
        context.close()


def _fail(route: Route) -> None:
    route.fulfill(status=503, content_type="application/json", body='{"error": "UNAVAILABLE"}')


def _begun(
    source: BrowserSource,
    numbers: list[int],
    is_blank: bool,  # noqa: FBT001
    at: float,
) -> None:
    source.begun.extend(numbers)
    source.moments.append(at)
    if is_blank:
        source.blank.extend(numbers)


def _count(source: BrowserSource, what: str) -> None:
    setattr(source, what, getattr(source, what) + 1)


def _note(source: BrowserSource, kind: str, text: str) -> None:
    if kind in ("error", "warning") and not any(one in text for one in NOISE):
        source.complaints.append(text)
