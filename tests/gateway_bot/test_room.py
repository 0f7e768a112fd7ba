"""A streams server that is nearly full keeps what room it has for replies and receipts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from gateway_bot.room import Room, share_used
from local.plane import DataPlane, forget
from tests.helpers.carrying import an_event, open_client, run_until
from tests.helpers.servers import Urls
from waddlebot.domain.errors import Full, Unavailable
from waddlebot.stores.keys import Partitions
from waddlebot.stores.streams import EventStream
from waddlebot.stores.valkey import connect

FOUR = Partitions(4)


@pytest.fixture
def own_streams(servers: Urls, tmp_path: Path) -> Iterator[redis.Redis]:
    """A server of this test alone, to be filled."""
    others = {name: url for name, url in servers.items() if name != "VALKEY_STREAMS_URL"}
    plane = DataPlane(tmp_path, others, lambda *_: None)
    client = connect(plane.start()["VALKEY_STREAMS_URL"])
    yield client
    client.close()
    plane.stop()
    forget(tmp_path)


def watch(streams: redis.Redis) -> None:
    """Until it has looked."""

    async def go() -> None:
        async with open_client(streams) as client:
            before = await client.info("commandstats")

            def has_looked() -> bool:
                now = streams.info("commandstats")
                calls = now.get("cmdstat_info", {"calls": 0})["calls"]
                return bool(calls > before.get("cmdstat_info", {"calls": 0})["calls"] + 2)

            await run_until(Room(client=client, partitions=FOUR).watch, has_looked)

    asyncio.run(go())


def test_told_events_are_refused_while_the_server_is_nearly_full(own_streams: redis.Redis) -> None:
    told = EventStream(own_streams, FOUR)
    limit_to(own_streams, share=0.5)
    watch(own_streams)
    told.append([an_event("!quote")])

    limit_to(own_streams, share=0.93)
    watch(own_streams)
    with pytest.raises(Full, match="the streams server has no room left"):
        told.append([an_event("!quote")])
    for partition in FOUR:
        assert 0 < own_streams.pttl(partition.full()) <= 5_000


def test_live_connections_wait_from_seventy_percent_on(own_streams: redis.Redis) -> None:
    async def waits(share: float) -> bool:
        limit_to(own_streams, share=share)
        async with open_client(own_streams) as client:
            room = Room(client=client, partitions=FOUR)
            stop = asyncio.Event()
            watching = asyncio.ensure_future(room.watch(stop))
            try:
                await asyncio.sleep(0.2)
                await asyncio.wait_for(room.wait(), 0.2)
            except TimeoutError:
                return True
            finally:
                stop.set()
                await watching
        return False

    assert [asyncio.run(waits(share)) for share in (0.5, 0.8)] == [False, True]


def test_a_server_that_takes_nothing_any_more_ends_nobody(own_streams: redis.Redis) -> None:
    limit_to(own_streams, share=1.5)

    watch(own_streams)

    with pytest.raises(Unavailable):
        EventStream(own_streams, FOUR).append([an_event("!quote")])


def limit_to(streams: redis.Redis, *, share: float) -> None:
    """What is used now is this share of the limit."""
    used = int(streams.info("memory")["used_memory"])
    streams.config_set("maxmemory", int(used / share))


def test_a_server_without_a_limit_is_never_full() -> None:
    assert share_used({"used_memory": 10**9, "maxmemory": 0}) == 0.0
    assert share_used({"used_memory": 90, "maxmemory": 100}) == pytest.approx(0.9)
