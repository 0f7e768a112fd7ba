"""Streams of several shards over TLS, entered by tokens: as ElastiCache has them in `large`.

Each server stands behind a front that looks at tokens as AWS does, and tells clients of that one;
among themselves the servers talk as before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis
from redis.cluster import RedisCluster

from gateway_bot.consumers import Consumer, StreamEntry
from gateway_bot.streams_server import AWAY, open_streams
from infra.rehearsal.front import Front, Plan, fronts
from infra.rehearsal.tokens import Gate, NoEntry
from tests.cluster.shards import Cluster, ClusterServer
from tests.helpers.carrying import a_name, an_event
from tests.helpers.fronts import GROUP, HOLDER, KEY_ID, REGION, SECRET, SESSION, VALKEY_USER
from tests.helpers.patience import BUSY_SECONDS, eventually
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event
from waddlebot.runtime.entering import address_of
from waddlebot.runtime.environment import Environment
from waddlebot.stores.addresses import Address
from waddlebot.stores.keys import Partitions
from waddlebot.stores.streams import EventStream, decode_event
from waddlebot.stores.valkey import STREAMS, answering, connect

pytestmark = pytest.mark.xdist_group("a cluster")

HOST = "127.0.0.1"
READERS = "who-enter-by-tokens"
PARTITIONS = Partitions(16)
EVENTS = 64
"""Of as many places, so that every shard has some."""
VARIABLE = "VALKEY_STREAMS_URL"


@dataclass(slots=True, kw_only=True)
class NotingGate:
    """A gate that notes what was shown, and takes none of the `spent` once more."""

    gate: Gate
    shown: set[str] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)

    def check(self, token: str, user: str, now: datetime) -> None:
        if token in self.spent:
            raise NoEntry("it is a token of before")
        self.gate.check(token, user, now)
        self.shown.add(token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fronted:
    address: Address
    fronts: list[Front]
    gates: list[NotingGate]

    def cut(self) -> int:
        return sum(front.cut() for front in self.fronts)

    def spend(self) -> None:
        """What was shown until now opens nothing any more; the next second has its own."""
        spent = set().union(*(gate.shown for gate in self.gates))
        for gate in self.gates:
            gate.spent |= spent

    @property
    def refused(self) -> list[str]:
        said = [one for front in self.fronts for one in front.refused]
        return [one for one in said if "went away" not in one]


@pytest.fixture
def fronted(cluster: Cluster, tmp_path: Path) -> Iterator[Fronted]:
    with before_all(cluster, tmp_path) as made:
        yield made


@contextmanager
def before_all(cluster: Cluster, folder: Path, **more: str) -> Iterator[Fronted]:
    """A front before each server; `more` is of all their plans."""
    common: dict[str, Any] = {"kind": "valkey", "region": REGION, "group": GROUP, "host": HOST}
    plans = [
        Plan(server=server.url, holders=(HOLDER,), **common, **more) for server in cluster.servers
    ]
    with ExitStack() as stack:
        opened, authority = stack.enter_context(fronts(plans, folder))
        stack.enter_context(told_of(cluster, [front.port for front in opened]))
        gates = [NotingGate(gate=front.gate) for front in opened]
        for front, gate in zip(opened, gates, strict=True):
            front.gate = gate  # type: ignore[assignment]
        entered = f"login=iam&name={GROUP}&cluster=1"
        variables = {
            VARIABLE: f"rediss://{VALKEY_USER}@{HOST}:{opened[-1].port}/0?{entered}",
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": SESSION,
            "WADDLEBOT_SERVER_CERTIFICATES": str(authority),
        }
        address = address_of(Environment(variables), VARIABLE)
        yield Fronted(address=address, fronts=opened, gates=gates)


@contextmanager
def told_of(cluster: Cluster, ports: list[int]) -> Iterator[None]:
    """Clients are told of these ports in place of the servers' own."""
    told = "CONFIG SET", "cluster-announce-client-port"
    try:
        for server, port in zip(cluster.servers, ports, strict=True):
            server.ask(*told, port)
        assert eventually(lambda: all(_ports_in(one) <= set(ports) for one in cluster.servers))
        yield
    finally:
        for server in cluster.servers:
            server.ask(*told, 0)
        own = {server.port for server in cluster.servers}
        assert eventually(lambda: all(_ports_in(one) <= own for one in cluster.servers))


