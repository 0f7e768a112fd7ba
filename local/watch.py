"""A server of the data plane that died is started again; one that was stopped on purpose is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from local.plane import DataPlane
from local.progress import complain

LOOK_EVERY_SECONDS = 1.0
PAUSE_SECONDS = 30.0


async def keep_up(plane: DataPlane, say: Callable[[str, float, str], None]) -> None:
    """For ever; `say(server, seconds it took, words)` for each one that is back."""
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        try:
            revived = await asyncio.to_thread(plane.revive)
        except Exception as error:  # noqa: BLE001 - whatever it was, servers may die later too
            complain(f"{error}\nIt is tried again in {PAUSE_SECONDS:.0f} s.")
            await asyncio.sleep(PAUSE_SECONDS)
            continue
        for name, seconds in revived.items():
            say(name, seconds, "had died; started again")
