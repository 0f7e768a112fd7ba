"""Where the events of a connection go."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event


class Stream:
    """Where events go; `away` so many times it cannot take them."""

    def __init__(self, away: int = 0) -> None:
        self.events: list[Event] = []
        self.servers: Sequence[str] = ()
        self.away = away
        self._more = asyncio.Event()

    async def append(self, events: Sequence[Event]) -> None:
        if self.away:
            self.away -= 1
            raise Unavailable("the streams server")
        self.events += events
        self._more.set()

    async def learn(self, servers: Sequence[str]) -> None:
        self.servers = servers

    async def next(self, count: int = 1) -> list[Event]:
        # The pauses between tries to connect grow, and are drawn by lot.
        async with asyncio.timeout(45):
            while len(self.events) < count:
                self._more.clear()
                await self._more.wait()
        taken, self.events = self.events[:count], self.events[count:]
        return taken
