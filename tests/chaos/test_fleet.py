"""Three gateways share out Discord's shards and Twitch's channels while they come and go.

One is killed, one is ended in order, two join; the streams server and the database are begun anew.
What was taken, or what a platform repeats, is answered once.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import pytest

from gateway_bot.connected import LIVE_STATUS
from tests.helpers import signed
from tests.helpers.house import House, running
from tests.helpers.inside import Inside
from tests.helpers.patience import eventually
from tests.helpers.servers import ROOT
from tests.helpers.storming import (
    EVENTS,
    MOST_IN_FLIGHT,
    PEOPLE,
    OverGateway,
    Sent,
    Shown,
    gateway_environment,
    lines_are_recorded_once,
    quotes_kept,
    send,
    server_pids,
)
from waddlebot.runtime.needs import PARTITIONS
from waddlebot.stores.keys import Partitions

pytestmark = pytest.mark.xdist_group("houses in storms")

SHARDS, SERVERS_A_SHARD, CHANNELS, MOST_CLAIMS = 4, 10, 60, 40
LINES = EVENTS if EVENTS >= 10_000 else EVENTS // 3
COMMANDS = min(150, LINES // 16)
"""Pairs of them: two are said one after the other."""
SERVERS = [str((10**9 + number) << 22) for number in range(SHARDS * SERVERS_A_SHARD)]
BROADCASTERS = [str(7 * 10**8 + number) for number in range(CHANNELS)]
SETTLED_SECONDS, END_SECONDS = 60.0, 10.0

# Every change of a claim's holder, with the time at which it was seen by everybody.
HISTORY = """
CREATE TABLE claim_history (
    n bigint GENERATED ALWAYS AS IDENTITY, unit text, holder text, after text
);
CREATE FUNCTION keep_claim() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO public.claim_history (unit, holder, after)
    VALUES (NEW.platform || ' ' || NEW.channel_id, NEW.claimed_by, OLD.claimed_by);
    RETURN NULL;
END $$;
CREATE TRIGGER claim_history AFTER UPDATE OF claimed_by ON coordination FOR EACH ROW
WHEN (OLD.claimed_by IS DISTINCT FROM NEW.claimed_by) EXECUTE FUNCTION keep_claim();
"""


@dataclass(slots=True)
class Fleet:
    """Gateways beside the house's own."""

    environment: dict[str, str]
    folder: Path
    living: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)

    def join(self) -> None:
        with (self.folder / f"gateway-{len(self.living)}-{time.monotonic_ns()}").open("wb") as log:
            self.living.append(
                subprocess.Popen(
                    [sys.executable, "-m", "gateway_bot"],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                )
            )

    def kill(self) -> None:
        process = self.living.pop(0)
        self.killed.append(process.pid)
        process.kill()
        process.wait()

    def terminate(self) -> None:
        process = self.living.pop(0)
        process.terminate()
        assert process.wait(END_SECONDS) == 0

    def end(self) -> None:
        for process in self.living:
            process.terminate()
        for process in self.living:
            process.wait(END_SECONDS)


def numbered(house: House) -> Iterator[Sent]:
    every = LINES // COMMANDS
    places = itertools.cycle(itertools.product(("discord", "twitch"), range(CHANNELS)))
    for number in range(LINES):
        where, at = next(places)
        make = on_discord if where == "discord" else on_twitch
        yield make(house, number, at, is_command=number % every in (0, 1))


def on_discord(_house: House, number: int, at: int, *, is_command: bool) -> Sent:
    server = SERVERS[at % len(SERVERS)]
    # A command has a channel of its own, where its answer is told from others.
    channel = str(3 * 10**16 + number) if is_command else str(4 * 10**16 + at % len(SERVERS))
    text = f"!addquote number {number}" if is_command else f"line {number}"
    line = OverGateway(channel=channel, server=server, text=text)
    return Sent(number=number, channel=channel, is_command=is_command, make=lambda: line)


def on_twitch(house: House, number: int, at: int, *, is_command: bool) -> Sent:
    """In one of the sixty channels, each by somebody else; what was asked for stands in the
    answer."""
    key = f"'nr{number}'"
    text = f"!help nr{number}" if is_command else f"line {number}"
    line = partial(
        signed.twitch_line, house, text, channel=BROADCASTERS[at], user=str(10**6 + number)
    )
    return Sent(
        number=number,
        channel=BROADCASTERS[at],
        is_command=is_command,
        make=cache(line),
        key=key if is_command else "",
    )


