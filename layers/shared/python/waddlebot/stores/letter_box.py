"""Where the gateways leave what they give up: operators read it as letters (dead_letters.py)."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from waddlebot.stores.keys import Partition
from waddlebot.stores.streams import VERSION


class LetterBox:
    """Of one partition; `content` is what stands in the stream's entry, as it came.

    Every method raises redis.ConnectionError or redis.TimeoutError where the streams server is
    away. Twice the same letter is harmless.
    """

    def __init__(self, client: Redis, partition: Partition) -> None:
        self._client = client
        self._partition = partition

    async def give_up_event(self, content: bytes, reason: str) -> None:
        await self._put(self._partition.dead_letters(), reason, event=content)

    async def give_up_reply(self, content: bytes, reason: str) -> None:
        await self._put(self._partition.dead_letters(), reason, outgoing=content)

    async def doubt(self, content: bytes, reason: str) -> None:
        """A reply of which nobody knows whether people have seen it."""
        await self._put(self._partition.doubtful_replies(), reason, outgoing=content)

    async def _put(self, stream: str, reason: str, **content: bytes) -> None:
        letter: Any = {"v": VERSION, **content, "reason": reason}
        await self._client.xadd(stream, letter)
