"""A real cluster: shards with a replica each, servers as the plane makes its own."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import redis
from redis.crc import key_slot

from local.plane.ground import forget_data, prepare_ground
from local.plane.household import Household
from local.plane.ports import LOOPBACK, choose_ports
from local.plane.processes import Launcher
from local.plane.programs import find_programs, within_reach
from local.plane.valkey import POLICIES, Policy, Valkey
from tests.helpers.patience import eventually

SLOTS = 16_384
SHARDS = 2
FAILED_AFTER_MS = 3_000
"""A server that is silent for so long has failed."""
GIVEN_UP = ("failed", "cancelled")


class ClusterServer(Valkey):
    """One of them; its name says nothing of its role, which changes."""

    def __init__(self, name: str, household: Household, ports: tuple[int, int]) -> None:
        super().__init__(name, household, ports[0])
        self.port, self._bus = ports
        self._secret = household.keys[f"VALKEY_{name.upper()}_PASSWORD"]

    @property
    def policy(self) -> Policy:
        streams = POLICIES["streams"]
        of_cluster = (
            "cluster-enabled yes",
            f"cluster-port {self._bus}",
            f"cluster-node-timeout {FAILED_AFTER_MS}",
            f"primaryauth {self._secret}",
            "cluster-replica-validity-factor 0",
            "cluster-allow-replica-migration no",
            "cluster-require-full-coverage no",  # as ElastiCache has it
            "repl-diskless-sync-delay 0",
        )
        return replace(streams, persistence=(*streams.persistence, *of_cluster))

    @property
    def address(self) -> str:
        """As `VALKEY_STREAMS_URL` names it."""
        return f"{self.url}?cluster=1"

    @contextmanager
    def client(self) -> Iterator[redis.Redis]:
        """To this one alone."""
        with redis.Redis.from_url(self.url, protocol=2, decode_responses=True) as client:
            yield client

    def ask(self, *command: Any) -> Any:
        with self.client() as client:
            return client.execute_command(*command)  # type: ignore[no-untyped-call]

    def end_at_once(self) -> None:
        """In the midst of all, but for what goes to its replica: that it writes out."""
        with suppress(redis.ConnectionError):
            self.ask("SHUTDOWN", "NOSAVE", "NOW", "FORCE")
        assert eventually(lambda: self.has_died)
        self.stop()  # it is given back to the system

    def begin_to_move(self, slot: int, to: ClusterServer) -> None:
        name = to.ask("CLUSTER MYID")
        self.ask("CLUSTER MIGRATESLOTS", "SLOTSRANGE", slot, slot, "NODE", name)

    def moves_given_up(self) -> int:
        """How many of those that were begun here."""
        jobs = [
            dict(zip(job[::2], job[1::2], strict=True))
            for job in self.ask("CLUSTER GETSLOTMIGRATIONS")
        ]
        return sum(job["state"] in GIVEN_UP and job["operation"] == "EXPORT" for job in jobs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """At first the servers' order is: the primaries, then a replica of each."""

    servers: Sequence[ClusterServer]

    @property
    def entrance(self) -> ClusterServer:
        """No test ends it: who begins anew meanwhile finds the others through it."""
        return self.servers[-1]

    @property
    def address(self) -> str:
        return self.entrance.address

    def form(self) -> None:
        first = self.servers[0]
        for number, one in enumerate(self.servers):
            one.ask("CLUSTER SET-CONFIG-EPOCH", number + 1)
            first.ask("CLUSTER MEET", LOOPBACK, one.port, one._bus)
        share = SLOTS // SHARDS
        for number, primary in enumerate(self.servers[:SHARDS]):
            primary.ask("CLUSTER ADDSLOTSRANGE", number * share, (number + 1) * share - 1)
        assert eventually(lambda: all(self._knows_all(one) for one in self.servers))
        for primary, follower in zip(self.servers, self.servers[SHARDS:], strict=False):
            follower.ask("CLUSTER REPLICATE", primary.ask("CLUSTER MYID"))
        self.wait_until_whole()

    def wait_until_whole(self) -> None:
        """Every slot is served, and every primary has a replica that has all it has."""
        assert eventually(self._is_whole)

    def owner_of(self, key: str) -> ClusterServer:
        """The primary that keeps it."""
        return self.owner_of_slot(key_slot(key.encode()))

    def owner_of_slot(self, slot: int) -> ClusterServer:
        alive = next(one for one in self.servers if one.pid)
        ranges = alive.ask("CLUSTER SLOTS")
        port = next(primary[1] for low, high, primary, *_ in ranges if low <= slot <= high)
        return next(one for one in self.servers if one.port == port)

    def end_primary_of(self, key: str) -> None:
        """Its replica takes its place, and it comes back as a replica.

        What it had acknowledged its replica has, as nothing less is promised of a group that keeps
        a log of its own; what it had done and not yet acknowledged may be known to nobody else.

        Two primaries elect nobody when one is gone, as one is no majority: ElastiCache itself says
        who takes over, when the primary was silent for a while.
        """
        lost = self.owner_of(key)
        assert lost is not self.entrance
        [heir] = [one for one in self.servers if one.ask("ROLE")[:3:2] == ["slave", lost.port]]
        lost.end_at_once()
        time.sleep(FAILED_AFTER_MS / 1000)
        heir.ask("CLUSTER FAILOVER TAKEOVER")
        assert eventually(lambda: self.owner_of(key) is heir)
        lost.launch()
        lost.wait()
        self.wait_until_whole()

    def move(self, slot: int, to: ClusterServer) -> None:
        """As ElastiCache does it: all of the slot at once, while it is written to.

        Servers that are too slow give up, and nothing has changed: they are asked again.
        """
        came_from = self.owner_of_slot(slot)
        given_up = -1

        def is_moved() -> bool:
            nonlocal given_up
            if (now := came_from.moves_given_up()) != given_up:
                given_up = now
                came_from.begin_to_move(slot, to)
            return self.owner_of_slot(slot) is to

        assert eventually(is_moved)

    def _knows_all(self, one: ClusterServer) -> bool:
        info = one.ask("CLUSTER INFO")
        return bool(
            info["cluster_state"] == "ok" and int(info["cluster_known_nodes"]) == len(self.servers)
        )

    def _is_whole(self) -> bool:
        if not all(one.pid and self._knows_all(one) for one in self.servers):
            return False
        roles = [one.ask("ROLE") for one in self.servers]
        following = [role for role in roles if role[0] == "slave" and role[3] == "connected"]
        return len(following) == len(self.servers) - SHARDS


@contextmanager
def running_cluster(home: Path) -> Iterator[Cluster]:
    """Two shards with a replica each, up and whole."""
    (home / "plane").mkdir(parents=True)
    names = [f"shard{number}" for number in range(2 * SHARDS)]
    wanted = [name for one in names for name in (one, f"{one}-bus")]
    ports = choose_ports(wanted, home / "plane" / "ports.json")
    password = secrets.token_urlsafe(16)
    ground = prepare_ground(home)
    launcher = Launcher(ground.account)
    household = Household(
        ground=ground,
        programs=within_reach(find_programs(), ground),
        launcher=launcher,
        keys={f"VALKEY_{name.upper()}_PASSWORD": password for name in names},
    )
    servers = [
        ClusterServer(name, household, (ports[name], ports[f"{name}-bus"])) for name in names
    ]
    try:
        for one in servers:
            one.launch()
        for one in servers:
            one.wait()
        cluster = Cluster(servers=servers)
        cluster.form()
        yield cluster
    finally:
        for one in servers:
            one.stop()
        launcher.close()
        forget_data(home)
