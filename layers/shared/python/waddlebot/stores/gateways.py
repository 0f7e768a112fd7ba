"""Which gateways live: each says so on the streams server again and again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from redis.asyncio import Redis

from waddlebot.stores import keys

# A full server must not make all gateways stop, who alone can empty it.
# KEYS: who lives until when (sorted set). ARGV: who says so, for how many ms.
_RENEW = """#!lua flags=allow-oom
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
    return redis.call('ZRANGE', KEYS[1], 0, -1)
"""


class Gateways:
    """By their names. Methods raise redis.RedisError."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def renew(self, name: str, *, seconds: float) -> set[str]:
        """This one lives for so long from now, by the server's clock; all who do."""
        asked = self._client.eval(_RENEW, 1, keys.gateways_alive(), name, int(seconds * 1000))
        names: Any = await asked
        return {one.decode() for one in names}

    async def forget(self, names: Collection[str]) -> None:
        await self._client.zrem(keys.gateways_alive(), *names)
