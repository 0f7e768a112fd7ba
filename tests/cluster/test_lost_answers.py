"""What a shard gave and nobody heard is asked for again, as of one server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import pytest

from gateway_bot.consumers import Consumer, StreamEntry
from gateway_bot.streams_server import LostAnswer, open_streams
from tests.cluster.shards import Cluster, ClusterServer
from tests.helpers.carrying import a_name, an_event
from tests.helpers.lost_answers import losing
from tests.helpers.patience import eventually
from waddlebot.domain.events import Event
from waddlebot.stores.keys import Partitions
from waddlebot.stores.streams import EventStream, decode_event
from waddlebot.stores.valkey import connect

pytestmark = pytest.mark.xdist_group("a cluster")

PARTITIONS = Partitions(16)
GROUP = "who-lose"


@contextmanager
def announced(cluster: Cluster, server: ClusterServer, port: int) -> Iterator[None]:
    """The others tell of it at `port`."""
    told = "CONFIG SET", "cluster-announce-port"
    server.ask(*told, port)
    try:
        assert eventually(lambda: all(_tells_of(one, port) for one in cluster.servers))
        yield
    finally:
        server.ask(*told, 0)
        assert eventually(lambda: all(_tells_of(one, server.port) for one in cluster.servers))
        cluster.wait_until_whole()


def _tells_of(one: ClusterServer, port: int) -> bool:
    return any(primary[1] == port for _, _, primary, *_ in one.ask("CLUSTER SLOTS"))


@contextmanager
def a_wire_to(cluster: Cluster, event: Event) -> Iterator[None]:
    """To the shard that keeps the event; it breaks when that gives the event away."""
    server = cluster.owner_of(PARTITIONS.of(event.entity).events_stream())
    with losing(server.address, event.id.encode()) as wire:
        with announced(cluster, server, urlsplit(wire.url).port or 0):
            yield
        assert wire.is_broken.is_set()


@asynccontextmanager
async def a_consumer(cluster: Cluster, event: Event, name: str = "") -> AsyncIterator[Consumer]:
    async with open_streams(cluster.address) as client:
        stream = PARTITIONS.of(event.entity).events_stream()
        yield Consumer(client=client, stream=stream, group=GROUP, name=name or a_name())


@pytest.fixture
def event(cluster: Cluster) -> Event:
    """It waits to be read."""

    async def make_group() -> None:
        async with a_consumer(cluster, event) as consumer:
            await consumer.make_group()

    event = an_event()
    asyncio.run(make_group())
    with connect(cluster.address) as client:
        EventStream(client, PARTITIONS).append([event])
    return event


def test_what_was_read_and_not_heard_is_pending_for_who_asks_again(
    cluster: Cluster, event: Event
) -> None:
    async def go() -> None:
        async with a_consumer(cluster, event) as consumer:
            with pytest.raises(LostAnswer):
                await consumer.read(1_000, wait_seconds=0.1)
            assert event.id in ids_in(await consumer.pending())

    with a_wire_to(cluster, event):
        asyncio.run(go())


def test_what_was_taken_over_and_not_heard_is_pending_for_who_asks_again(
    cluster: Cluster, event: Event
) -> None:
    async def go() -> None:
        async with a_consumer(cluster, event) as heir:
            with pytest.raises(LostAnswer):
                await heir.take_over(at_once=True)
            assert event.id in ids_in(await heir.pending())

    async def leave_it_behind() -> None:
        async with a_consumer(cluster, event) as gone:
            assert event.id in ids_in(await gone.read(1_000, wait_seconds=0.1))

    asyncio.run(leave_it_behind())
    with a_wire_to(cluster, event):
        asyncio.run(go())


def ids_in(entries: Sequence[StreamEntry]) -> set[str]:
    return {decode_event(one.fields).id for one in entries}
