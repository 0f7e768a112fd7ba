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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.chaos.inside import Inside
from tests.journey import signed
from tests.journey.house import House, running
from tests.journey.signed import Delivery
from tests.servers import ROOT
from waddlebot.platforms.wording import NOT_IN_TIME
from waddlebot.runtime.needs import PARTITIONS
from waddlebot.stores.keys import Partitions

pytestmark = pytest.mark.xdist_group("houses of their own")

EVENTS = int(os.environ.get("WADDLEBOT_CHAOS_EVENTS", "1500"))
COMMANDS = min(300, EVENTS // 8)
"""Asked and told by turns; the platforms let no more be said in good time."""
PEOPLE = 8
MOST_IN_FLIGHT = 20
"""Replies that a sender may be in the middle of: a lane a place."""
KILL_EVERY_SECONDS = 0.7
SERVERS = ("streams", "postgres", "limits", "cache", "replica")
LINES_PLACES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """`channel` is the event's own where it is a command. Made when it is sent, and once."""

    number: int
    channel: str
    is_command: bool
    make: Callable[[], Delivery | OverGateway]

    @property
    def text(self) -> str:
        return f"line {self.number}"


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


def discord_asked(house: House, number: int) -> Sent:
    channel = str(10**16 + number)
    make = cache(lambda: signed.discord_slash(house, "quote", guild=channel, channel=channel))
    return Sent(number=number, channel=channel, is_command=True, make=make)


def slack_asked(house: House, number: int) -> Sent:
    channel = f"C{10**9 + number}"
    make = cache(
        lambda: signed.slack_slash(house, "roll 2d6", team=f"T{10**9 + number}", channel=channel)
    )
    return Sent(number=number, channel=channel, is_command=True, make=make)


def slack_told(house: House, number: int) -> Sent:
    channel = f"C{10**9 + number}"
    make = cache(
        lambda: signed.slack_line(house, "!quote", team=f"T{10**9 + number}", channel=channel)
    )
    return Sent(number=number, channel=channel, is_command=True, make=make)


def twitch_told(house: House, number: int) -> Sent:
    channel = str(10**9 + number)
    make = cache(
        lambda: signed.twitch_line(
            house, f"!addquote number {number}", channel=channel, badge="moderator"
        )
    )
    return Sent(number=number, channel=channel, is_command=True, make=make)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverGateway:
    """Discord takes the line only while somebody listens, and repeats what a dead one missed."""

    channel: str
    text: str

    def send(self, house: House) -> tuple[int, Any]:
        line = {"as": "max", "on": "discord", "channel": self.channel, "text": self.text}
        said = house.post("/stand-ins/says", line)
        return (200 if said["accepted"] else 503), said


def discord_told(_house: House, number: int) -> Sent:
    channel = str(2 * 10**16 + number)
    make = cache(lambda: OverGateway(channel=channel, text=f"!addquote number {number}"))
    return Sent(number=number, channel=channel, is_command=True, make=make)


def twitch_line(house: House, number: int) -> Sent:
    channel = str(10**8 + number % LINES_PLACES)
    text = f"line {number}"
    make = cache(lambda: signed.twitch_line(house, text, channel=channel, user=str(number % 50)))
    return Sent(number=number, channel=channel, is_command=False, make=make)


def slack_line(house: House, number: int) -> Sent:
    place = number % LINES_PLACES
    text = f"line {number}"
    make = cache(
        lambda: signed.slack_line(
            house, text, team=f"T{10**8 + place}", channel=f"C{10**8 + place}", user=f"U{place}"
        )
    )
    return Sent(number=number, channel=f"C{10**8 + place}", is_command=False, make=make)


def send(house: House, sent: Sent) -> None:
    """As the platforms do: what was not taken comes again, asked things do not."""
    delivery = sent.make()
    for pause in itertools.chain((0.2, 0.5, 1.0, 2.0), itertools.repeat(4.0, 20)):
        status, _ = delivery.send(house)
        if status < 500:
            assert 200 <= status < 300, (sent, status)
            return
        time.sleep(pause)
    raise AssertionError(f"{sent} was never taken")


@dataclass(slots=True, kw_only=True)
class Killer:
    """Kills a router, a module or the gateway time and again, and each server once."""

    house: House
    launcher: int
    chance: random.Random
    second: SecondGateway | None = None
    done: Counter[str] = field(default_factory=Counter)
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
        servers = list(SERVERS)
        for turn in itertools.count():
            is_over = self._stop.wait(KILL_EVERY_SECONDS)
            if is_over and not servers:
                return
            if servers and (turn % 2 or is_over):
                self._kill(servers.pop(0), self._server)
            else:
                self._kill(self.chance.choice(("router", "memories", "gateway")), self._process)

    def _kill(self, what: str, find: Callable[[str], list[int]]) -> None:
        for pid in find(what)[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.done[what] += 1

    def _server(self, name: str) -> list[int]:
        port = Inside(house=self.house).port(name)
        listening = psutil.net_connections("tcp4")
        return [
            one.pid
            for one in listening
            if one.pid and one.status == psutil.CONN_LISTEN and one.laddr.port == port
        ]

    def _process(self, name: str) -> list[int]:
        """A worker has its function's name."""
        found = psutil.Process(self.launcher).children(recursive=True)
        pids = [process.pid for process in found if _name_of(process) == name]
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


def gateway_environment(launcher: int) -> dict[str, str]:
    [gateway] = [
        process
        for process in psutil.Process(launcher).children(recursive=True)
        if _name_of(process) == "gateway"
    ]
    return gateway.environ()


def _name_of(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error, OSError):
        if process.cmdline()[-2:] == ["-m", "gateway_bot"] and "tether" not in str(
            process.cmdline()
        ):
            return "gateway"
        return Path(f"/proc/{process.pid}/comm").read_text().strip()
    return ""


@dataclass(slots=True, kw_only=True)
class Shown:
    """What people saw; the stand-ins forget what is older than some thousand lines."""

    house: House
    by_channel: dict[str, list[str]] = field(default_factory=dict)
    _last: int = 0

    @contextlib.contextmanager
    def collected(self) -> Iterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=self._collect, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            self._look()

    def answers(self, channel: str) -> list[str]:
        return [text for text in self.by_channel.get(channel, ()) if text != NOT_IN_TIME]

    def was_told_to_look_again(self, channel: str) -> bool:
        return NOT_IN_TIME in self.by_channel.get(channel, ())

    def _collect(self, stop: threading.Event) -> None:
        while not stop.wait(0.5):
            self._look()

    def _look(self) -> None:
        new = self.house.get(f"/stand-ins/replies?after={self._last}")
        self._last = new["last"]
        for item in new["replies"]:
            self.by_channel.setdefault(item["channel"], []).append(item["text"])


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
                    pass
            inside.settle()
        print(f"seed {seed}: {len(events)} events, killed {dict(killer.done)}")
        assert killer.done.keys() >= set(SERVERS)
        lines_are_recorded_once(events, inside)
        commands_are_answered_once(events, inside, shown, killer)


def lines_are_recorded_once(events: Sequence[Sent], inside: Inside) -> None:
    sent = Counter(one.text for one in events if not one.is_command)
    assert Counter(inside.rows("SELECT text FROM messages WHERE text LIKE 'line %'")) == sent
    assert inside.dead_letters() == []


def commands_are_answered_once(
    events: Sequence[Sent], inside: Inside, shown: Shown, killer: Killer
) -> None:
    commands = [sent for sent in events if sent.is_command]
    answers = {sent.channel: shown.answers(sent.channel) for sent in commands}
    assert {channel: texts for channel, texts in answers.items() if len(texts) > 1} == {}
    silent = {channel for channel, texts in answers.items() if not texts}
    doubtful = silent & inside.channels_in_doubt()
    put_off = {channel for channel in silent - doubtful if shown.was_told_to_look_again(channel)}
    print(f"{len(commands)} commands, in doubt {len(doubtful)}, told to look again {len(put_off)}")
    lost = silent - doubtful - put_off
    assert not lost, {channel: inside.verdicts_in(channel) for channel in lost}
    assert len(doubtful) <= killer.done["gateway"] * MOST_IN_FLIGHT
    kept = Counter(inside.rows("SELECT content FROM memories WHERE content LIKE 'number %'"))
    assert set(kept.values()) <= {1}
