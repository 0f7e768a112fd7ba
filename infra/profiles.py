"""The sizes a house is deployed in: one table, from which every stack reads."""

from __future__ import annotations

from dataclasses import dataclass

from waddlebot.runtime.needs import Need


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSize:
    """`instance` as RDS names it, without `db.`; `storage_gb` grows by itself up to `most_gb`.

    `max_connections` is what RDS grants such an instance by default: memory / 9,531,392 bytes, at
    most 5,000, counted with the memory that is left of the instance's.
    """

    instance: str
    multi_az: bool
    replicas: int
    proxy: bool
    storage_gb: int
    most_gb: int
    backup_days: int
    max_connections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ValkeyGroup:
    """One replication group; `serves` says which needs find it, each in the database beside it.

    `shards` above 1 is cluster mode: only database 0 exists there, and streams need as many
    `partitions` as they may ever have shards. `durable`: no write is acknowledged before two zones
    have it in a log.
    """

    name: str
    serves: dict[Need, int]
    node: str
    policy: str
    nodes: int = 1
    shards: int = 1
    durable: bool = False

    @property
    def clustered(self) -> bool:
        return self.shards > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySize:
    """Tasks of the gateway service: how many at first and at most, and what each gets.

    `cpu` in units of 1/1024 vCPU; `most` equal to `tasks` means that nothing scales.
    """

    tasks: int
    most: int
    cpu: int
    memory_mb: int
    cpu_percent: int = 60
    memory_percent: int = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """`concurrency` is what the account grants all functions at once, where the profile knows it.

    `reserved`: each function is held to the concurrency it declares.
    `partitions` is how many shares the streams are kept in. `free_edge`: CloudFront on its free
    plan, where the house has a domain.
    """

    name: str
    zones: int
    nat_instance: str | None
    database: DatabaseSize
    valkey: tuple[ValkeyGroup, ...]
    gateways: GatewaySize
    reserved: bool
    concurrency: int
    partitions: int = 1
    free_edge: bool = False

    def valkey_of(self, need: Need) -> ValkeyGroup:
        """The group where a function with this need finds its data."""
        return next(group for group in self.valkey if need in group.serves)


SMALL = Profile(
    name="small",
    zones=2,
    nat_instance="t4g.nano",
    database=DatabaseSize(
        instance="t4g.small", multi_az=False, replicas=0, proxy=False,
        storage_gb=20, most_gb=100, backup_days=7, max_connections=170,
    ),
    valkey=(
        ValkeyGroup(
            name="streams", node="t4g.micro", policy="noeviction",
            serves={Need.CACHE: 0, Need.LIMITS: 1, Need.STREAMS: 2},
        ),
    ),
    gateways=GatewaySize(tasks=1, most=1, cpu=256, memory_mb=512),
    reserved=False,
    concurrency=10,
    free_edge=True,
)  # fmt: skip

STANDARD = Profile(
    name="standard",
    zones=2,
    nat_instance=None,
    database=DatabaseSize(
        instance="t4g.medium", multi_az=True, replicas=1, proxy=True,
        storage_gb=50, most_gb=500, backup_days=14, max_connections=380,
    ),
    valkey=(
        ValkeyGroup(
            name="cache", serves={Need.CACHE: 0}, node="t4g.small", policy="allkeys-lru", nodes=2
        ),
        ValkeyGroup(
            name="limits", serves={Need.LIMITS: 0}, node="t4g.small", policy="volatile-ttl", nodes=2
        ),
        ValkeyGroup(
            # The server and the database of `small`, which has grown: what waits there stays.
            name="streams", serves={Need.STREAMS: 2}, node="t4g.small", policy="noeviction", nodes=2
        ),
    ),
    gateways=GatewaySize(tasks=3, most=10, cpu=512, memory_mb=1024),
    reserved=True,
    concurrency=1000,
)  # fmt: skip

LARGE = Profile(
    name="large",
    zones=3,
    nat_instance=None,
    database=DatabaseSize(
        instance="r7g.2xlarge", multi_az=True, replicas=2, proxy=True,
        storage_gb=500, most_gb=5000, backup_days=35, max_connections=5000,
    ),
    valkey=(
        ValkeyGroup(
            name="cache", serves={Need.CACHE: 0}, node="m7g.large", policy="allkeys-lru", nodes=2
        ),
        ValkeyGroup(
            name="limits", serves={Need.LIMITS: 0}, node="m7g.large", policy="volatile-ttl", nodes=2
        ),
        ValkeyGroup(
            name="shards", serves={Need.STREAMS: 0}, node="m7g.large", policy="noeviction",
            nodes=2, shards=2, durable=True,
        ),
    ),
    gateways=GatewaySize(tasks=28, most=60, cpu=1024, memory_mb=2048),
    reserved=True,
    concurrency=10_000,
    partitions=16,
)  # fmt: skip

PROFILES = {profile.name: profile for profile in (SMALL, STANDARD, LARGE)}


class ProfileUnknown(Exception):
    """The sentence names the profiles there are."""


def profile_named(name: str) -> Profile:
    """Raises ProfileUnknown."""
    try:
        return PROFILES[name]
    except KeyError:
        known = ", ".join(PROFILES)
        raise ProfileUnknown(
            f"There is no profile “{name}”; there are {known}. "
            "Name one: make synth profile=small, or cdk deploy --all -c profile=small"
        ) from None
