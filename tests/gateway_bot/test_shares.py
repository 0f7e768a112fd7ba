"""Several gateways share out the partitions: evenly, at once where one dies, and never two for one.

Real processes on real servers; a router that says what it was asked.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import psycopg
import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from gateway_bot.liveness import ALIVE_SECONDS
from gateway_bot.shares import SharePlan, Term
from tests.helpers.gateway_process import gateway, variables_of
from tests.helpers.lambda_stand_in import Door, LambdaStandIn, lambda_stand_in
from tests.helpers.patience import BUSY_SECONDS, eventually
from tests.helpers.servers import Urls
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel, Event, MessageType, Speaker
from waddlebot.runtime.needs import PARTITIONS
from waddlebot.stores import keys
from waddlebot.stores.claims import Claimable
from waddlebot.stores.keys import Partitions
from waddlebot.stores.streams import EventStream

FOUR = Partitions(4)
GATEWAYS = st.lists(st.integers(0, 12), min_size=1, max_size=6)


@given(have=GATEWAYS, free=st.integers(0, 12), most=st.none() | st.integers(1, 9))
def test_whatever_they_have_they_come_to_even_shares_and_then_leave_it_at_that(
    have: list[int], free: int, most: int | None
) -> None:
    """All look by turns, as they do once a second; shares are told by their numbers alone."""
    counts = {f"gateway-{number}": count for number, count in enumerate(have)}
    total = sum(have) + free

    def plan(name: str) -> SharePlan:
        return SharePlan(me=name, counts=counts, total=total, most=most)

    for _ in range(2 * total + 2):
        for name in counts:
            if surplus := plan(name).surplus():
                counts[name] -= surplus
                free += surplus
            else:
                rows = [Claimable(platform="stream", channel=str(one)) for one in range(free)]
                taken = len(plan(name).turns(rows))
                counts[name] += taken
                free -= taken
    assert free == max(0, total - (most or total) * len(counts))
    assert max(counts.values()) - min(counts.values()) <= 1
    assert max(counts.values()) <= (most or total)
    assert not any(plan(name).surplus() for name in counts)


@given(
    live=st.lists(st.booleans(), max_size=30),
    gateways=st.integers(1, 4),
    most=st.integers(1, 6),
)
def test_what_is_on_air_comes_first_and_then_nothing_moves(
    live: list[bool], gateways: int, most: int
) -> None:
    rows = [
        Claimable(platform="twitch", channel=str(number), is_live=is_live)
        for number, is_live in enumerate(live)
    ]
    holders = settled(rows, gateways, most)
    carried = [row.is_live for row in rows if row.channel in holders]
    assert sum(carried) == min(sum(live), most * gateways)
    assert len(carried) == min(len(rows), most * gateways)
    assert max(Counter(holders.values()).values(), default=0) <= most


@given(
    kinds=st.lists(st.tuples(st.booleans(), st.sampled_from([10, 100, 500])), max_size=30),
    gateways=st.integers(1, 4),
    most=st.integers(1, 6),
)
def test_what_is_preferred_is_not_given_up_for_what_is_on_air_and_nothing_moves(
    kinds: list[tuple[bool, int]], gateways: int, most: int
) -> None:
    rows = [
        Claimable(platform="twitch", channel=str(number), is_live=is_live, priority=priority)
        for number, (is_live, priority) in enumerate(kinds)
    ]
    holders = settled(rows, gateways, most)
    assert len(holders) == min(len(rows), most * gateways)
    off_air = [row.priority for row in rows if row.channel in holders and not row.is_live]
    waiting = [row.priority for row in rows if row.channel not in holders and row.is_live]
    assert all(there < best for there in off_air for best in waiting)


def settled(rows: list[Claimable], gateways: int, most: int) -> dict[str, str]:
    """Who holds what in the end, where what comes last was there first. Then nothing moves."""
    rows = sorted(rows, key=lambda row: (row.priority, not row.is_live))
    names = [f"gateway-{number}" for number in range(gateways)]
    holders: dict[str, str] = {}
    for number, row in enumerate(reversed(rows[-most * gateways :])):
        holders[row.channel] = names[number % gateways]

    def look(me: str) -> bool:
        kept = [replace(row, holder=holders[row.channel]) for row in rows if row.channel in holders]
        mine = sorted((row for row in kept if row.holder == me), key=lambda row: not row.is_live)
        free = [row for row in rows if row.channel not in holders]
        counts = Counter(dict.fromkeys(names, 0)) + Counter(holders.values())
        counts.update(dict.fromkeys(names, 0))
        plan = SharePlan(me=me, counts=counts, total=len(rows), most=most)
        surplus = plan.surplus() or plan.in_the_way(kept, free)
        for row in mine[len(mine) - surplus :]:
            del holders[row.channel]
        taken = plan.turns(free)[: plan.room(len(mine))] if not surplus else []
        holders.update({row.channel: me for row in taken})
        return bool(surplus or taken)

    for _ in range(2 * len(rows) + 2):
        moved = [look(name) for name in names]
    assert not any(moved)
    return holders


def test_nobody_gives_up_more_while_what_was_given_up_has_not_been_taken() -> None:
    assert SharePlan(me="a", counts={"a": 4, "b": 0}, total=4).surplus() == 2
    assert SharePlan(me="a", counts={"a": 2, "b": 0}, total=4).surplus() == 0


def test_a_term_that_lapsed_stays_over() -> None:
    lasts = [True]

    async def go() -> list[bool]:
        term = Term(lambda: lasts[0])
        seen = [term.is_set()]
        for now in (False, True):
            lasts[0] = now
            seen.append(term.is_set())
        return seen

    assert asyncio.run(go()) == [False, True, True]


@dataclass(slots=True, kw_only=True)
class Fleet:
    """Gateways that come and go, and what the router was asked."""

    urls: Urls
    router: LambdaStandIn
    streams: redis.Redis
    _stack: ExitStack
    running: list[subprocess.Popen[str]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    sent: list[str] = field(default_factory=list)

    def join(self) -> subprocess.Popen[str]:
        variables = variables_of(self.urls, self.router) | {PARTITIONS: str(FOUR.count)}
        process = self._stack.enter_context(gateway(variables, said=subprocess.DEVNULL))
        self.running.append(process)
        return process

    def says(self, lines: int) -> None:
        """Numbered lines in forty places, so that each partition gets its part."""
        events = [self._line(next(self._numbers)) for _ in range(lines)]
        self.sent += [event.id for event in events]
        EventStream(self.streams, FOUR).append(events)

    def _line(self, number: int) -> Event:
        return Event(
            id=f"twitch:{os.getpid()}:{number}",
            type=MessageType.CHAT_MESSAGE,
            entity=EntityId(f"twitch:channel:{number % 40}"),
            user=Speaker(id="1", name="Ana"),
            text="!quote",
            occurred_at=datetime.now(UTC),
            way_back=Channel(message="m1"),
        )

    def routed(self) -> Counter[str]:
        asked = [json.loads(seen.body) for seen in list(self.router.seen)]
        return Counter(event["id"] for payload in asked for event in payload["events"])

    def holders(self) -> dict[int, int]:
        """How many partitions each process holds, by its number; those of nobody under 0."""
        with psycopg.connect(self.urls["DATABASE_URL"]) as connection:
            rows = connection.execute("SELECT claimed_by FROM coordination").fetchall()
        return dict(Counter(int(holder.split(":")[1]) if holder else 0 for (holder,) in rows))

    def shares_are(self, *shares: int, within: float) -> bool:
        living = {process.pid for process in self.running if process.poll() is None}

        def is_so() -> bool:
            held = self.holders()
            return held.keys() <= living and sorted(held.values()) == sorted(shares)

        return eventually(is_so, within=within)


@pytest.fixture
def fleet(database_urls: Urls, streams: redis.Redis) -> Iterator[Fleet]:
    def route(door: Door) -> None:
        events = json.loads(door.stand_in.seen[-1].body)["events"]
        door.says({"results": [{"standing": "ours"}] * len(events)})

    with lambda_stand_in(route) as router, ExitStack() as stack:
        yield Fleet(urls=database_urls, router=router, streams=streams, _stack=stack)


def test_shares_are_even_and_move_when_gateways_join_end_or_are_killed(fleet: Fleet) -> None:
    first = fleet.join()
    assert fleet.shares_are(4, within=BUSY_SECONDS)
    second, third = fleet.join(), fleet.join()
    fleet.says(200)
    assert fleet.shares_are(1, 1, 2, within=BUSY_SECONDS), fleet.holders()

    fleet.says(200)
    second.send_signal(signal.SIGTERM)
    assert fleet.shares_are(2, 2, within=5), fleet.holders()
    fleet.says(200)
    third.kill()
    third.wait()
    assert fleet.shares_are(4, within=4), fleet.holders()
    fleet.says(200)

    assert eventually(lambda: fleet.routed().keys() >= set(fleet.sent), within=BUSY_SECONDS)
    assert first.poll() is None
    for partition in FOUR:
        assert eventually(lambda at=partition: not fleet.streams.xlen(at.events_stream()))


def test_a_streams_server_that_forgot_everybody_moves_nothing(fleet: Fleet) -> None:
    fleet.join(), fleet.join()
    assert fleet.shares_are(2, 2, within=20)
    before = claims(fleet)

    for _ in range(3):
        fleet.streams.delete(keys.gateways_alive())
        time.sleep(0.7)

    assert claims(fleet) == before


def claims(fleet: Fleet) -> list[tuple[object, ...]]:
    with psycopg.connect(fleet.urls["DATABASE_URL"]) as connection:
        asked = "SELECT channel_id, claimed_by, claimed_at FROM coordination ORDER BY 1"
        return connection.execute(asked).fetchall()


def test_who_stands_still_is_relieved_and_knows_it_when_it_goes_on(fleet: Fleet) -> None:
    still = fleet.join()
    assert fleet.shares_are(4, within=BUSY_SECONDS)
    other = fleet.join()
    assert fleet.shares_are(2, 2, within=BUSY_SECONDS)

    still.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    assert eventually(lambda: fleet.holders() == {other.pid: 4}, within=ALIVE_SECONDS + 6)
    assert time.monotonic() - began > ALIVE_SECONDS - 6, "it may still have been at work"
    fleet.says(100)
    assert eventually(lambda: fleet.routed().keys() >= set(fleet.sent), within=10)

    still.send_signal(signal.SIGCONT)
    assert fleet.shares_are(2, 2, within=10), fleet.holders()
    fleet.says(100)
    assert eventually(lambda: fleet.routed().keys() >= set(fleet.sent), within=10)
    assert set(fleet.routed().values()) == {1}
