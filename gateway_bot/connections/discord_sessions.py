"""What the next process needs to go on where this one stopped: Discord repeats what it missed.

Kept on the streams server for as long as Discord keeps a session, which is some minutes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import msgspec
from redis.asyncio import Redis

from gateway_bot.connections.discord_servers import Servers
from waddlebot.stores import keys

LIFE_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One connection of `count`; a server belongs to number `(its id >> 22) % count`."""

    number: int = 0
    count: int = 1

    def __str__(self) -> str:
        return f"shard {self.number} of {self.count}"


ONLY = Shard()


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """`sequence` is the last frame of which everything is stored."""

    session: str
    sequence: int
    own_id: str
    resume_url: str = ""


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far the session got: frames received, and those whose events are stored."""

    session: str = ""
    own_id: str = ""
    resume_url: str = ""
    received: int = 0
    servers: Servers = field(default_factory=Servers)
    has_begun: asyncio.Event = field(default_factory=asyncio.Event)
    _stored: int = 0
    _waiting: int = 0

    def queued(self) -> None:
        self._waiting += 1

    def stored(self, count: int) -> None:
        self._waiting -= count
        self._stored = self.received if self._waiting == 0 else self._stored

    def begin(self, session: str, own_id: str) -> None:
        self.session, self.own_id = session, own_id
        self.received = self._stored = 0
        self.has_begun.set()

    def forget(self) -> None:
        """Discord ended the session; the servers are told anew with the next one."""
        self.session = ""

    def kept(self) -> Kept:
        sequence = self.received if self._waiting == 0 else self._stored
        return Kept(
            session=self.session,
            sequence=sequence,
            own_id=self.own_id,
            resume_url=self.resume_url,
        )

    def go_on(self, kept: Kept, servers: Servers) -> None:
        self.session, self.own_id, self.servers = kept.session, kept.own_id, servers
        self.resume_url = kept.resume_url
        self.received = self._stored = kept.sequence


@dataclass(slots=True)
class Sessions:
    """Of one shard of the one application. Methods raise redis.RedisError."""

    client: Redis
    shard: Shard = ONLY
    _saved: Kept | None = None
    _saved_servers: bytes = b""

    @property
    def _session(self) -> str:
        return keys.discord_session(self.shard.number, self.shard.count)

    @property
    def _servers(self) -> str:
        return keys.discord_servers(self.shard.number, self.shard.count)

    async def load(self, progress: Progress) -> None:
        """As it was saved last; nothing where that is too long ago."""
        kept, servers = await self.client.mget(self._session, self._servers)
        if kept and servers:
            progress.go_on(
                msgspec.json.decode(kept, type=Kept), msgspec.json.decode(servers, type=Servers)
            )

    async def save(self, progress: Progress) -> None:
        """Servers first: what is older than the sequence would never be told again."""
        servers, kept = msgspec.json.encode(progress.servers), progress.kept()
        if kept == self._saved:
            return
        if not kept.session:
            await self.client.delete(self._session)
        else:
            if servers != self._saved_servers:
                await self.client.set(self._servers, servers, ex=LIFE_SECONDS)
            await self.client.expire(self._servers, LIFE_SECONDS)
            await self.client.set(self._session, msgspec.json.encode(kept), ex=LIFE_SECONDS)
        self._saved, self._saved_servers = kept, servers
