"""Pages of all three sources before a whole house: lines of chat are shown while the network is
cut, each server is killed, the house begins anew and pages are loaded again. Each number is shown
once, in order, and none is blank.

`make soak` shows 500; a run of the tests a tenth of it.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

import psutil
import psycopg
import pytest
from playwright.sync_api import Browser

from local.port import free_port
from tests.helpers import signed
from tests.helpers.homes import a_home
from tests.helpers.house import House, start, stop, wait_for
from tests.helpers.house_modules import add_house_module, copy_tree, python_path
from tests.helpers.obs import BrowserSource, browser_source, chromium
from tests.helpers.patience import patience
from tests.helpers.showing import CODE, KINDS
from tests.helpers.soak_figures import HOUSE, state, state_shown
from tests.helpers.storming import name_of, server_pids
from tests.helpers.wire import Wire

__all__ = ["chromium"]  # a fixture

pytestmark = pytest.mark.xdist_group("servers of their own")

PUSHES = int(os.environ.get("WADDLEBOT_SOAK_PUSHES", "50"))
PACE_SECONDS = 0.7
"""Three sources show about two a second together; of more than a hundred that wait a page drops."""
SERVERS = ("postgres", "replica", "cache", "limits", "streams", "gateway")
FEWEST = PUSHES - 2 * len(SERVERS)
DEEDS = ("cut", "house", "reload", "cut", "reload", "cut", *SERVERS)
SOURCES = ("ticker", "media", "general")
KINDS_OF = {"ticker": ("ticker",), "media": ("clip",), "general": KINDS[2:]}
SHARES = (1, 3, 3)
"""What each source can show: a ticker's line stands for three seconds, everything else for one."""
CHANNEL = "880011223344556"


@dataclass(slots=True, kw_only=True)
class Ground:
    """A house that may begin anew under its address, and what it has pushed so far."""

    home: Path
    tree: Path
    port: int = field(default_factory=free_port)
    pushed: dict[str, set[int]] = field(default_factory=lambda: {one: set() for one in SOURCES})
    process: subprocess.Popen[str] | None = None
    house: House | None = None

    def begin(self) -> House:
        path = python_path(self.tree)
        self.process = start(self.home, tree=self.tree, PYTHONPATH=path, PORT=str(self.port))
        self.house = wait_for(self.home, self.process)
        return self.house

    def end(self) -> None:
        if self.process:
            stop(self.process)

    def kill(self, name: str) -> None:
        """One of its servers, or its gateway: the house finds it dead, and starts it again."""
        assert self.process
        assert self.house
        pids = server_pids(self.house, name) if name != "gateway" else self._gateways()
        for pid in pids[:1]:
            os.kill(pid, signal.SIGKILL)

    def _gateways(self) -> list[int]:
        assert self.process
        family = psutil.Process(self.process.pid).children(recursive=True)
        return [one.pid for one in family if name_of(one) == "gateway"]

    def look(self) -> bool:
        """What was pushed meanwhile, before it is swept away; False while nobody can look."""
        assert self.house
        try:
            with psycopg.connect(self.house.database_url, connect_timeout=5) as connection:
                # The house's own community was shown its first quote when the house was set up.
                for source, number in connection.execute(
                    """
                    SELECT source, number FROM overlay_pushes
                    JOIN entities USING (community_id) WHERE entity_id = %s
                    """,
                    (f"twitch:channel:{CHANNEL}",),
                ):
                    self.pushed[source].add(number)
        except psycopg.Error:
            return False
        return True

    def says(self, text: str, *, user: int) -> None:
        """As the platform tells it, until it is taken."""
        assert self.house
        told = signed.twitch_line(
            self.house, text, channel=CHANNEL, user=str(user), name=f"Ana{user}"
        )
        until = time.monotonic() + patience(60)
        while not self._takes(told):
            assert time.monotonic() < until, text
            time.sleep(0.2)

    def _takes(self, told: signed.Delivery) -> bool:
        assert self.house
        with contextlib.suppress(OSError):
            return told.send(self.house)[0] == 204
        return False


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    tree = copy_tree(tmp_path / "tree")
    add_house_module(tree, "showing", CODE)
    with a_home() as home:
        ground = Ground(home=home, tree=tree)
        try:
            ground.begin()
            yield ground
        finally:
            ground.end()


