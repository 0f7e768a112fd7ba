"""That something could not be said as it was meant is told once a day, a channel and a reason."""

from __future__ import annotations

import hashlib
from typing import Any

from redis.asyncio import Redis

from waddlebot.domain.events import Event
from waddlebot.stores.keys import Partition
from waddlebot.stores.streams import VERSION, encode_event

DAY_SECONDS = 86_400
_REASON_BYTES = 8

# KEYS: what says that it was told, the event stream. ARGV: seconds, version, the event.
_TELL = """#!lua flags=allow-oom
    if redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) then
      redis.call('XADD', KEYS[2], '*', 'v', ARGV[2], 'event', ARGV[3])
    end
"""


class UnsaidNotes:
    """Of one partition; `channel` is the platform's id."""

    def __init__(self, client: Redis, partition: Partition) -> None:
        self._client = client
        self._partition = partition

    async def tell(self, channel: str, reason: str, event: Event) -> None:
        """Appends the event where that was not told today.

        Raises redis.ConnectionError or redis.TimeoutError where the streams server is away.
        """
        name = hashlib.blake2b(reason.encode(), digest_size=_REASON_BYTES).hexdigest()
        keys = (self._partition.unsaid(channel, name), self._partition.events_stream())
        values: tuple[Any, ...] = (DAY_SECONDS, VERSION, encode_event(event))
        await self._client.eval(_TELL, len(keys), *keys, *values)
