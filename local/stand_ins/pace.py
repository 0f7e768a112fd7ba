"""How often a platform lets the bot do a thing: so many in so many seconds, per key."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

_MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """`wait_seconds` is 0 where the call may be made; `reset_seconds` until the window is empty."""

    remaining: int
    wait_seconds: float
    reset_seconds: float


class StandInPace:
    def __init__(
        self, limit: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limit = limit
        self._seconds = seconds
        self._clock = clock
        self._used: dict[str, deque[float]] = defaultdict(deque)

    def charge(self, key: str) -> Charged:
        now = self._clock()
        if len(self._used) > _MOST_KEYS:
            self._forget(now)
        used = self._used[key]
        while used and used[0] <= now - self._seconds:
            used.popleft()
        if len(used) >= self.limit:
            wait = used[0] + self._seconds - now
            return Charged(remaining=0, wait_seconds=wait, reset_seconds=wait)
        used.append(now)
        reset = used[0] + self._seconds - now
        return Charged(remaining=self.limit - len(used), wait_seconds=0.0, reset_seconds=reset)

    def _forget(self, now: float) -> None:
        over = [key for key, used in self._used.items() if used[-1] <= now - self._seconds]
        for key in over:
            del self._used[key]
