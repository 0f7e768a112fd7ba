"""A service that fails is left alone for a while, by all processes at once.

Five failures one after the other, whoever saw them, and the sixth call is not made. After a rest
one call tries; if that goes well all may again. Kept on the cache server, and in each process for
itself while that is away.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from waddlebot.domain.errors import Unavailable
from waddlebot.stores import keys
from waddlebot.stores.valkey import CACHE, Client, Script

MOST_FAILURES = 5
REST_SECONDS = 60.0
PROBE_SECONDS = 30.0
"""How long the one that tries is waited for: the longest deadline of a call."""
MOST_HOLD_SECONDS = 300.0
"""Whatever a service asks for with `Retry-After`."""
FORGOTTEN_SECONDS = 900
_MOST_IN_MEMORY = 1_000

_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local failures = tonumber(redis.call('HGET', KEYS[1], 'failures') or 0)
local rests_until = tonumber(redis.call('HGET', KEYS[1], 'until') or 0)
"""
# ARGV: most failures, how long a try is waited for. Answers the ms to wait, 0 for "go on".
_MAY = Script(
    _NOW
    + """
    if now < rests_until then return rests_until - now end
    if failures >= tonumber(ARGV[1]) then
      redis.call('HSET', KEYS[1], 'until', now + ARGV[2])
    end
    return 0
    """,
    server=CACHE,
)
# ARGV: most failures, rest, what the service asked for, life. Answers whether nobody was told yet.
_FAILED = Script(
    _NOW
    + """
    failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
    local first = 0
    local rest = tonumber(ARGV[3])
    if failures >= tonumber(ARGV[1]) then
      rest = math.max(rest, tonumber(ARGV[2]))
      first = redis.call('HSETNX', KEYS[1], 'told', 1)
    end
    if rest > 0 then redis.call('HSET', KEYS[1], 'until', now + rest) end
    redis.call('EXPIRE', KEYS[1], ARGV[4])
    return first
    """,
    server=CACHE,
)
_WENT_WELL = Script("return redis.call('DEL', KEYS[1])", server=CACHE)


@dataclass(slots=True)
class _State:
    failures: int = 0
    rests_until: float = 0.0
    told: bool = False


@dataclass(slots=True)
class _Memory:
    """The same for one process."""

    states: dict[str, _State] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_seconds(self, service: str) -> float:
        now = time.monotonic()
        with self.lock:
            state = self.states.get(service)
            if state is None:
                return 0.0
            if now < state.rests_until:
                return state.rests_until - now
            if state.failures >= MOST_FAILURES:
                state.rests_until = now + PROBE_SECONDS
            return 0.0

    def failed(self, service: str, rest_seconds: float, hold_seconds: float) -> bool:
        with self.lock:
            if len(self.states) >= _MOST_IN_MEMORY and service not in self.states:
                self.states.pop(next(iter(self.states)))
            state = self.states.setdefault(service, _State())
            state.failures += 1
            is_open = state.failures >= MOST_FAILURES
            first, state.told = is_open and not state.told, state.told or is_open
            rest = max(hold_seconds, rest_seconds if is_open else 0.0)
            if rest:
                state.rests_until = time.monotonic() + rest
            return first

    def went_well(self, service: str) -> None:
        with self.lock:
            self.states.pop(service, None)


@dataclass(frozen=True, slots=True)
class Breaker:
    """`client` is the cache server; None where a function has none."""

    client: Client | None
    rest_seconds: float = REST_SECONDS
    _memory: _Memory = field(default_factory=_Memory)

    def wait_seconds(self, service: str) -> float:
        """How long it is left alone; 0 is a leave to call it now, for one where it failed."""
        if self.client:
            try:
                args = (MOST_FAILURES, _ms(PROBE_SECONDS))
                wait: int = _MAY.run(self.client, [keys.breaker(service)], args)
            except Unavailable:
                pass
            else:
                return max(wait / 1000, self._memory.wait_seconds(service))
        return self._memory.wait_seconds(service)

    def failed(self, service: str, *, hold_seconds: float = 0.0) -> bool:
        """One call failed; whether this is when its owner should hear of it.

        `hold_seconds`: it asked to be left alone for so long.
        """
        hold = min(hold_seconds, MOST_HOLD_SECONDS)
        if self.client:
            args = (MOST_FAILURES, _ms(self.rest_seconds), _ms(hold), FORGOTTEN_SECONDS)
            try:
                return bool(_FAILED.run(self.client, [keys.breaker(service)], args))
            except Unavailable:
                pass
        return self._memory.failed(service, self.rest_seconds, hold)

    def went_well(self, service: str) -> None:
        self._memory.went_well(service)
        if self.client:
            try:
                _WENT_WELL.run(self.client, [keys.breaker(service)], ())
            except Unavailable:
                return


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
