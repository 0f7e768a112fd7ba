"""What a command costs the router before I/O: match, receipt, rights and limit, record.

The servers are there and answer; what the clients (psycopg, redis, hiredis, and our thin doors
around them) do meanwhile is taken off. The command is answered by the router itself.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import redis

from bench.router_cost import (
    ASKED_PLACE,
    BATCH,
    SECONDS_TO_MICRO,
    WARM_UP,
    a_router,
    askers,
    environment_of,
    events_of,
    keeping,
)
from functions.router.conclude import conclude
from functions.router.judge import judge
from functions.router.match import find_matches
from functions.router.resources import KeptResources
from functions.router.router import Router
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.sessions import Session
from waddlebot.domain.verdicts import Verdict
from waddlebot.runtime.needs import Need
from waddlebot.runtime.resources import Resources
from waddlebot.stores.postgres import Postgres


class NotAnswered(Exception):
    """What was measured is not what was meant."""


@dataclass(slots=True)
class Meter:
    """Tells what CPU this thread has used that was not spent in a client."""

    in_clients: float = 0.0
    _last: float = 0.0

    def lap(self) -> float:
        """Since the last call; microseconds, of one command in a batch."""
        last, self._last = self._last, time.thread_time() - self.in_clients
        return (self._last - last) / BATCH * SECONDS_TO_MICRO


@dataclass(frozen=True, slots=True)
class _Metered:
    """A client as it is; the meter knows how long each call was in it."""

    client: Any
    meter: Meter

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self.client, name)

        def timed(*args: Any, **named: Any) -> Any:
            before = time.thread_time()
            try:
                return call(*args, **named)
            finally:
                self.meter.in_clients += time.thread_time() - before

        return timed


class _MeteredResources(Resources):
    def __init__(self, urls: Mapping[str, str], meter: Meter) -> None:
        super().__init__(environment_of(urls))
        self._meter = meter

    @cached_property
    def postgres(self) -> Postgres:
        return cast("Postgres", _Metered(super().postgres, self._meter))

    def _valkey(self, need: Need) -> redis.Redis:
        return cast("redis.Redis", _Metered(super()._valkey(need), self._meter))


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandCost:
    """Microseconds a command, of one batch, by stage."""

    match: float
    receipt: float
    judge: float
    record: float

    @property
    def all_stages(self) -> float:
        return self.match + self.receipt + self.judge + self.record


@contextlib.contextmanager
def measuring(urls: Mapping[str, str]) -> Iterator[Iterator[CommandCost]]:
    """Costs without end, in a place with a thousand rules, which `fill` of router_cost has made."""
    meter = Meter()
    with keeping(_MeteredResources(urls, meter)) as kept:
        yield itertools.islice(_costs(kept, meter), WARM_UP, None)


def _costs(kept: KeptResources, meter: Meter) -> Iterator[CommandCost]:
    """The stages of route.py, with a look at the meter between them."""
    lines = askers()
    while True:
        router = a_router(kept)
        events = events_of(list(itertools.islice(lines, BATCH)), ASKED_PLACE)
        sessions = router.directory.open(events)
        meter.lap()
        matches = find_matches(sessions, router.triggers)
        match = meter.lap()
        begun = router.receipts.begin(matches)
        receipt = meter.lap()
        verdicts = judge(begun, router.limits)
        judged = meter.lap()
        outcomes = _answered(router, sessions, verdicts)
        meter.lap()
        router.ledger.record(outcomes)
        yield CommandCost(match=match, receipt=receipt, judge=judged, record=meter.lap())


def _answered(
    router: Router, sessions: Sequence[Session], verdicts: Sequence[Verdict]
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for wave in router.caller.run(sessions, verdicts):
        done = conclude(wave)
        outcomes += router.ways_back.hand_over(done)
    if not all(outcome.replies for outcome in outcomes):
        raise NotAnswered("a command was not answered")
    return outcomes
