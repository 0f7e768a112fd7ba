"""Which replies are being sent or were, so that nobody sends them again (docs/delivery.md, Out)."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from waddlebot.stores.keys import Partition

MARK_SECONDS = 3_600
SENT_MARK = b"sent"

# A full server must not keep us from sending what fills it.
# KEYS: a mark. ARGV: whose it is, seconds. Answers what stands there by now.
_MARK = """#!lua flags=allow-oom
    redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2])
    return redis.call('GET', KEYS[1])
"""
_CONFIRM = """#!lua flags=allow-oom
    redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
"""
_DELETE_OWN = """
    if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""


class SentMarks:
    """Of one partition, by a reply's or an action's id.

    Every method is one round trip, and raises redis.ConnectionError or redis.TimeoutError where
    the streams server is away.
    """

    def __init__(self, client: Redis, partition: Partition) -> None:
        self._client = client
        self._partition = partition

    async def begin(self, reply: str, whose: bytes) -> bytes:
        """Whose mark stands there now: ours, SENT_MARK, or that of who began before us."""
        found: bytes = await self._run(_MARK, reply, whose, MARK_SECONDS)
        return found

    async def confirm(self, reply: str) -> None:
        await self._run(_CONFIRM, reply, SENT_MARK, MARK_SECONDS)

    async def take_back(self, reply: str, whose: bytes) -> None:
        """Unless another has overtaken us meanwhile: then it is his."""
        await self._run(_DELETE_OWN, reply, whose)

    async def _run(self, script: str, reply: str, *values: Any) -> Any:
        return await self._client.eval(script, 1, self._partition.sent_mark(reply), *values)
