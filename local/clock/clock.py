from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

Wake = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`schedules` are (function name, minutes between two calls)."""

    schedules: Sequence[tuple[str, int]]
    wake: Wake

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for function, minutes in self.schedules:
                tasks.create_task(self._tick(function, minutes * 60))

    async def _tick(self, function: str, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self.wake(function)
