"""Runs one job of the gateway until something is seen."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import redis
from redis.asyncio import Redis

from gateway_bot.consumers import Consumer
from gateway_bot.streams_server import open_streams
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel, Event, MessageType, Speaker
from waddlebot.stores.keys import Partition
from waddlebot.stores.streams import ROUTER_GROUP, SENDERS_GROUP

PATIENCE_SECONDS = 10.0


def address_of(client: redis.Redis) -> str:
    told = client.connection_pool.connection_kwargs
    return f"redis://:{told.get('password') or ''}@{told['host']}:{told['port']}/{told['db']}"


def open_client(streams: redis.Redis) -> Redis:
    return open_streams(address_of(streams))


def router_consumer(client: Redis, name: str = "") -> Consumer:
    return Consumer(
        client=client, stream=Partition().events_stream(), group=ROUTER_GROUP, name=name or a_name()
    )


def senders_consumer(
    client: Redis, name: str = "", *, partition: Partition | None = None
) -> Consumer:
    return Consumer(
        client=client,
        stream=(partition or Partition()).replies_stream(),
        group=SENDERS_GROUP,
        name=name or a_name(),
    )


def a_name() -> str:
    """A process of another host."""
    return f"test-host:1:{secrets.token_hex(4)}"


def an_event(text: str = "!quote", *, number: int = 0) -> Event:
    return Event(
        id=f"twitch:{number}:{secrets.token_hex(4)}",
        type=MessageType.CHAT_MESSAGE,
        entity=EntityId("twitch:channel:1001"),
        user=Speaker(id="1", name="Ana"),
        text=text,
        occurred_at=datetime.now(UTC),
        way_back=Channel(message="m1"),
    )


async def run_until(
    job: Callable[[asyncio.Event], Awaitable[None]], seen: Callable[[], bool]
) -> None:
    """Asserts that `seen` comes true, then stops the job in good order."""
    stop = asyncio.Event()
    running = asyncio.ensure_future(job(stop))
    try:
        await wait_until(seen, running)
    finally:
        stop.set()
        await asyncio.wait_for(running, 3)


async def wait_until(seen: Callable[[], bool], running: asyncio.Future[None] | None = None) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not seen():
        if running is not None and running.done():
            running.result()
        assert time.monotonic() < deadline, "it was not seen"
        await asyncio.sleep(0.01)
