"""New sessions of Discord cost: a thousand a day, and one in five seconds for shards side by side
(docs: "Gateway", "Sharding"). All gateways together keep to it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis

from gateway_bot.connections.discord_sessions import Shard
from gateway_bot.connections.staying import Broken
from waddlebot.stores.discord_sessions import DiscordSessions

SPACE_SECONDS = 5.2
"""Discord's five, and what a frame may be faster than the one before it."""

_KEPT_SHARE = 0.05
_SLOW_IDENTIFY_SECONDS = 90.0


class TooManyIdentifies(Broken):
    """Each costs one of a thousand a day, and who spends them all loses the token."""

    def __init__(self, remaining: int, wait_seconds: float) -> None:
        words = f"{remaining} new sessions are left today, so the next one waits"
        super().__init__(words, pause_seconds=wait_seconds)


def check_identify(limit: Mapping[str, Any], *, has_waited: bool) -> None:
    """Of Discord's `session_start_limit`. Half of a day's are free; then one in a minute and a
    half, which lasts for ever; the last ones are not touched before there are new ones.

    Raises TooManyIdentifies.
    """
    total, remaining = int(limit["total"]), int(limit["remaining"])
    if remaining <= total * _KEPT_SHARE:
        raise TooManyIdentifies(remaining, int(limit["reset_after"]) / 1000 + 1)
    if remaining < total / 2 and not has_waited:
        raise TooManyIdentifies(remaining, _SLOW_IDENTIFY_SECONDS)


async def wait_for_turn(client: Redis, shard: Shard, limit: Mapping[str, Any]) -> None:
    """Until nobody has identified a shard of the same row lately. Raises redis.RedisError."""
    row = shard.number % max(int(limit.get("max_concurrency") or 1), 1)
    sessions = DiscordSessions(client)
    while (  # noqa: ASYNC110 - time alone lets it
        wait := await sessions.begin(row, str(shard), space_seconds=SPACE_SECONDS)
    ):
        await asyncio.sleep(wait)
