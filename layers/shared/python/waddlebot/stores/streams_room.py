"""Says that the streams server has no room left for told events (docs/delivery.md, Full)."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis

from waddlebot.stores.keys import Partitions
from waddlebot.stores.valkey import NoRoom

FULL_SECONDS = 5


async def say_full(client: Redis, partitions: Partitions) -> None:
    """For five seconds. Raises redis.RedisError where the server is away.

    At 100 % it takes no more keys, this one neither; it refuses events by itself then.
    """
    with contextlib.suppress(NoRoom):
        for partition in partitions:
            await client.set(partition.full(), "1", ex=FULL_SECONDS)


def share_used(memory: Mapping[str, Any]) -> float:
    """Of what INFO says; a server without a limit is never full."""
    limit = int(memory["maxmemory"])
    return int(memory["used_memory"]) / limit if limit else 0.0
