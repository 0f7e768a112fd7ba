"""The way to a Valkey asks for nothing but what it is opened for."""

from __future__ import annotations

import asyncio

import redis

from gateway_bot.streams_server import open_streams
from tests.helpers.servers import Urls
from waddlebot.stores.valkey import connect


def introductions(server: redis.Redis) -> int:
    known = server.info("commandstats")
    return int(known.get("cmdstat_client|setinfo", {"calls": 0})["calls"])


def test_who_connects_does_not_introduce_the_library(cache: redis.Redis, servers: Urls) -> None:
    """It would look its own version up in a file, for each client."""
    url = servers["VALKEY_CACHE_URL"]
    cache.ping()
    before = introductions(cache)

    client = connect(url)
    client.ping()
    client.close()
    asyncio.run(ping_as_gateways_do(url))

    assert introductions(cache) == before


async def ping_as_gateways_do(url: str) -> None:
    client = open_streams(url)
    await client.ping()
    await client.aclose()
