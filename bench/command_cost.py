"""What a command costs the router before I/O: match, receipt, rights and limit, record.

The servers are there and answer; what the clients (psycopg, redis, hiredis, and our thin doors
around them) do meanwhile is taken off. The command is answered by the router itself.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
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
from functions.router.resources import Kept
from waddlebot.domain.outcomes import Outcome
from waddlebot.runtime.needs import Need
from waddlebot.runtime.resources import Resources
from waddlebot.stores.postgres import Postgres


class NotAnswered(Exception):
    """What was measured is not what was meant."""


@dataclass(slots=True)
class Meter:
    """Tells the CPU seconds of this thread that were not spent in a client."""

    in_clients: float = 0.0

    def own_seconds(self) -> float:
        return time.thread_time() - self.in_clients


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
    """Microseconds a command, one sample a batch."""

    decided: list[float] = field(default_factory=list)
    """Match, receipt, rights and limit."""
    recorded: list[float] = field(default_factory=list)

    @property
    def both(self) -> list[float]:
        return [one + other for one, other in zip(self.decided, self.recorded, strict=True)]


def measure_command(urls: Mapping[str, str], batches: int) -> CommandCost:
    """In a place with a thousand rules, which `fill` of router_cost has made."""
    meter, cost = Meter(), CommandCost()
    with keeping(_MeteredResources(urls, meter)) as kept:
        samples = _samples(kept, meter)
        for decided, recorded in itertools.islice(samples, WARM_UP, WARM_UP + batches):
            cost.decided.append(decided)
            cost.recorded.append(recorded)
    return cost


def _samples(kept: Kept, meter: Meter) -> Iterator[tuple[float, float]]:
    """The stages of route.py, with a look at the meter between them."""
    lines = askers()
    while True:
        router = a_router(kept)
        events = events_of(list(itertools.islice(lines, BATCH)), ASKED_PLACE)
        sessions = router.directory.open(events)
        began = meter.own_seconds()
        matches = router.receipts.begin(find_matches(sessions, router.triggers))
        verdicts = judge(matches, router.limits)
        decided = meter.own_seconds() - began
        outcomes: list[Outcome] = []
        for wave in router.caller.run(sessions, verdicts):
            done = conclude(wave.sessions, wave.verdicts, wave.executions)
            outcomes += router.ways_back.hand_over(done)
        if not all(outcome.replies for outcome in outcomes):
            raise NotAnswered("a command was not answered")
        began = meter.own_seconds()
        router.ledger.record(outcomes)
        recorded = meter.own_seconds() - began
        yield decided / BATCH * SECONDS_TO_MICRO, recorded / BATCH * SECONDS_TO_MICRO