def _ports_in(one: ClusterServer) -> set[int]:
    return {int(node[1]) for _, _, *nodes in one.ask("CLUSTER SLOTS") for node in nodes}


def some_events(at: int) -> list[Event]:
    return [
        msgspec.structs.replace(an_event(number=one), entity=EntityId(f"twitch:channel:{one}"))
        for one in range(at, at + EVENTS)
    ]


async def read_all(address: Address, name: str, fronted: Fronted) -> list[str]:
    """Ids of all that is new in every partition, in two halves between which all is cut."""
    found: list[str] = []
    async with asyncio.timeout(BUSY_SECONDS), open_streams(address) as client:
        for number, at in enumerate(PARTITIONS):
            if number == PARTITIONS.count // 2:
                await asyncio.to_thread(renew, fronted)
            consumer = Consumer(client=client, stream=at.events_stream(), group=READERS, name=name)
            entries = await read_as_readers_do(consumer)
            found += [decode_event(one.fields).id for one in entries]
            await consumer.finish([one.id for one in entries])
    return found


async def read_as_readers_do(consumer: Consumer) -> list[StreamEntry]:
    """Whose answer is lost with its connection begins anew, with what is pending; who finds nobody
    on a busy machine as well."""
    while True:
        with suppress(*AWAY):
            return [*await consumer.pending(), *await consumer.read(1_000, wait_seconds=0.05)]


async def make_groups(address: Address) -> None:
    async with open_streams(address) as client:
        for at in PARTITIONS:
            stream = at.events_stream()
            await Consumer(client=client, stream=stream, group=READERS, name="-").make_group()


def renew(fronted: Fronted) -> None:
    """Every connection ends, and a token of before opens nothing."""
    fronted.spend()
    second = datetime.now(UTC).replace(microsecond=0)
    assert eventually(lambda: datetime.now(UTC) >= second + timedelta(seconds=1))
    assert fronted.cut()


def has_groups(address: Address) -> bool:
    try:
        read(address)
    except AWAY:
        return False
    return True


def is_let_in(client: redis.Redis) -> bool:
    """By every shard; a busy machine may take longer than a client waits."""
    try:
        answers = client.execute_command("PING", target_nodes=RedisCluster.PRIMARIES)
    except AWAY:
        return False
    return bool(answers)


def test_readers_and_writers_of_all_shards_come_back_with_new_tokens_and_lose_nothing(
    fronted: Fronted,
) -> None:
    assert eventually(lambda: has_groups(fronted.address))
    events = [*some_events(1_000), *some_events(2_000)]
    with connect(fronted.address) as client:
        assert eventually(lambda: is_let_in(client))
        EventStream(client, PARTITIONS).append(events[:EVENTS])
        renew(fronted)
        assert eventually(lambda: is_let_in(client))
        EventStream(client, PARTITIONS).append(events[EVENTS:])

    found = asyncio.run(read_all(fronted.address, a_name(), fronted))

    assert sorted(found) == sorted(event.id for event in events)
    assert fronted.refused == []
    primaries = [gate for gate in fronted.gates if gate.shown - gate.spent]
    assert len(primaries) >= 2, "every shard was entered anew"


def write(address: Address) -> None:
    with connect(address) as client:
        EventStream(client, PARTITIONS).append(some_events(3_000))


def read(address: Address) -> None:
    asyncio.run(make_groups(address))


EITHER = pytest.mark.parametrize("use", [write, read])


@EITHER
def test_a_token_that_has_run_out_opens_no_shard(
    fronted: Fronted, use: Callable[[Address], None]
) -> None:
    late = datetime.now(UTC) + timedelta(minutes=16)
    for front in fronted.fronts:
        front.clock = lambda: late
    with pytest.raises(Unavailable), answering(STREAMS):
        use(fronted.address)
    assert eventually(lambda: bool(fronted.refused))
    assert all("the token is of" in one for one in fronted.refused)
    assert not any(front.entered for front in fronted.fronts)


@EITHER
def test_a_shard_that_shows_another_name_is_shown_no_token(
    cluster: Cluster, tmp_path: Path, use: Callable[[Address], None]
) -> None:
    with before_all(cluster, tmp_path, shows="elsewhere.example") as fronted:
        with pytest.raises(Unavailable), answering(STREAMS):
            use(fronted.address)
        assert not any(gate.shown for gate in fronted.gates)
