"""What the next process needs to go on where this one stopped: Discord repeats what it missed.

Kept on the streams server for as long as Discord keeps a session, which is some minutes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from redis.asyncio import Redis

from gateway_bot.connections.discord_servers import Servers
from gateway_bot.connections.discord_voices import Before
from waddlebot.stores import keys

LIFE_SECONDS = 600
RENEW_SECONDS = 60.0
"""A quiet shard's session is saved again, or it would be gone before Discord forgets it."""

# KEYS: session, servers. ARGV: whether the shard is ours ("1"), the session's name ("" where there
# is none), its sequence, it as JSON, the servers as JSON ("" where they are as they were), life.
# Whoever stood still never overwrites what the next holder has saved since: less of the same
# session is refused always, another one where the shard is not ours any more. Returns whether the
# servers are there.
_SAVE = """
local held = redis.call('GET', KEYS[1])
if held then
    local kept = cjson.decode(held)
    if kept.session ~= ARGV[2] and ARGV[1] ~= '1' then return 1 end
    if kept.session == ARGV[2] and kept.sequence > tonumber(ARGV[3]) then return 1 end
end
if ARGV[2] == '' then
    redis.call('DEL', KEYS[1])
    return 1
end
if ARGV[5] ~= '' then redis.call('SET', KEYS[2], ARGV[5]) end
redis.call('SET', KEYS[1], ARGV[4], 'EX', ARGV[6])
return redis.call('EXPIRE', KEYS[2], ARGV[6])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One connection of `count`; a server belongs to number `(its id >> 22) % count`."""

    number: int = 0
    count: int = 1

    def __str__(self) -> str:
        return f"shard {self.number} of {self.count}"


ONLY = Shard()


class KeptSession(msgspec.Struct, frozen=True, kw_only=True):
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
                msgspec.json.decode(kept, type=KeptSession),
                msgspec.json.decode(servers, type=Servers),
            )

    async def save(self, progress: Progress, *, is_ours: bool) -> None:
        """In one trip, and none as long as nothing has changed; `is_ours` is of the shard."""
        kept, now = progress.kept(), self.clock()
        if kept == self._saved and now - self._saved_at < RENEW_SECONDS:
            return
        servers = msgspec.json.encode(progress.kept_servers())
        is_new = servers != self._saved_servers
        saving: Any = self.client.eval(
            _SAVE,
            2,
            self._session,
            self._servers,
            "1" if is_ours else "0",
            kept.session,
            str(kept.sequence),
            msgspec.json.encode(kept),
            servers if is_new else b"",
            str(LIFE_SECONDS),
        )
        has_servers = bool(await saving)
        # A server that was begun anew may have the one and not the other.
        self._saved_servers = servers if has_servers else b""
        self._saved, self._saved_at = (kept if has_servers else None), now
