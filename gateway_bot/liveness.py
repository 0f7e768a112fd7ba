"""Which gateways live: each says so on the streams server, and stops where it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from waddlebot.stores import keys

ALIVE_SECONDS = 15.0
HELD_SECONDS = 10.0
"""Who could not say so for this long carries nothing any more: a call that began before is over
when the others may begin (docs/delivery.md)."""
PATIENCE_SECONDS = 2.0

# A full server must not make all gateways stop, who alone can empty it.
# KEYS: who lives until when (sorted set). ARGV: who says so, for how many ms.
_RENEW = """#!lua flags=allow-oom
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
    return redis.call('ZRANGE', KEYS[1], 0, -1)
"""


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
            eval_ = self.client.eval(
                _RENEW, 1, keys.gateways_alive(), self.name, int(ALIVE_SECONDS * 1000)
            )
            names: Any = await eval_
        # Counted from before the question: the server may have heard it long ago.
        self._renewed = asked
        return {name.decode() for name in names}

    def lasts(self) -> bool:
        """Whether the others still count on us; asked before each step."""
        return asyncio.get_running_loop().time() < self._renewed + HELD_SECONDS

    async def forget(self, names: Collection[str]) -> None:
        """Processes that have ended; ourselves at the end."""
        if names:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.client.zrem(keys.gateways_alive(), *names)
