"""How far the channels of Twitch were heard over sockets, which repeat nothing: so that a gap is
known also where another process goes on. Kept on the streams server, noted once a second."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import redis
from redis.asyncio import Redis

from waddlebot.stores import keys

LIFE_SECONDS = 24 * 60 * 60

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    client: Redis

    async def note(self, channels: Collection[str]) -> None:
        """They are heard up to now."""
        if not channels:
            return
        now, key = time.time(), keys.twitch_heard()
        try:
            async with self.client.pipeline(transaction=False) as pipeline:
                pipeline.hset(key, mapping=dict.fromkeys(channels, now))
                pipeline.expire(key, LIFE_SECONDS)
                await pipeline.execute()
        except redis.RedisError as error:
            log.warning("not noted how far twitch was heard", extra={"why": str(error)})

    async def gap_seconds(self, channel: str) -> float | None:
        """Since it was heard last; None where nobody knows."""
        try:
            told: Any = self.client.hget(keys.twitch_heard(), channel)
            noted = await told
        except redis.RedisError as error:
            log.warning("not known how far twitch was heard", extra={"why": str(error)})
            return None
        return None if noted is None else max(0.0, time.time() - float(noted))
