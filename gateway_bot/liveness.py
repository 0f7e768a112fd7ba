"""Which gateways live: each says so on the streams server, and stops where it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from redis.asyncio import Redis

from waddlebot.stores.gateways import Gateways

ALIVE_SECONDS = 15.0
HELD_SECONDS = 10.0
"""Who could not say so for this long carries nothing any more: a call that began before is over
when the others may begin (docs/delivery.md)."""
PATIENCE_SECONDS = 2.0


@dataclass(slots=True, kw_only=True)
class Liveness:
    """Of one process, by its name. Methods raise redis.RedisError or TimeoutError."""

    client: Redis
    name: str
    _renewed: float = float("-inf")

    async def renew(self) -> set[str]:
        """Says that we live; all who do."""
        asked = asyncio.get_running_loop().time()
        async with asyncio.timeout(PATIENCE_SECONDS):
            names = await Gateways(self.client).renew(self.name, seconds=ALIVE_SECONDS)
        # Counted from before the question: the server may have heard it long ago.
        self._renewed = asked
        return names

    def lasts(self) -> bool:
        """Whether the others still count on us; asked before each step."""
        return asyncio.get_running_loop().time() < self._renewed + HELD_SECONDS

    async def forget(self, names: Collection[str]) -> None:
        """Processes that have ended; ourselves at the end."""
        if names:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await Gateways(self.client).forget(names)
