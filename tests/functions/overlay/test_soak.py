"""Pushes of all kinds while the network is cut, the server begins anew and pages are loaded again:
each is shown once, in order, and none is blank. `make soak` shows 500; a run here a tenth of it."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from itertools import zip_longest

from playwright.sync_api import Browser

from tests.helpers.obs import BrowserSource, browser_source
from tests.helpers.overlay_front import SOURCES, OverlayFront
from tests.helpers.soak_figures import PAGES, state, state_shown
from waddlebot_sdk import General, Media, Ticker

PUSHES = int(os.environ.get("WADDLEBOT_SOAK_PUSHES", "50"))
PACE_MS = 520
"""Three sources show about two a second together; more would wait until they are old news."""
PATIENCE_SECONDS = 120
DEEDS = ("cut", "restart", "reload", "cut", "reload", "cut")


def a_push(chance: random.Random, number: int) -> Ticker | Media | General:
    words = f"push {number}"
    kind = chance.choice(("ticker", "clip", "html", "text", "form", "alert", "announcement"))
    if kind == "ticker" or chance.random() < 0.2:
        return Ticker(words, seconds=1)
    if kind == "clip" or chance.random() < 0.25:
        return Media(media_type="clip", media_url="", details={"title": words, "duration": 0.5})
    return General(content_type=kind, content=words, seconds=1)


def test_every_number_is_shown_once_in_order_and_none_is_blank(
    front: OverlayFront, chromium: Browser
) -> None:
    seed = int(os.environ.get("WADDLEBOT_SOAK_SEED", time.time_ns() % 100_000))
    print(f"\nWADDLEBOT_SOAK_SEED={seed}, {PUSHES} pushes")
    chance = random.Random(seed)  # noqa: S311 - chance for a test
    deeds = dict(zip(sorted(chance.sample(range(1, PUSHES), len(DEEDS))), DEEDS, strict=True))
    pushed: dict[str, list[int]] = {source: [] for source in SOURCES}
    done = Counter[str]()
    with ExitStack() as open_:
        pages = {
            source: open_.enter_context(browser_source(chromium, front.page(source)))
            for source in SOURCES
        }
        for number in range(PUSHES):
            _do(deed := deeds.get(number, ""), front, pages)
            done[deed] += 1
            response = a_push(chance, number)
            n = front.push(response)
            pushed[{Ticker: "ticker", Media: "media"}.get(type(response), "general")].append(n)
            pages["ticker"].page.wait_for_timeout(PACE_MS if PUSHES > 100 else 20)
            front.is_cut = front.is_cut and chance.random() < 0.6
        front.is_cut = False
        _wait(pages, pushed)
        _tell(pages, pushed, done)
        assert {source: page.begun for source, page in pages.items()} == pushed
        assert [page.blank for page in pages.values()] == [[], [], []]
        assert [page.complaints for page in pages.values()] == [[], [], []]


def _tell(
    pages: dict[str, BrowserSource], pushed: dict[str, list[int]], done: Mapping[str, int]
) -> None:
    state(PAGES, "pushes", sum(map(len, pushed.values())), least=PUSHES)
    for name, deed, least in (
        ("networks cut", "cut", 3),
        ("restarts", "restart", 1),
        ("reloads", "reload", 1),
    ):
        state(PAGES, name, done[deed], least=least)
    state_shown(
        PAGES,
        wrong=sum(
            one != other
            for source in SOURCES
            for one, other in zip_longest(pages[source].begun, pushed[source])
        ),
        blank=sum(len(page.blank) for page in pages.values()),
        complaints=sum(len(page.complaints) for page in pages.values()),
    )


def _do(deed: str, front: OverlayFront, pages: dict[str, BrowserSource]) -> None:
    if deed == "cut":
        front.cut(is_cut=True)
    elif deed == "restart":
        front.restart()
    elif deed == "reload":
        front.is_cut = False
        for source in pages.values():
            source.page.reload()


def _wait(pages: dict[str, BrowserSource], pushed: dict[str, list[int]]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while any(len(pages[source].begun) < len(pushed[source]) for source in SOURCES):
        if time.monotonic() > until:
            return
        pages["ticker"].page.wait_for_timeout(100)
