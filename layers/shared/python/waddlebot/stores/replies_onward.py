"""Replies that the senders put on the stream themselves, or move to whoever speaks in a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis

from waddlebot.domain.entities import EntityId
from waddlebot.domain.outcomes import Outgoing
from waddlebot.stores.keys import Partitions
from waddlebot.stores.streams import VERSION, Fields, encode_outgoing


class RepliesOnward:
    """Every method raises redis.ConnectionError or redis.TimeoutError where the server is away."""

    def __init__(self, client: Redis, partitions: Partitions) -> None:
        self._client = client
        self._partitions = partitions

    async def append(self, outgoing: Outgoing) -> None:
        """To the stream of its place."""
        await self.move(
            [(outgoing.entity, {b"v": VERSION, b"outgoing": encode_outgoing(outgoing)})]
        )

    async def move(self, entries: Sequence[tuple[EntityId, Fields]]) -> None:
        """As they stand in another stream, each to that of its place; one round trip.

        `entries` are `(place, fields)`.
        """
        pipeline = self._client.pipeline(transaction=False)
        for place, fields in entries:
            told: Any = fields
            pipeline.xadd(self._partitions.of(place).replies_stream(), told)
        await pipeline.execute()
