from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from local.progress import complain

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
            try:
                await self.wake(function)
            except Exception as error:  # noqa: BLE001 - one call's end is not the schedules' end
                complain(
                    f"{function} could not be called: {error}\n"
                    f"It is called again in {seconds:.0f} s."
                )
