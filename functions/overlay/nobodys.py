"""Tokens that were nobody's a moment ago: who asks with one again is told so without a look-up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

SECONDS = 300.0
"""What is nobody's stays so: tokens are made of what nobody knows. A database that was
brought back may know one again.
"""
MOST = 2000


@dataclass(slots=True)
class Nobodys:
    """Kept as long as the process lives."""

    clock: Callable[[], float] = time.monotonic
    _until: dict[tuple[str, str], float] = field(default_factory=dict)

    def has(self, token: str, at: str) -> bool:
        """`at` is where it was shown."""
        return self._until.get((token, at), 0) > self.clock()

    def add(self, token: str, at: str) -> None:
        """In place of the oldest, where there are many."""
        self._until.pop((token, at), None)
        self._until[token, at] = self.clock() + SECONDS
        while len(self._until) > MOST:
            del self._until[next(iter(self._until))]
