"""A consumer of one stream: reads, takes over what the dead left behind, finishes entries."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from waddlebot.stores.streams import Fields

STRANGER_IDLE_MS = 10_000
"""An entry that another host's consumer has had for so long was left by it."""
FORGET_IDLE_MS = 3_600_000
MOST_TAKEN = 1_000

# A full server must not keep out who empties it. KEYS: the stream. ARGV: the group.
_MAKE_GROUP = """#!lua flags=allow-oom
    local made = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
    if made.err and not string.find(made.err, 'BUSYGROUP') then return made end
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamEntry:
    """One entry of a stream, pending for us until it is finished."""

    id: bytes
    fields: Fields

    @property
    def appended_at(self) -> float:
        """Seconds since 1970, by the server's clock."""
        return int(self.id.partition(b"-")[0]) / 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """`name` is `host:process:word`; it lives as long as its process.

    Every method raises one of AWAY (streams_server.py) where the server is away.
    """

    client: Redis
    stream: str
    group: str
    name: str

    async def read(self, most: int, *, wait_seconds: float) -> list[StreamEntry]:
        """New entries in order; none where nothing came in time."""
        try:
            found: Any = await self.client.xreadgroup(
                self.group,
                self.name,
                {self.stream: ">"},
                count=most,
                block=max(1, int(wait_seconds * 1000)),
            )
        except ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
            await self.make_group()
            return []
        return [entry for _, items in found or () for entry in _entries(items)]

    async def pending(self) -> list[StreamEntry]:
        """What was read by this consumer and is not finished, oldest first."""
        found: Any = await self.client.xreadgroup(self.group, self.name, {self.stream: "0"})
        return [entry for _, items in found or () for entry in _entries(items)]

    async def make_group(self) -> None:
        """From the first entry on, so that nothing that is there is passed over."""
        await self.client.eval(_MAKE_GROUP, 1, self.stream, self.group)

    async def take_over(self, *, at_once: bool = False) -> list[StreamEntry]:
        """What consumers that are gone have left pending, oldest first; it is ours now.

        `at_once`: of all others, however lately they read: the stream was handed over to us.
        """
        try:
            consumers = await self.client.xinfo_consumers(self.stream, self.group)
        except ResponseError as error:
            if "NOGROUP" not in str(error) and "no such key" not in str(error):
                raise
            await self.make_group()
            return []
        taken: list[StreamEntry] = []
        for consumer in consumers:
            if consumer["name"] != self.name.encode():
                taken += await self._take_from(consumer, at_once=at_once)
        return sorted(taken, key=_order)

    async def finish(self, ids: Sequence[bytes]) -> None:
        """They are done: acknowledged and deleted in one round trip."""
        if not ids:
            return
        pipeline = self.client.pipeline(transaction=False)
        pipeline.xack(self.stream, self.group, *ids)
        pipeline.xdel(self.stream, *ids)
        await pipeline.execute()

    async def _take_from(self, consumer: dict[str, Any], *, at_once: bool) -> list[StreamEntry]:
        name = consumer["name"]
        is_dead = has_ended(name.decode(), self.name)
        if consumer["pending"] == 0:
            if is_dead or consumer["idle"] > FORGET_IDLE_MS:
                await self.client.xgroup_delconsumer(self.stream, self.group, name)
            return []
        idle_ms = 0 if is_dead or at_once else STRANGER_IDLE_MS
        pending = await self.client.xpending_range(
            self.stream, self.group, "-", "+", MOST_TAKEN, consumername=name, idle=idle_ms
        )
        if not pending:
            return []
        ids: Any = [one["message_id"] for one in pending]
        claimed: Any = await self.client.xclaim(self.stream, self.group, self.name, idle_ms, ids)
        log.info("pending entries taken over", extra={"stream": self.stream, "entries": len(ids)})
        return list(_entries(claimed))


def _entries(items: Iterable[tuple[bytes, Fields | None]]) -> Iterable[StreamEntry]:
    # An entry that was deleted while it was pending has no fields.
    return (StreamEntry(id=one, fields=fields) for one, fields in items if fields)


def _order(entry: StreamEntry) -> tuple[int, ...]:
    return tuple(map(int, entry.id.split(b"-")))


def has_ended(name: str, own: str) -> bool:
    """Whether a gateway of this host was a process that is no more."""
    host, _, rest = name.partition(":")
    number = rest.partition(":")[0]
    if host != own.partition(":")[0] or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return True  # the same number in another life
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
