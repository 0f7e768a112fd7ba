"""Pushes of all kinds while the network is cut, the server begins anew and pages are loaded again:
each is shown once, in order, and none is blank; what stands beside them is as it was told last.
`make soak` shows 500; a run here a tenth of it."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import zip_longest

from playwright.sync_api import Browser, Page, Route, expect

from tests.helpers.alerts import an_alert
from tests.helpers.chat_on_page import ChatOnPage
from tests.helpers.media_samples import opus, png
from tests.helpers.obs import BrowserSource, browser_source
from tests.helpers.overlay_front import SOURCES, OverlayFront
from tests.helpers.soak_figures import PAGES, state, state_shown
from waddlebot_sdk import General, Media, Ticker

PUSHES = int(os.environ.get("WADDLEBOT_SOAK_PUSHES", "50"))
PACE_MS = 520
"""Three sources show about two a second together; more would wait until they are old news."""
MOST_WAITING = 50
"""On one source: a page keeps a hundred, and gives up what comes last of more."""
PATIENCE_SECONDS = 120
PATIENCE_MS = 30_000
DEEDS = ("cut", "restart", "reload", "cut", "reload", "cut")


KINDS = (
    *("ticker", "clip", "html", "text", "form", "alert", "announcement"),
    *("house alert", "image", "sound"),
)
FILES = {"image": f"/files/1/{'a' * 32}.png", "sound": f"/files/1/{'b' * 32}.ogg"}
LINES = 5


@dataclass(slots=True, kw_only=True)
class Soak:
    """`pushed` are the numbers by source, `happened` the names of alerts of the house; `beside` is
    what was told last of a kind that stands beside the turns.
    """

    front: OverlayFront
    chat: ChatOnPage
    chance: random.Random
    pushed: dict[str, list[int]] = field(default_factory=lambda: {one: [] for one in SOURCES})
    happened: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)

    def pushes(self, number: int) -> None:
        words = f"push {number}"
        kind = self.chance.choice(KINDS)
        if kind == "ticker" or self.chance.random() < 0.15:
            self.pushed["ticker"].append(self.front.push(Ticker(words, seconds=1)))
        elif kind == "clip" or self.chance.random() < 0.2:
            details = {"title": words, "duration": 0.5}
            clip = Media(media_type="clip", media_url="", details=details)
            self.pushed["media"].append(self.front.push(clip))
        elif kind == "house alert":
            self.pushed["general"].append(self._happens(words))
        else:
            details = {"file_url": FILES[kind]} if kind in FILES else {}
            card = General(content_type=kind, content=words, seconds=1, details=details)
            self.pushed["general"].append(self.front.push(card))

    def _happens(self, name: str) -> int:
        """It counts for a goal, and is listed."""
        self.happened.append(name)
        self.front.database.write("UPDATE goals SET counted = counted + 1")
        line, usual = "{name} follows", {"priority": 5, "listed": True}
        return self.front.write("general", an_alert("follow", line, name=name, seconds=1, **usual))

    def tells_beside(self, number: int) -> None:
        """A countdown, a poll or a line of chat, which may be lost on its way."""
        words = f"beside {number}"
        kind = self.chance.choice(("countdown", "poll", "chat"))
        self.beside[kind] = words
        if kind == "chat":
            self.chat.says(words, is_told=self.chance.random() < 0.7)
            return
        options = [{"label": words, "votes": number}]
        details = {"poll_id": "17", "options": options}
        self.front.push(General(content_type=kind, content=words, seconds=3000, details=details))

    def is_shown_beside(self, page: Page) -> None:
        """The newest of each, and of lines of chat none twice."""
        self.beside["chat"] = "the last line"
        self.chat.says("the last line")
        self.front.control("general", "events")  # a page asks, as it does each minute
        expect(page.locator(".chat-words").last).to_have_text("the last line", timeout=PATIENCE_MS)
        for kind in self.beside.keys() - {"chat"}:
            expect(page.locator(f".{kind}-title")).to_have_text([self.beside[kind]])
        listed = list(reversed(self.happened[-LINES:]))
        expect(page.locator(".event-name")).to_have_text(listed, timeout=PATIENCE_MS)
        expect(page.locator(".goal .count")).to_have_text(f"{len(self.happened)} / 100")
        lines = page.locator(".chat-words").all_text_contents()
        assert len(set(lines)) == len(lines)
        numbers = [int(one.rpartition(" ")[2]) for one in lines[:-1]]
        assert numbers == sorted(numbers)


def test_every_number_is_shown_once_in_order_and_none_is_blank(
    front: OverlayFront, chat: ChatOnPage, chromium: Browser
) -> None:
    seed = int(os.environ.get("WADDLEBOT_SOAK_SEED", time.time_ns() % 100_000))
    print(f"\nWADDLEBOT_SOAK_SEED={seed}, {PUSHES} pushes")
    chance = random.Random(seed)  # noqa: S311 - chance for a test
    deeds = dict(zip(sorted(chance.sample(range(1, PUSHES), len(DEEDS))), DEEDS, strict=True))
    done = Counter[str]()
    soak = Soak(front=front, chat=chat, chance=chance)
    of = {"id": front.community, "lines": LINES}
    front.database.write("INSERT INTO goals VALUES (%(id)s, 'follows', 100, '', 0)", of)
    front.database.write("INSERT INTO event_lists VALUES (%(id)s, %(lines)s)", of)
    with ExitStack() as open_:
        pages = {
            source: open_.enter_context(browser_source(chromium, front.page(source)))
            for source in SOURCES
        }
        pages["general"].context.route("**/files/**", _file)
        for number in range(PUSHES):
            _do(deed := deeds.get(number, ""), front, pages)
            done[deed] += 1
            soak.pushes(number)
            if chance.random() < 0.3:
                soak.tells_beside(number)
            pages["ticker"].page.wait_for_timeout(PACE_MS if PUSHES > 100 else 20)
            _let_them_show(pages, soak)
            front.is_cut = front.is_cut and chance.random() < 0.6
        front.is_cut = False
        _wait(pages, soak.pushed)
        _tell(pages, soak.pushed, done)
        assert {source: page.begun for source, page in pages.items()} == soak.pushed
        soak.is_shown_beside(pages["general"].page)
        assert [page.blank for page in pages.values()] == [[], [], []]
        assert [page.complaints for page in pages.values()] == [[], [], []]


def _let_them_show(pages: dict[str, BrowserSource], soak: Soak) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not soak.front.is_cut and time.monotonic() < until:
        if all(len(soak.pushed[one]) - len(pages[one].begun) < MOST_WAITING for one in SOURCES):
            return
        pages["ticker"].page.wait_for_timeout(100)


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


def _file(route: Route) -> None:
    is_sound = route.request.url.endswith(".ogg")
    content_type = "audio/ogg" if is_sound else "image/png"
    route.fulfill(content_type=content_type, body=opus() if is_sound else png())


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
