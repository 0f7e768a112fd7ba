"""What the next process needs to go on where this one stopped: Discord repeats what it missed.

Kept on the streams server for as long as Discord keeps a session, which is some minutes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
from redis.asyncio import Redis

from gateway_bot.connections.discord_servers import Servers
from gateway_bot.connections.discord_voices import Before
from waddlebot.stores.discord_sessions import DiscordSessions, KeptSession

RENEW_SECONDS = 60.0
"""A quiet shard's session is saved again, or it would be gone before Discord forgets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One connection of `count`; a server belongs to number `(its id >> 22) % count`."""

    number: int = 0
    count: int = 1

    def __str__(self) -> str:
        return f"shard {self.number} of {self.count}"


ONLY = Shard()


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
    _before: Before = field(default_factory=Before)

    def queued(self) -> None:
        self._waiting += 1

    def stored(self, count: int) -> None:
        self._waiting -= count
        self._catch_up()

    def frame_comes(self, guild: str) -> None:
        """Before anything is learned of it: who stayed there when the last stored one came."""
        self._catch_up()
        self._before.remember(self.servers.voices, guild)

    def _catch_up(self) -> None:
        if self._waiting == 0:
            self._stored = self.received
            self._before = Before()

    def begin(self, session: str, own_id: str) -> None:
        self.session, self.own_id = session, own_id
        self.received = self._stored = 0
        self.has_begun.set()

    def forget(self) -> None:
        """Discord ended the session; the servers are told anew with the next one."""
        self.session = ""

    def kept(self) -> KeptSession:
        self._catch_up()
        return KeptSession(
            session=self.session,
            sequence=self._stored,
            own_id=self.own_id,
            resume_url=self.resume_url,
        )

    def kept_servers(self) -> Servers:
        """As of the same frame: who joined in one that is told again has not joined yet."""
        voices = self._before.put_back(self.servers.voices)
        return msgspec.structs.replace(self.servers, voices=voices)

    def go_on(self, kept: KeptSession, servers: Servers) -> None:
        self.session, self.own_id, self.servers = kept.session, kept.own_id, servers
        self.resume_url = kept.resume_url
        self.received = self._stored = kept.sequence


@dataclass(slots=True)
class Sessions:
    """Of one shard of the one application. Methods raise redis.RedisError."""

    client: Redis
    shard: Shard = ONLY
    clock: Callable[[], float] = time.monotonic
    _saved: KeptSession | None = None
    _saved_servers: bytes = b""
    _saved_at: float = 0.0

    @property
    def _store(self) -> DiscordSessions:
        return DiscordSessions(self.client)

    async def load(self, progress: Progress) -> None:
        """As it was saved last; nothing where that is too long ago."""
        found = await self._store.load(self.shard.number, self.shard.count)
        if found is not None:
            progress.go_on(found.kept, msgspec.json.decode(found.servers, type=Servers))

    async def save(self, progress: Progress, *, is_ours: bool) -> None:
        """In one trip, and none as long as nothing has changed; `is_ours` is of the shard."""
        kept, now = progress.kept(), self.clock()
        if kept == self._saved and now - self._saved_at < RENEW_SECONDS:
            return
        servers = msgspec.json.encode(progress.kept_servers())
        is_new = servers != self._saved_servers
        has_servers = await self._store.save(
            self.shard.number,
            self.shard.count,
            kept,
            servers if is_new else b"",
            is_ours=is_ours,
        )
        # A server that was begun anew may have the one and not the other.
        self._saved_servers = servers if has_servers else b""
        self._saved, self._saved_at = (kept if has_servers else None), now