def test_three_gateways_share_shards_and_channels_whoever_comes_and_goes(home: Path) -> None:
    environment = {
        "TWITCH_BOT_IS_MODERATOR": "1",
        PARTITIONS: str(SHARDS),
        "DISCORD_SHARDS": str(SHARDS),
        "MAX_CLAIMS": str(MOST_CLAIMS),
        "TWITCH_CHANNELS": " ".join(BROADCASTERS),
    }
    with running(home, **environment) as (house, launcher):
        inside = Inside(house=house, partitions=Partitions(SHARDS))
        fleet = Fleet(gateway_environment(launcher.pid), home)
        with inside.postgres() as connection:
            connection.execute(HISTORY.encode())
        fleet.join()
        fleet.join()
        shown = Shown(house=house)
        try:
            settles(inside, gateways=3)
            for server, channel in zip(SERVERS, range(len(SERVERS)), strict=True):
                OverGateway(
                    channel=str(4 * 10**16 + channel), server=server, text="hello", who="olga"
                ).send(house)
            events = list(numbered(house))
            troubles = troubles_of(house, fleet)
            with shown.collected():
                with ThreadPoolExecutor(PEOPLE) as people:
                    for number, _ in enumerate(people.map(partial(send, house), events)):
                        for trouble in troubles.pop(number * 100 // len(events), ()):
                            trouble()
                inside.settle()
            assert not troubles
            settles(inside, gateways=3)
            shards_were_begun_within_the_budget(house)
        finally:
            fleet.end()
        lines_are_recorded_once(events, inside)
        commands_are_answered_once(events, inside, shown)
        nobody_alive_was_overtaken(inside, fleet)


def troubles_of(house: House, fleet: Fleet) -> dict[int, tuple[Callable[[], None], ...]]:
    """What happens when so many hundredths of the events are through."""

    def begin_anew(server: str) -> None:
        for pid in server_pids(house, server)[:1]:
            os.kill(pid, signal.SIGKILL)

    return {
        15: (fleet.kill,),
        30: (fleet.join,),
        45: (fleet.terminate,),
        55: (partial(begin_anew, "streams"),),
        65: (fleet.join,),
        80: (partial(begin_anew, "postgres"),),
    }


def settles(inside: Inside, *, gateways: int) -> None:
    """All is carried, and nobody carries two more than another."""

    def is_even() -> bool:
        with inside.postgres() as connection:
            rows = connection.execute(
                "SELECT platform, claimed_by FROM coordination WHERE channel_id <> %s",
                (LIVE_STATUS,),
            ).fetchall()
        shares: dict[str, Counter[str | None]] = defaultdict(Counter)
        for platform, holder in rows:
            shares[platform][holder] += 1
        return all(
            None not in shares[platform]
            and len(shares[platform]) == gateways
            and max(shares[platform].values()) - min(shares[platform].values()) <= 1
            for platform in ("stream", "discord", "twitch")
        )

    assert eventually(is_even, within=SETTLED_SECONDS), inside.rows(
        "SELECT (platform, channel_id, claimed_by) FROM coordination"
    )


def commands_are_answered_once(events: Sequence[Sent], inside: Inside, shown: Shown) -> None:
    commands = [sent for sent in events if sent.is_command]
    answers = {sent.number: shown.answers(sent.channel, sent.key) for sent in commands}
    assert {number: texts for number, texts in answers.items() if len(texts) > 1} == {}
    in_doubt = inside.channels_in_doubt()
    silent = [sent for sent in commands if not answers[sent.number]]
    lost = [sent for sent in silent if sent.channel not in in_doubt]
    print(f"{len(commands)} commands, in doubt {len(silent) - len(lost)}")
    assert not lost, {sent.number: inside.verdicts_in(sent.channel) for sent in lost}
    assert len(silent) <= MOST_IN_FLIGHT
    # While the database is begun anew the answer may be that it could not be kept.
    kept = quotes_kept(commands, inside)
    said = [one.number for one in commands if answers[one.number][:1] and not one.key]
    told = [number for number in said if answers[number][0].startswith("Kept as")]
    assert set(kept.values()) <= {1}
    assert {f"number {number}" for number in told} <= kept.keys()
    assert len(told) > len(said) // 3


def nobody_alive_was_overtaken(inside: Inside, fleet: Fleet) -> None:
    overtaken = inside.rows(
        "SELECT after FROM claim_history WHERE after IS NOT NULL AND holder IS NOT NULL"
    )
    assert {int(name.split(":")[1]) for name in overtaken} <= set(fleet.killed)
    assert inside.rows("SELECT count(*) FROM claim_history") != ["0"]


def shards_were_begun_within_the_budget(house: House) -> None:
    """Whoever takes a shard over resumes it; a session is begun where none can be resumed."""
    every = [f"{number}/{SHARDS}" for number in range(SHARDS)]
    assert eventually(lambda: house.get("/stand-ins/gateway")["connected"] == every, within=30)
    told = house.get("/stand-ins/gateway")
    print(told)
    assert told["too_fast"] == told["twice_at_once"] == 0
    assert max(told["identifies"].values()) <= 2