def test_a_whole_house_shows_each_number_once_in_order_and_none_is_blank(
    ground: Ground, chromium: Browser
) -> None:
    seed = int(os.environ.get("WADDLEBOT_SOAK_SEED", time.time_ns() % 100_000))
    print(f"\nWADDLEBOT_SOAK_SEED={seed}, {PUSHES} pushes before a whole house")
    chance = random.Random(seed)  # noqa: S311 - chance for a test
    deeds = dict(zip(sorted(chance.sample(range(1, PUSHES), len(DEEDS))), DEEDS, strict=True))
    wire, done = Wire(ground.port), Counter[str]()
    paths = addresses(ground)
    with wire.open(), ExitStack() as open_:
        pages = {
            source: open_.enter_context(
                browser_source(chromium, f"http://127.0.0.1:{wire.port}{paths[source]}")
            )
            for source in SOURCES
        }
        for number in range(PUSHES):
            do(deed := deeds.get(number, ""), ground, wire, pages)
            done[deed] += 1
            ground.says(f"!showing {chance.choice(KINDS)} push {number}", user=1000 + number)
            pages["ticker"].page.wait_for_timeout(PACE_SECONDS * 1000 if PUSHES > 100 else 20)
            ground.look()
            if wire.is_cut and chance.random() < 0.4:
                wire.mend()
        wire.mend()
        ends(ground, pages)
        tell(ground, pages, done)
        assert [page.complaints for page in pages.values()] == [[], [], []]
        shown = {source: page.kept() for source, page in pages.items()}
        assert shown == {source: sorted(ground.pushed[source]) for source in SOURCES}
        assert [page.blank for page in pages.values()] == [[], [], []]
    # a line that a killed server had in its hands may be answered with a sentence
    assert sum(map(len, ground.pushed.values())) >= FEWEST


def tell(ground: Ground, pages: dict[str, BrowserSource], done: Mapping[str, int]) -> None:
    state(HOUSE, "pushes", sum(map(len, ground.pushed.values())), least=FEWEST)
    state(HOUSE, "servers killed", sum(done[one] for one in SERVERS), least=len(SERVERS))
    for name, deed, least in (
        ("networks cut", "cut", 3),
        ("restarts", "house", 1),
        ("reloads", "reload", 1),
    ):
        state(HOUSE, name, done[deed], least=least)
    state_shown(
        HOUSE,
        wrong=sum(
            one != other
            for source in SOURCES
            for one, other in zip_longest(pages[source].kept(), sorted(ground.pushed[source]))
        ),
        blank=sum(len(page.blank) for page in pages.values()),
        complaints=sum(len(page.complaints) for page in pages.values()),
    )


def addresses(ground: Ground) -> dict[str, str]:
    """As they are whispered to the owner; everything has run once by then."""
    assert ground.house
    chat = ground.house.chat(on="twitch", channel=CHANNEL)
    chat.says("olga", "hello")
    assert chat.heard()
    chat.says("olga", "!overlay")
    told = chat.hears("general: ", within=30)
    assert told
    paths = re.findall(r"http://[\w.:]+(/[\w-]{43}/(\w+))", told["text"])
    return {source: path for path, source in paths}


def do(deed: str, ground: Ground, wire: Wire, pages: dict[str, BrowserSource]) -> None:
    if deed == "cut":
        wire.cut()
    elif deed == "reload":
        wire.mend()
        for source in pages.values():
            source.page.reload()
    elif deed == "house":
        ground.end()
        ground.begin()
    elif deed:
        ground.kill(deed)


def ends(ground: Ground, pages: dict[str, BrowserSource]) -> None:
    """Waits until all that was pushed is shown, and nothing is pushed any more."""
    until, quiet_since, before = time.monotonic() + patience(180), time.monotonic(), -1
    while time.monotonic() < until:
        pages["ticker"].page.wait_for_timeout(200)
        could_look = ground.look()
        many = sum(map(len, ground.pushed.values()))
        is_shown = all(len(pages[one].kept()) >= len(ground.pushed[one]) for one in SOURCES)
        if many != before or not could_look or not is_shown:
            quiet_since, before = time.monotonic(), many
        elif time.monotonic() - quiet_since > 3:
            return
