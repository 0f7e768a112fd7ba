"""Time that passes only where a connection waits, and then at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway_bot.connections.staying import Waits
from tests.helpers.patience import BUSY_SECONDS

PATIENCE_SECONDS = BUSY_SECONDS


@dataclass(slots=True)
class DrivenTime:
    """`pauses` are those that were waited, in order; of each the longest that it may be."""

    now: float = 1_000.0
    pauses: list[float] = field(default_factory=list)

    def waits(self) -> Waits:
        return Waits(clock=lambda: self.now, sleep=self._sleep, draw=lambda _low, high: high)

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
        await asyncio.sleep(0.005)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_so():  # noqa: ASYNC110 - it may change at many places
            await asyncio.sleep(0.01)
