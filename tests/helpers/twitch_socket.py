"""A connection that carries channels of Twitch's stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import redis
from redis.asyncio import Redis

from gateway_bot.connections.twitch import TwitchSettings, run
from gateway_bot.connections.twitch_channels import HeldChannels
from gateway_bot.connections.twitch_helix import Helix
from tests.helpers.carrying import open_client
from tests.helpers.taken_events import Stream
from tests.helpers.twitch_stand_in import TOKEN, TwitchStandIn
from waddlebot.stores.twitch_heard import Heard

BOT = "99"
ALL = [
    "channel.channel_points_custom_reward_redemption.add",
    "channel.charity_campaign.donate",
    "channel.chat.message",
    "channel.chat.notification",
    "channel.cheer",
    "channel.follow",
    "channel.moderate",
    "stream.offline",
    "stream.online",
]


@dataclass(slots=True)
class Carried:
    """A gateway that carries channels; `told` is what an operator reads of them."""

    task: asyncio.Task[None]
    held: HeldChannels
    told: dict[str, str]
    keeping: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def carry(self, *channels: str) -> None:
        for channel in channels:
            self.keeping[channel] = asyncio.create_task(self.held.keep(channel))

    async def lose(self, channel: str) -> None:
        keeping = self.keeping.pop(channel)
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


@asynccontextmanager
async def connected(
    twitch: TwitchStandIn,
    stream: Stream,
    *,
    token: str = TOKEN,
    channels: str = "penguins",
    streams: redis.Redis | None = None,
    **more: Any,
) -> AsyncIterator[Carried]:
    """Without `streams` nobody knows how far it was heard before: that server is away."""

    def helix(session: aiohttp.ClientSession) -> Helix:
        return Helix(
            session=session,
            token=token,
            token_name="TWITCH_USER_TOKEN",
            client_id="client",
            api_url=f"{twitch.url}/helix",
        )

    settings = TwitchSettings(
        helix=helix,
        bot_user_id=BOT,
        socket_url=f"{twitch.url}/ws",
        most_waiting=2,
        grace_seconds=0.2,
        **more,
    )
    told: dict[str, str] = {}

    async def tell(channel: str, words: str) -> None:
        told[channel] = words

    client = open_client(streams) if streams else Redis.from_url("redis://127.0.0.1:1")
    held = HeldChannels()
    task = asyncio.create_task(run(settings, stream.append, held, Heard(client), tell))
    carried = Carried(task, held, told)
    carried.carry(*channels.split())
    try:
        yield carried
    finally:
        task.cancel()
        for channel in list(carried.keeping):
            await carried.lose(channel)
        with suppress(asyncio.CancelledError):
            await task
        await client.aclose()
