"""Senders that take what is on the stream to a platform's stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

import aiohttp
import redis

from gateway_bot.paces import Pace, Pacer, paces_of
from gateway_bot.post import Post
from gateway_bot.senders import Senders
from tests.helpers.carrying import open_client, run_until, senders_consumer
from tests.helpers.platform_stand_in import Answer, PlatformStandIn, accept, platform_stand_in
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.streams import SENDERS_GROUP, ReplyStream

DISCORD = EntityId("discord:channel:9/77")
TWITCH = EntityId("twitch:channel:1001")


def a_reply(text: str, *, entity: EntityId = DISCORD, name: str = "") -> Reply:
    return Reply(
        id=f"{name or text:_<22}0",
        session_id="sess_1",
        execution_id=f"{name or text:_<22}",
        entity=entity,
        text=text,
        way_back=Channel(message=None),
    )


def is_empty(streams: redis.Redis) -> bool:
    if streams.xlen(Partition().replies_stream()):
        return False
    return streams.xpending(Partition().replies_stream(), SENDERS_GROUP)["pending"] == 0


def send(
    streams: redis.Redis,
    outgoing: Sequence[Outgoing] = (),
    *,
    answer: Answer = accept,
    patience: float = 5.0,
    seen: Callable[[], bool] | None = None,
    paces: Mapping[str, Pace] | None = None,
) -> PlatformStandIn:
    """What the platform has seen when all of it is settled."""
    ReplyStream(streams, Partitions()).append(outgoing)

    async def go() -> PlatformStandIn:
        async with (
            platform_stand_in(answer) as platform,
            open_client(streams) as client,
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=patience)) as session,
        ):
            pacer = Pacer(paces or paces_of(is_twitch_moderator=False))
            post = Post(session=session, variables=platform.variables, pacer=pacer)
            senders = Senders(
                partition=Partition(),
                partitions=Partitions(),
                consumer=senders_consumer(client),
                post=post,
            )
            await run_until(senders.run, seen or (lambda: is_empty(streams)))
            return platform

    return asyncio.run(go())
