"""PostgreSQL and Valkey of this machine behind fronts, which let in whom AWS lets in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import psycopg

from functions.database_users import all_users
from infra.addresses import valkey_user
from infra.profiles import SMALL
from infra.rehearsal.doors import DATABASE
from infra.rehearsal.emulator import KEYS, REGION
from infra.rehearsal.front import Front, Plan, fronts
from infra.rehearsal.progress import RehearsalFailed
from local.plane import DataPlane, PlaneFailed
from local.plane.data_plane import forget
from waddlebot.domain.database_users import derived_password, password_of
from waddlebot.runtime.needs import CERTIFICATES, MASTER_URL, Need

TOKENS = "rds_iam"
PORTS = {"database": 5432, "valkey": 6379}
"""Those of AWS, at an address of loopback where nobody else listens."""


class RehearsalServers:
    """`urls` by the name of the environment variable, as on one machine: past the fronts."""

    def __init__(self, home: Path, stage: str) -> None:
        self._home = home
        home.mkdir(parents=True)
        self._stage = stage
        self._plane = DataPlane(home, {}, lambda *_: None)
        self._ending = ExitStack()
        self.urls: dict[str, str] = {}
        self.host = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250)}.5"
        self.fronts: list[Front] = []
        self.certificates = Path()

    def start(self) -> None:
        """Raises RehearsalFailed."""
        try:
            self.urls = self._plane.start()
            self._make_role_of_tokens()
            plans = [self._database(), self._valkey()]
            self.fronts, self.certificates = self._ending.enter_context(fronts(plans, self._home))
        except PlaneFailed as failed:
            raise RehearsalFailed(str(failed)) from failed

    @property
    def given(self) -> Mapping[str, str]:
        """What functions find beside what the stacks tell them."""
        return {CERTIFICATES: str(self.certificates), MASTER_URL: self.urls["DATABASE_URL"]}

    @property
    def steered(self) -> Mapping[str, object]:
        """By type of CloudFormation, for shim.py."""
        database = {"id": "db-REHEARSAL", "secret": "arn:aws:secretsmanager:rehearsal"}
        return {
            "AWS::RDS::DBInstance": {"host": self.host, "port": str(PORTS["database"]), **database},
            "AWS::ElastiCache::ReplicationGroup": {
                "host": self.host,
                "port": str(PORTS["valkey"]),
            },
        }

    @property
    def streams_url(self) -> str:
        """Past the front: `small` keeps streams in the database beside their need."""
        server = self.urls["VALKEY_STREAMS_URL"].rpartition("/")[0]
        return f"{server}/{SMALL.valkey_of(Need.STREAMS).serves[Need.STREAMS]}"

    def stop(self) -> None:
        self._ending.close()
        self._plane.stop()
        forget(self._home)

    def _make_role_of_tokens(self) -> None:
        """RDS has it from the beginning."""
        with psycopg.connect(self.urls["DATABASE_URL"]) as connection:
            connection.execute(f"CREATE ROLE {TOKENS}".encode())

    def _database(self) -> Plan:
        url = self.urls["DATABASE_URL"]
        users = all_users()
        master = password_of(url)
        return Plan(
            kind=DATABASE,
            server=url,
            passwords={user: derived_password(master, user) for user in users},
            region=REGION,
            holders=(_holder(users),),
            host=self.host,
            at=self.host,
            port=PORTS["database"],
        )

    def _valkey(self) -> Plan:
        """One for all, as `small` has it."""
        return Plan(
            kind="valkey",
            server=self.urls["VALKEY_STREAMS_URL"],
            region=REGION,
            holders=(_holder((valkey_user(self._stage),)),),
            group=f"waddlebot-{self._stage}-valkey",
            host=self.host,
            at=self.host,
            port=PORTS["valkey"],
        )


def _holder(users: tuple[str, ...]) -> dict[str, object]:
    return {
        "key_id": KEYS["AWS_ACCESS_KEY_ID"],
        "secret": KEYS["AWS_SECRET_ACCESS_KEY"],
        "users": users,
    }
