"""A socket of Discord's gateway, and how connections are turned away on bad days."""

from __future__ import annotations

import asyncio
import json
import zlib

from local.stand_ins.asgi import Json, Socket

STAGES = ("hello", "identify", "resume", "resumed")
"""How far a connection gets before it is turned away."""


class Wire:
    """A socket, with Discord's transport compression where the client asked for it."""

    def __init__(self, socket: Socket, *, compressed: bool) -> None:
        self.socket = socket
        self._zlib = zlib.compressobj() if compressed else None
        self._turn = asyncio.Lock()

    async def send(self, frame: Json) -> None:
        await self.say(json.dumps(frame))

    async def say(self, data: str) -> None:
        async with self._turn:
            if self._zlib is None:
                await self.socket.write(data)
            else:
                packed = self._zlib.compress(data.encode())
                await self.socket.write(packed + self._zlib.flush(zlib.Z_SYNC_FLUSH))


class TurningAway:
    def __init__(self) -> None:
        self._planned: dict[str, list[int]] = {stage: [] for stage in STAGES}

    def plan(self, stage: str, code: int, times: int) -> None:
        """The next connections that get so far are closed with the code; 0 is silence."""
        self._planned[stage] += [code] * times

    async def applies(self, stage: str, socket: Socket) -> bool:
        if not self._planned[stage]:
            return False
        code = self._planned[stage].pop(0)
        if code:
            await socket.close(code)
        return True
