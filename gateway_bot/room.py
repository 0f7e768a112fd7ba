"""Looks after the room on the streams server: told events must not take what replies need."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError

from waddlebot.stores.keys import Partitions

FULL_SHARE = 0.9
LOOK_SECONDS = 1.0
FULL_SECONDS = 5

log = logging.getLogger(__name__)


async def watch_room(client: Redis, partitions: Partitions, stop: asyncio.Event) -> None:
    """While 90 % is used, told events are refused (docs/delivery.md, Full); until `stop` is set.

    Raises redis.ConnectionError or redis.TimeoutError where the server is away.
    """
    was_full = False
    while not stop.is_set():
        is_full = share_used(await client.info("memory")) >= FULL_SHARE
        if is_full:
            await _say_full(client, partitions)
        if is_full != was_full:
            said = "streams server is nearly full" if is_full else "streams server has room again"
            log.warning(said)
        was_full = is_full
        await asyncio.sleep(LOOK_SECONDS)


async def _say_full(client: Redis, partitions: Partitions) -> None:
    # At 100 % the server takes no more keys, this one neither; it refuses events by itself then.
    with contextlib.suppress(OutOfMemoryError):
        for partition in partitions:
            await client.set(partition.full(), "1", ex=FULL_SECONDS)


def share_used(memory: Mapping[str, Any]) -> float:
    """Of what INFO says; a server without a limit is never full."""
    limit = int(memory["maxmemory"])
    return int(memory["used_memory"]) / limit if limit else 0.0
