"""What is kept of the sessions with Discord, by shard, and when a shard may begin a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from redis.asyncio import Redis

from waddlebot.stores import keys

LIFE_SECONDS = 600
"""As long as Discord keeps a session, which is some minutes."""
_LEAST_WAIT_SECONDS = 0.05

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


class KeptSession(msgspec.Struct, frozen=True, kw_only=True):
    """`sequence` is the last frame of which everything is stored."""

    session: str
    sequence: int
    own_id: str
    resume_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSession:
    """With its `servers` as they were saved."""

    kept: KeptSession
    servers: bytes


@dataclass(frozen=True, slots=True)
class DiscordSessions:
    """Of one application, on the streams server. Methods raise redis.RedisError."""

    client: Redis

    async def load(self, number: int, count: int) -> LoadedSession | None:
        """Of shard `number` of `count`; None where it is too long ago."""
        found: Any = await self.client.mget(
            keys.discord_session(number, count), keys.discord_servers(number, count)
        )
        kept, servers = found
        if not kept or not servers:
            return None
        return LoadedSession(kept=msgspec.json.decode(kept, type=KeptSession), servers=servers)

    async def save(
        self, number: int, count: int, kept: KeptSession, servers: bytes, *, is_ours: bool
    ) -> bool:
        """Whether servers are kept with it now; empty ones: as they were. `is_ours` is the shard.

        What another holder has saved since stays.
        """
        saving: Any = self.client.eval(
            _SAVE,
            2,
            keys.discord_session(number, count),
            keys.discord_servers(number, count),
            "1" if is_ours else "0",
            kept.session,
            str(kept.sequence),
            msgspec.json.encode(kept),
            servers,
            str(LIFE_SECONDS),
        )
        return bool(await saving)

    async def begin(self, row: int, shard: str, *, space_seconds: float) -> float:
        """0 where this shard may begin a session now; else for how many seconds it waits, as one
        of the same row has just begun.

        `row` is that of the shard, as "Max Concurrency" numbers them.
        """
        key = keys.discord_identify(row)
        if await self.client.set(key, shard, nx=True, px=int(space_seconds * 1000)):
            return 0.0
        left: int = await self.client.pttl(key)
        return max(left / 1000, _LEAST_WAIT_SECONDS)
