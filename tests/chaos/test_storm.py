"""Numbered events of all kinds while processes are killed and servers restarted: one outcome each.

With four partitions two gateways share them out.

`make chaos` sends 10,000; every run of the tests a few hundred. Two are counted apart: replies in
doubt (a sender died inside its call; they are listed for the operator) and sentences that nothing
was finished in time (the streams server itself was away).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tests.chaos.storming import (
    EVENTS,
    MOST_IN_FLIGHT,
    PEOPLE,
    Sent,
    Shown,
    commands_are_answered_once,
    discord_asked,
    discord_told,
    gateway_environment,
    lines_are_recorded_once,
    name_of,
    send,
    server_pids,
    slack_asked,
    slack_line,
    slack_told,
    twitch_line,
    twitch_told,
)
from tests.helpers.house import House, running
from tests.helpers.inside import Inside
from tests.helpers.servers import ROOT
from waddlebot.runtime.needs import PARTITIONS
from waddlebot.stores.keys import Partitions

pytestmark = pytest.mark.xdist_group("houses in storms")

COMMANDS = min(300, EVENTS // 8)
"""Asked and told by turns; the platforms let no more be said in good time."""
KILL_EVERY_SECONDS, EVENTS_A_KILL = 0.7, 40
"""At most so often: on a busy machine a storm takes longer, and kills no more."""
SERVERS = ("streams", "postgres", "limits", "cache", "replica")


def numbered(house: House, *, over_gateway: bool) -> Iterator[Sent]:
    """Mostly chat, spread evenly among it commands of three platforms.

    `over_gateway`: with two gateways one always listens. A single one that is killed again and
    again rests longer each time, and a command that is a minute old is not run any more.
    """
    every = EVENTS // COMMANDS
    more = (discord_told,) if over_gateway else ()
    doors = itertools.cycle((discord_asked, slack_asked, twitch_told, slack_told, *more))
    for number in range(EVENTS):
        if number % every == 0:
            yield next(doors)(house, number)
        else:
            yield (twitch_line if number % 2 else slack_line)(house, number)


@dataclass(slots=True, kw_only=True)
class Killer:
    """Kills a router, a module or the gateway time and again, and each server once."""

    house: House
    launcher: int
    chance: random.Random
    second: SecondGateway | None = None
    done: Counter[str] = field(default_factory=Counter)
    through: int = 0
    """So many events were taken."""
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _run(self) -> None:
        servers, turn = list(SERVERS), 0
        while not (is_over := self._stop.wait(KILL_EVERY_SECONDS)) or servers:
            if self.through < turn * EVENTS_A_KILL and not is_over:
                continue
            if servers and (turn % 2 or is_over):
                self._kill(servers.pop(0), self._server)
            else:
                self._kill(self.chance.choice(("router", "memories", "gateway")), self._process)
            turn += 1

    def _kill(self, what: str, find: Callable[[str], list[int]]) -> None:
        for pid in find(what)[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.done[what] += 1

    def _server(self, name: str) -> list[int]:
        return server_pids(self.house, name)

    def _process(self, name: str) -> list[int]:
        """A worker has its function's name."""
        found = psutil.Process(self.launcher).children(recursive=True)
        pids = [process.pid for process in found if name_of(process) == name]
        if name == "gateway" and self.second:
            pids.append(self.second.process.pid)
        self.chance.shuffle(pids)
        return pids


@dataclass(slots=True)
class SecondGateway:
    """Beside the house's own, with which it shares the partitions; begun anew when it is killed."""

    environment: dict[str, str]
    process: subprocess.Popen[bytes] = field(init=False)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        self._begin()
        stop = threading.Event()
        thread = threading.Thread(target=self._keep, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            self.process.terminate()
            self.process.wait(10)

    def _begin(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gateway_bot"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _keep(self, stop: threading.Event) -> None:
        while not stop.wait(0.2):
            if self.process.poll() is not None:
                self._begin()


@pytest.mark.parametrize("partitions", [1, 4])
def test_every_event_has_one_outcome_whatever_dies(home: Path, partitions: int) -> None:
    seed = int(os.environ.get("WADDLEBOT_CHAOS_SEED", str(time.time_ns() % 10**6)))
    environment = {"TWITCH_BOT_IS_MODERATOR": "1", PARTITIONS: str(partitions)}
    with running(home, **environment) as (house, launcher):
        chance = random.Random(seed)  # noqa: S311 - no secret
        killer = Killer(house=house, launcher=launcher.pid, chance=chance)
        if partitions > 1:
            killer.second = SecondGateway(gateway_environment(launcher.pid))
        inside = Inside(house=house, partitions=Partitions(partitions))
        shown = Shown(house=house)
        events = list(numbered(house, over_gateway=partitions > 1))
        with (
            shown.collected(),
            killer.second.at_work() if killer.second else contextlib.nullcontext(),
        ):
            with killer.at_work(), ThreadPoolExecutor(PEOPLE) as people:
                for _ in people.map(lambda sent: send(house, sent), events):
                    killer.through += 1
            inside.settle()
        print(f"seed {seed}: {len(events)} events, killed {dict(killer.done)}")
        assert killer.done.keys() >= set(SERVERS)
        lines_are_recorded_once(events, inside)
        most_doubtful = killer.done["gateway"] * MOST_IN_FLIGHT
        commands_are_answered_once(events, inside, shown, most_doubtful=most_doubtful)
