"""A server of the data plane that died is started again; one that was stopped on purpose is not."""

from __future__ import annotations

import asyncio

from local.plane import DataPlane, PlaneFailed

LOOK_EVERY_SECONDS = 1.0


class Watch:
    """Made when the plane is up: what runs then is to run on."""

    def __init__(self, plane: DataPlane) -> None:
        self._plane = plane
        self._wanted = set(plane.pids())

    async def stop_one(self, name: str) -> None:
        self._wanted.discard(name)
        await asyncio.to_thread(self._plane.stop_one, name)

    async def start_one(self, name: str) -> None:
        await asyncio.to_thread(self._plane.start_one, name)
        self._wanted.add(name)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            for name in sorted(self._wanted - set(self._plane.pids())):
                await self._bring_back(name)

    async def _bring_back(self, name: str) -> None:
        try:
            await asyncio.to_thread(self._plane.start_one, name)
        except PlaneFailed as failed:
            print(f"\n{name} ended and does not start: {failed}", flush=True)
        else:
            print(f"\n{name} ended by itself and was started again; see make logs.", flush=True)
