"""What this process counts for itself while the limits server is away: minute by minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

MINUTE = 60
MOST_NAMES = 1_000
"""Whoever comes under more names than these in a minute is not counted any more."""


@dataclass(slots=True)
class MinuteCounts:
    """Kept as long as the process lives; a minute is forgotten when the next one is counted."""

    clock: Callable[[], float] = time.monotonic
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def find(self, name: str) -> int:
        return self._counts.get((name, self._minute()), 0)

    def add(self, name: str, number: int = 1) -> None:
        now = (name, self._minute())
        self._counts = {one: count for one, count in self._counts.items() if one[1] == now[1]}
        if now in self._counts or len(self._counts) < MOST_NAMES:
            self._counts[now] = self._counts.get(now, 0) + number

    def seconds_left(self) -> float:
        """Of this minute."""
        return MINUTE - self.clock() % MINUTE

    def _minute(self) -> int:
        return int(self.clock() // MINUTE)
