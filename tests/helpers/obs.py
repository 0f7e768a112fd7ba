"""A browser source as OBS has it: its size, its style sheet, and what it complains of."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

CANVAS = (1920, 1080)
USUAL = (800, 600)
"""What OBS offers for a new source."""
OBS_CSS = "body { background-color: rgba(0, 0, 0, 0); margin: 0px auto; overflow: hidden; }"
AS_OBS_ADDS_IT = (
    "css => { const sheet = document.createElement('style'); sheet.innerHTML = css;"
    "document.querySelector('head').appendChild(sheet); }"
)
"""OnLoadEnd of obs-browser's browser-client.cpp."""
NOISE = (
    "ERR_",
    "WebSocket connection",
    "status of 5",
    "status of 404",
    "document's frame is sandb",
)
"""The browser's own notes about a network that is away, which no page can keep it from writing, and
about the script of these tests, which is put into frames too."""


@dataclass(slots=True, kw_only=True)
class BrowserSource:
    """`begun` are the numbers that it showed, in order, `blank` those with nothing to be seen;
    `complaints` the console's errors. What has `failing` in its address is answered with 503."""

    context: BrowserContext
    page: Page
    begun: list[int] = field(default_factory=list)
    failing: str = ""
    blank: list[int] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def card(self, text: str = "") -> Locator:
        cards = self.page.locator(".card.is-shown")
        return cards.filter(has_text=text) if text else cards

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
    style: str = OBS_CSS,
    failing: str = "",
) -> Iterator[BrowserSource]:
    """The page, loaded, with the style that its streamer typed, as OBS adds it after the load."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce" if still else "no-preference",
    )
    source = BrowserSource(context=context, page=context.new_page(), failing=failing)
    context.expose_binding("overlayBegun", lambda _, told: _begun(source, *told))
    context.add_init_script(
        "addEventListener('overlay:begun', ({ detail }) => {"
        "const card = document.querySelector(`.card[data-n='${detail[0]}']`);"
        "overlayBegun([detail, !card?.textContent.trim() && !card?.querySelector('iframe')]); });"
    )
    if failing:
        context.route(lambda at: bool(source.failing) and source.failing in at, _fail)
    source.page.on("console", lambda said: _note(source, said.type, said.text))
    source.page.on("pageerror", lambda error: source.complaints.append(str(error)))
    try:
        source.page.goto(url)
        source.page.evaluate(AS_OBS_ADDS_IT, style)
        yield source
    finally:
        context.close()


def _fail(route: Route) -> None:
    route.fulfill(status=503, content_type="application/json", body='{"error": "UNAVAILABLE"}')


def _begun(source: BrowserSource, numbers: list[int], is_blank: bool) -> None:  # noqa: FBT001
    source.begun.extend(numbers)
    if is_blank:
        source.blank.extend(numbers)


def _note(source: BrowserSource, kind: str, text: str) -> None:
    if kind in ("error", "warning") and not any(one in text for one in NOISE):
        source.complaints.append(text)
