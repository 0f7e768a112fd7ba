"""What a storm is made of: numbered events, whoever sends them, and what people saw of them."""

from __future__ import annotations

import contextlib
import itertools
import os
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

from tests.helpers import signed
from tests.helpers.house import House
from tests.helpers.inside import Inside
from tests.helpers.signed import Delivery
from waddlebot.platforms.wording import NOT_IN_TIME

EVENTS = int(os.environ.get("WADDLEBOT_CHAOS_EVENTS", "1500"))
PEOPLE = 8
MOST_IN_FLIGHT = 20
"""Replies that a sender may be in the middle of: a lane a place."""
LINES_PLACES = 20
TOO_MANY = 429
"""As many at once as there are workers of the door."""
NUMBERS_A_TRY = 10**5
_tries = itertools.count()


def numbers_of_a_try() -> Iterator[int]:
    """Its own: what an earlier try left behind on the same house has other numbers."""
    return itertools.count(next(_tries) * NUMBERS_A_TRY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """`channel` is the event's own where it is a command, or else `key` is in its answer alone.

    Made when it is sent, and once.
    """

    number: int
    channel: str
    is_command: bool
    make: Callable[[], Delivery | OverGateway]
    key: str = ""

    @property
    def text(self) -> str:
        return f"line {self.number}"


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
    server: str = ""
    who: str = "max"

    def send(self, house: House) -> tuple[int, Any]:
        place = {"channel": self.channel, **({"server": self.server} if self.server else {})}
        line = {"as": self.who, "on": "discord", "text": self.text, **place}
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
    """As the platforms do: what was not taken comes again, and what nobody said anything of."""
    delivery = sent.make()
    for pause in itertools.chain((0.2, 0.5, 1.0, 2.0), itertools.repeat(4.0, 50)):
        with contextlib.suppress(TimeoutError):
            status, _ = delivery.send(house)
            if status < 500 and status != TOO_MANY:
                assert 200 <= status < 300, (sent, status)
                return
        time.sleep(pause)
    raise AssertionError(f"{sent} was never taken")


def send_all(house: House, events: Iterator[Sent]) -> None:
    """All people at once; each takes the next event when their last was taken."""
    turn = threading.Lock()

    def send_some() -> None:
        while True:
            with turn:
                event = next(events, None)
            if event is None:
                return
            send(house, event)

    with ThreadPoolExecutor(PEOPLE) as people:
        for sending in [people.submit(send_some) for _ in range(PEOPLE)]:
            sending.result()


def server_pids(house: House, name: str) -> list[int]:
    """Of one of the house's servers, by its port."""
    port = Inside(house=house).port(name)
    return [
        one.pid
        for one in psutil.net_connections("tcp4")
        if one.pid and one.status == psutil.CONN_LISTEN and one.laddr.port == port
    ]


def gateway_environment(launcher: int) -> dict[str, str]:
    [gateway] = [
        process
        for process in psutil.Process(launcher).children(recursive=True)
        if name_of(process) == "gateway"
    ]
    return gateway.environ()


def name_of(process: psutil.Process) -> str:
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

    def answers(self, channel: str, key: str = "") -> list[str]:
        texts = self.by_channel.get(channel, ())
        return [text for text in texts if text != NOT_IN_TIME and key in text]

    def was_told_to_look_again(self, channel: str) -> bool:
        return NOT_IN_TIME in self.by_channel.get(channel, ())

    def _collect(self, stop: threading.Event) -> None:
        while not stop.wait(0.5):
            with contextlib.suppress(TimeoutError):  # the next look finds it
                self._look()

    def _look(self) -> None:
        new = self.house.get(f"/stand-ins/replies?after={self._last}")
        self._last = new["last"]
        for item in new["replies"]:
            if item["kind"] in ("reaction", "reaction_gone"):
                continue
            self.by_channel.setdefault(item["channel"], []).append(item["text"])


def lines_are_recorded_once(events: Sequence[Sent], inside: Inside) -> None:
    sent = Counter(one.text for one in events if not one.is_command)
    recorded = inside.rows("SELECT text FROM messages WHERE text LIKE 'line %'")
    assert Counter(text for text in recorded if text in sent) == sent
    assert inside.dead_letters() == []


def commands_are_answered_once(
    events: Sequence[Sent], inside: Inside, shown: Shown, *, most_doubtful: int
) -> None:
    commands = [sent for sent in events if sent.is_command]
    answers = {sent.channel: shown.answers(sent.channel) for sent in commands}
    assert {channel: texts for channel, texts in answers.items() if len(texts) > 1} == {}
    silent = {channel for channel, texts in answers.items() if not texts}
    doubtful = silent & inside.channels_in_doubt()
    put_off = {channel for channel in silent - doubtful if shown.was_told_to_look_again(channel)}
    print(f"{len(commands)} commands, in doubt {len(doubtful)}, told to look again {len(put_off)}")
    told = {channel: inside.verdicts_in(channel) for channel in silent - doubtful - put_off}
    # One person speaks everywhere here, and is told of five failures a minute.
    lost = {
        name for name, rows in told.items() if not rows or any("'failed'" not in r for r in rows)
    }
    assert not lost, {channel: told[channel] for channel in lost}
    assert len(doubtful) <= most_doubtful
    kept = quotes_kept(commands, inside)
    assert set(kept.values()) <= {1}


def quotes_kept(commands: Sequence[Sent], inside: Inside) -> Counter[str]:
    """How often each `number n` that one of them may have added is a quote."""
    asked = {f"number {one.number}" for one in commands}
    quotes = inside.rows("SELECT content FROM memories WHERE content LIKE 'number %'")
    return Counter(text for text in quotes if text in asked)
