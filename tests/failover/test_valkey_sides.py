"""A Valkey that answers and does not do its work is away, and back as soon as it does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
import redis

from gateway_bot.consumers import Consumer
from gateway_bot.streams_server import AWAY, open_streams
from tests.failover.conftest import Own
from tests.failover.sides import (
    Change,
    Name,
    cut_off,
    disk_broken,
    full,
    read_only,
    replica_less,
)
from tests.helpers.carrying import an_event
from tests.helpers.patience import in_the_loop
from waddlebot.domain.errors import Full, Unavailable
from waddlebot.stores import keys
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.receipts import ReceiptStore
from waddlebot.stores.streams import ROUTER_GROUP, EventStream, ensure_group
from waddlebot.stores.valkey import connect
from waddlebot.stores.versions import Versions
from waddlebot.stores.windows import charge

CHANGES = {
    "became a replica": (read_only, "takes no writes"),
    "lost its replicas": (replica_less, "has too few replicas and takes no writes"),
    "is full": (full, "has no room left"),
    "cannot write to its disk": (disk_broken, "cannot write to its disk and takes no writes"),
    "lost its primary": (cut_off, "(takes no writes|has lost the server that it follows)"),
}

pytestmark = pytest.mark.xdist_group("servers of their own")


@pytest.fixture
def streams(own: Own) -> Iterator[redis.Redis]:
    client = connect(own.urls["VALKEY_STREAMS_URL"])
    client.flushdb()
    yield client
    client.close()


@pytest.mark.parametrize("case", CHANGES)
def test_whatever_becomes_of_the_streams_server_what_is_told_waits_and_goes_on(
    own: Own, streams: redis.Redis, case: str
) -> None:
    change, how = CHANGES[case]
    events, receipts = EventStream(streams, Partitions()), ReceiptStore(streams, Partitions())
    late, event = LateRecords(streams, Partitions()), an_event()
    events.append([an_event()])
    receipts.begin([an_event()], "somebody", 1.0)
    is_full = change is full  # then what is there already is finished

    with change(own.urls["VALKEY_STREAMS_URL"]):
        for use in (
            lambda: events.append([event]),
            lambda: receipts.defer(event),
            lambda: late.keep({"messages": "[]"}, event.entity),
            lambda: ensure_group(streams, Partition().replies_stream(), "another group"),
        ):
            with pytest.raises(Unavailable, match=f"the streams server {how}"):
                use()
        if not is_full:
            with pytest.raises(Unavailable, match=f"the streams server {how}"):
                receipts.begin([event], "me", 1.0)

    events.append([event])
    assert streams.xlen(Partition().events_stream()) == 2


def test_a_replica_that_has_lost_its_primary_is_no_place_to_read_from(own: Own) -> None:
    url = own.urls["VALKEY_CACHE_URL"]
    lost = pytest.raises(Unavailable, match="has lost the server that it follows")
    with connect(url) as cache, cut_off(url), lost:
        Versions(cache).read([keys.commands_version()])


def test_a_full_server_says_so(own: Own, streams: redis.Redis) -> None:
    with full(own.urls["VALKEY_STREAMS_URL"]), pytest.raises(Full):
        EventStream(streams, Partitions()).append([an_event()])


@pytest.mark.parametrize("change", [read_only, replica_less])
def test_the_cache_and_the_limits_server_are_away_in_the_same_words(
    own: Own, change: Change
) -> None:
    cache, limits = (connect(own.urls[f"VALKEY_{name}_URL"]) for name in ("CACHE", "LIMITS"))
    versions = Versions(cache)
    with change(own.urls["VALKEY_CACHE_URL"]), change(own.urls["VALKEY_LIMITS_URL"]):
        with pytest.raises(Unavailable, match="the cache server"):
            versions.set_commands("a token")
        with pytest.raises(Unavailable, match="the limits server"):
            charge(limits, "a window", 1, 60, "me")

    versions.set_commands("a token")
    assert versions.read([keys.commands_version()]) == {keys.commands_version(): "a token"}
    assert charge(limits, "a window", 1, 60, "me").allowed
    cache.close()
    limits.close()


def test_a_kept_connection_leaves_a_server_that_became_a_replica_for_the_new_one(own: Own) -> None:
    """In one call: nobody hears that the sides have changed."""
    old, new = own.urls["VALKEY_LIMITS_URL"], own.urls["VALKEY_STREAMS_URL"]
    with Name(old).open() as name, connect(new) as behind:
        behind.config_set("requirepass", _password(old))
        try:
            client = connect(name.url)
            assert charge(client, "a window", 2, 60, "first").allowed
            name.means(new)
            with read_only(old):
                assert charge(client, "a window", 2, 60, "second").allowed
            client.close()
        finally:
            behind.config_set("requirepass", _password(new))


def _password(url: str) -> str:
    return url.partition("redis://:")[2].partition("@")[0]


@pytest.mark.parametrize("case", CHANGES)
def test_whoever_waits_on_a_stream_hears_that_its_server_is_away(own: Own, case: str) -> None:
    change, _ = CHANGES[case]
    asyncio.run(_wait_through(own.urls["VALKEY_STREAMS_URL"], change))


async def _wait_through(url: str, change: Change) -> None:
    client = open_streams(url)
    stream = Partition().events_stream()
    consumer = Consumer(client=client, stream=stream, group=ROUTER_GROUP, name="host:1:a")
    await consumer.make_group()
    waiting = asyncio.ensure_future(consumer.read(1, wait_seconds=4))
    await asyncio.sleep(0)
    try:
        with change(url):
            with pytest.raises(AWAY):
                await client.set("a mark", "mine")
            with pytest.raises(AWAY):
                await client.xadd(stream, {"v": "1"})
            waiting.cancel()
            await asyncio.wait([waiting])
        await client.set("a mark", "mine")
    finally:
        await client.aclose()


def test_whoever_was_waiting_when_the_server_became_a_replica_is_sent_away(own: Own) -> None:
    url = own.urls["VALKEY_STREAMS_URL"]

    async def wait() -> None:
        client = open_streams(url)
        consumer = Consumer(client=client, stream="a stream", group=ROUTER_GROUP, name="host:1:a")
        await consumer.make_group()
        waiting = asyncio.ensure_future(consumer.read(1, wait_seconds=4))
        with connect(url) as other:
            await in_the_loop(lambda: other.info("clients")["blocked_clients"])
        with read_only(url), pytest.raises(AWAY):
            await waiting
        await client.aclose()

    asyncio.run(wait())
