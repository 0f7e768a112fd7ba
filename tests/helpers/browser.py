"""A real browser for the pages people see: the machine's Chromium or ours, by Playwright."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from local import chromium

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"
DESK = (1280, 800)
PHONE = (390, 844)
PATIENCE_MS = 12_000
TICKER_PATIENCE_MS = 45_000
OWN_FRAME = "allow-scripts and allow-same-origin for its sandbox attribute can escape"
"""Chromium's warning of the strip's frames: they show our own pages, whose sandbox keeps their
players from leading away (docs/decisions/0149). A stranger's words are in a frame within."""
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


@contextlib.contextmanager
def a_browser(
    newer: chromium.Build | None = None, *, flags: Sequence[str] = ()
) -> Iterator[Browser]:
    """Skips the test where this machine has no Chromium, or not this newer one. `flags` are of the
    usual one alone.
    """
    if newer:
        with _newer_browser(newer) as browser:
            yield browser
        return
    ours, installed = chromium.find(), shutil.which("chromium")
    if ours is None and installed is None:
        missing = "no browser: `make set-up-test` says why, or apt-get install chromium"
        if os.environ.get("WADDLEBOT_NEEDS_BROWSER"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed or ours,
            args=[*_FLAGS, *flags],
            env=None if installed else {**chromium.environment()},
        )
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as started:
        yield started


@contextlib.contextmanager
def _newer_browser(build: chromium.Build) -> Iterator[Browser]:
    program = chromium.find(build=build)
    if program is None:
        pytest.skip(f"Chromium {build.version} was not run: `make browsers` says why")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=_FLAGS, env={**chromium.environment(build=build)}
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody in front of the playground. `complaints` are the console's and the network's."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def be(self, person: str) -> None:
        self.page.get_by_role("radio", name=person).check()

    def say(self, on: str, text: str) -> None:
        """What the column shows by now answers nothing that is said from here on."""
        shown = self.page.locator(f"#{on} article")
        shown.evaluate_all("(all) => all.forEach((one) => one.classList.add('was-there'))")
        box = self.page.locator(f"#{on} input[type=text]")
        box.fill(text)
        box.press("Enter")

    def says(self, on: str, text: str) -> Locator:
        """Says a line and finds it: the page keeps its conversation, where it may stand already."""
        rows = self.page.locator(f"#{on} article.is-line", has_text=text)
        before = rows.count()
        self.say(on, text)
        return rows.nth(before)

    def why_of(self, line: Locator) -> str:
        """Presses the small "why" of a line and reads what it tells."""
        line.get_by_role("button", name="Why did the bot do this?").click()
        told = line.locator(".told")
        expect(told).not_to_be_empty(timeout=PATIENCE_MS)
        expect(told).not_to_have_text("Looking it up…", timeout=PATIENCE_MS)
        return told.inner_text()

    def sees(self, on: str, text: str) -> None:
        """In a column, within a while, and not before the last line that was said there."""
        new = f"#{on} .transcript:not([hidden]) article:not(.was-there) .text"
        last = self.page.locator(new, has_text=text).last
        expect(last).to_be_visible(timeout=PATIENCE_MS)

    def hears(self, on: str, text: str) -> None:
        """The same, said by the bot."""
        new = f"#{on} article.from-bot:not(.was-there) .text"
        said = self.page.locator(new, has_text=text).last
        expect(said).to_be_visible(timeout=PATIENCE_MS)

    def break_it(self, what: str, outcome: str) -> None:
        """Uses an entry of the open menu, and reads the sentence it ends with."""
        entry = self.page.locator(f"[data-break={what}]")
        entry.get_by_role("button").click()
        expect(entry.locator(".outcome")).to_contain_text(outcome, timeout=PATIENCE_MS)

    def on_ticker(self, text: str) -> None:
        """What the browser source in the strip shows; each line before it takes ten seconds."""
        line = self.page.frame_locator(".stage iframe[data-source='ticker']").locator("#line")
        expect(line).to_contain_text(text, timeout=TICKER_PATIENCE_MS)
        expect(line).to_be_visible()

    def picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        # one evaluation: waiting by polling needs the eval that the page's policy forbids
        self.page.evaluate(
            "Promise.all([...document.images].filter((image) => !image.complete)"
            ".map((image) => new Promise((done) => { image.onload = image.onerror = done; })))"
        )
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@contextlib.contextmanager
def visiting(
    browser: Browser, url: str, *, size: tuple[int, int] = DESK, dark: bool = False
) -> Iterator[Visit]:
    """The page, loaded; a browser that remembers nothing from before."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        has_touch=size == PHONE,
        reduced_motion="reduce",
    )
    visit = Visit(page=context.new_page())
    visit.page.on("console", lambda said: _note(visit, said.type, said.text))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    try:
        visit.page.goto(url)
        visit.page.locator("body.is-ready").wait_for()
        yield visit
    finally:
        context.close()


def _note(visit: Visit, kind: str, text: str) -> None:
    if kind in ("error", "warning") and OWN_FRAME not in text:
        visit.complaints.append(text)
