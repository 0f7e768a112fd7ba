"""How far a long measurement is, said every few seconds: whoever waits sees that it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

EVERY_SECONDS = 10.0


@dataclass(slots=True)
class BenchProgress:
    """`say` gets what is told, but not more often than every ten seconds."""

    say: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _next: float = float("-inf")

    def tell(self, words: str) -> None:
        now = self.clock()
        if now >= self._next:
            self._next = now + EVERY_SECONDS
            self.say(words)
