"""The names under which stacks find one another: parameters in SSM, never exports.

An export in use cannot be changed, so stacks that refer to each other cannot be deployed apart.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from infra.profiles import Profile
from waddlebot.domain.stages import database_parameter
from waddlebot.runtime.needs import AnyNeed, Need, Outside

DATABASE, MASTER = "waddlebot", "waddlebot_master"
"""The database on its server, and who RDS makes with it."""
DATABASE_NEEDS = frozenset({Need.WRITER, Need.REPLICA})
VALKEY_NEEDS = (Need.CACHE, Need.LIMITS, Need.STREAMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Names of parameters. Those of subnets are of the type StringList, all others String."""

    stage: str

    def network(self, name: str) -> str:
        return f"/waddlebot/{self.stage}/network/{name}"

    def data(self, name: str) -> str:
        return f"/waddlebot/{self.stage}/data/{name}"

    @property
    def vpc(self) -> str:
        return self.network("vpc")

    @property
    def public_subnets(self) -> str:
        """Gateways, which nobody can call: each task asks for a public address itself."""
        return self.network("public-subnets")

    @property
    def inside_subnets(self) -> str:
        """To AWS by IPv6, to nobody by IPv4: functions with a need of data."""
        return self.network("inside-subnets")

    @property
    def outward_subnets(self) -> str:
        """To anybody by IPv4 too: functions with a need of data that ask the outside."""
        return self.network("outward-subnets")

    @property
    def data_subnets(self) -> str:
        """No way out at all: PostgreSQL, its proxy, Valkey."""
        return self.network("data-subnets")

    @property
    def strangers_subnets(self) -> str:
        """In a network of their own, without a way out: functions of strangers."""
        return self.network("strangers-subnets")

    def subnets_of(self, needs: Iterable[AnyNeed]) -> str | None:
        """Where a function with these needs stands; None: in no network of ours."""
        needs = frozenset(needs)
        if not any(isinstance(need, Need) for need in needs):
            return None
        outward = any(isinstance(need, Outside) for need in needs)
        return self.outward_subnets if outward else self.inside_subnets

    def group(self, name: str) -> str:
        """The id of a security group: who is in it may reach what it is named after."""
        return self.network(f"groups/{name}")

    def groups_of(self, needs: Iterable[AnyNeed]) -> tuple[str, ...]:
        """All groups that whoever has these needs is in; at most five, as Lambda wants it.

        `to-aws` is in all of them: 443 by IPv6, for Lambda's API and secrets.
        """
        needs = frozenset(needs)
        names = ["to-database"] if needs & DATABASE_NEEDS else []
        names += [f"to-{need}" for need in VALKEY_NEEDS if need in needs]
        outside = any(isinstance(need, Outside) for need in needs)
        # Who may reach anybody reaches AWS as well.
        return tuple(map(self.group, [*names, "to-outside" if outside else "to-aws"]))

    @property
    def key(self) -> str:
        """The ARN of the key under which data and secrets are kept."""
        return self.data("key")

    @property
    def database(self) -> str:
        """The host to write to: the proxy where there is one."""
        return self.data("database/writer")

    @property
    def database_resource(self) -> str:
        """What `rds-db:connect` names of that host: `prx-…` or `db-…`."""
        return self.data("database/writer-resource")

    @property
    def database_direct(self) -> str:
        """The writer's own host, for migrations and advisory locks."""
        return database_parameter(self.stage)

    @property
    def database_direct_resource(self) -> str:
        return self.data("database/direct-resource")

    def replica(self, profile: Profile, function: str) -> str:
        """The host a function reads from: always the same one, shared out by the function's name.

        Without replicas it is the writer.
        """
        count = profile.database.replicas
        return self.data(f"database/replica-{_share(function, count)}") if count else self.database

    def replica_resource(self, profile: Profile, function: str) -> str:
        if not profile.database.replicas:
            return self.database_resource
        return f"{self.replica(profile, function)}-resource"

    @property
    def public_url(self) -> str:
        """Under which people and platforms reach us."""
        return f"/waddlebot/{self.stage}/functions/public-url"

    @property
    def api(self) -> str:
        """The id of the HTTP API, whose routes are made behind the functions."""
        return f"/waddlebot/{self.stage}/functions/api"

    @property
    def media_bucket(self) -> str:
        """The name of the bucket of pictures and sounds."""
        return self.data("media-bucket")

    @property
    def master_secret(self) -> str:
        """The ARN of the secret that RDS keeps and rotates for the master."""
        return self.data("database/master-secret")

    def valkey_host(self, need: Need) -> str:
        """The host; in cluster mode the one that names all others."""
        return self.data(f"valkey/{need}/host")

    def valkey_name(self, need: Need) -> str:
        """The id of the replication group, which a token of ElastiCache names."""
        return self.data(f"valkey/{need}/name")


def valkey_user(stage: str) -> str:
    """The one user of ElastiCache: its id and its name, which IAM wants to be the same."""
    return f"waddlebot-{stage}-app"


def _share(name: str, count: int) -> int:
    """The same on each machine and in each run, which Python's own hash is not."""
    return zlib.crc32(name.encode()) % count
