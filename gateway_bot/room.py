"""Looks after the room on the streams server: told events must not take what replies need."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from redis.asyncio import Redis

from waddlebot.stores.keys import Partitions
from waddlebot.stores.streams_room import say_full, share_used

TIGHT_SHARE = 0.7
FULL_SHARE = 0.9
LOOK_SECONDS = 1.0

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Room:
    """What of it is used, as it was seen last."""

    client: Redis
    partitions: Partitions
    _used: float = 0.0

    async def watch(self, stop: asyncio.Event) -> None:
        """While 90 % is used, told events are refused (docs/delivery.md, Full); until `stop`.

        Raises one of AWAY (streams_server.py) where the server is away.
        """
        was_full = False
        while not stop.is_set():
            self._used = share_used(await self.client.info("memory"))
            is_full = self._used >= FULL_SHARE
            if is_full:
                await say_full(self.client, self.partitions)
            if is_full != was_full:
                now = "is nearly full" if is_full else "has room again"
                log.warning("streams server %s", now)
            was_full = is_full
            await asyncio.sleep(LOOK_SECONDS)

    async def wait(self) -> None:
        """Live connections hold back earlier than webhooks: what they have not read yet the
        platform keeps, and nobody has to repeat it."""
        while self._used >= TIGHT_SHARE:  # noqa: ASYNC110 - only the next look tells
            await asyncio.sleep(LOOK_SECONDS)
