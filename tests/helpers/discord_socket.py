"""A connection to Discord's stand-in, and people who talk there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import redis
from redis.asyncio import Redis

from gateway_bot.connections.completing import Complete, nothing_offered
from gateway_bot.connections.discord import run
from gateway_bot.connections.discord_plan import DiscordSettings
from gateway_bot.connections.discord_sessions import ONLY, Sessions, Shard
from tests.helpers.carrying import open_client
from tests.helpers.stand_ins import TOKEN, Front
from tests.helpers.taken_events import Stream


@asynccontextmanager
async def connected(
    front: Front,
    stream: Stream,
    *,
    token: str = TOKEN,
    streams: redis.Redis | None = None,
    shard: Shard = ONLY,
    complete: Complete = nothing_offered,
) -> AsyncIterator[Any]:
    """Without `streams` the session is kept nowhere: that server is away."""
    url = front.environment["DISCORD_API_URL"]
    settings = DiscordSettings(token=token, api_url=url, shard=shard, most_waiting=2)
    client = open_client(streams) if streams else Redis.from_url("redis://127.0.0.1:1")
    task = asyncio.create_task(
        run(
            settings,
            stream.append,
            Sessions(client, shard),
            is_ours=lambda: True,
            tell_servers=stream.learn,
            complete=complete,
        )
    )
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await client.aclose()


async def says(front: Front, who: str, text: str, **more: object) -> dict[str, Any]:
    return await asyncio.to_thread(front.says, who, "discord", text, **more)
