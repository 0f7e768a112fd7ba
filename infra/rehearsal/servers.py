"""PostgreSQL and Valkey of this machine behind fronts, which let in whom AWS lets in."""

from __future__ import annotations

import json
import os
import secrets
import signal
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import make_conninfo

from infra.addresses import DATABASE as NAME
from infra.addresses import MASTER
from infra.profiles import SMALL
from infra.rehearsal.doors import DATABASE
from infra.rehearsal.emulator import KEYS, REGION
from infra.rehearsal.front import Front, Plan, fronts
from infra.rehearsal.keys import ProcessKeys
from infra.rehearsal.progress import RehearsalFailed
from local.plane import DataPlane, PlaneFailed
from local.plane.data_plane import forget
from waddlebot.domain.database_users import OWNER
from waddlebot.runtime.credentials import Credentials
from waddlebot.runtime.needs import CERTIFICATES, Need
from waddlebot.runtime.signing import database_token

TOKENS = "rds_iam"
BY_TOKENS = f"host all +{TOKENS} samehost trust\n"
"""RDS asks its own door whether a token is right, before all other ways in; here the front was."""
THEN = "as_it_was"
ALL_GO: LiteralString = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname IS NOT NULL AND pid <> pg_backend_pid()
"""
THE_OPERATORS = {"key_id": KEYS["AWS_ACCESS_KEY_ID"], "secret": KEYS["AWS_SECRET_ACCESS_KEY"]}
"""An administrator may enter every database."""
PORTS = {"database": 5432, "valkey": 6379}
"""Those of AWS, at an address of loopback where nobody else listens."""


class RehearsalServers:
    """`urls` by the name of the environment variable, as on one machine: past the fronts."""

    def __init__(self, home: Path, stage: str, keys: Mapping[str, ProcessKeys]) -> None:
        self._home = home
        home.mkdir(parents=True)
        self._stage = stage
        self._keys = keys
        self._plane = DataPlane(home, {}, lambda *_: None)
        self._ending = ExitStack()
        self.urls: dict[str, str] = {}
        self.host = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250)}.5"
        self.fronts: list[Front] = []
        self.certificates = Path()
        self._password = secrets.token_urlsafe(24)

    def start(self) -> None:
        """Raises RehearsalFailed."""
        try:
            self.urls = self._plane.start()
            self._make_it_as_rds_does()
            plans = [self._database(), self._valkey()]
            self.fronts, self.certificates = self._ending.enter_context(fronts(plans, self._home))
        except PlaneFailed as failed:
            raise RehearsalFailed(str(failed)) from failed

    @property
    def given(self) -> Mapping[str, str]:
        """What functions find beside what the stacks tell them."""
        return {CERTIFICATES: str(self.certificates)}

    @property
    def steered(self) -> Mapping[str, object]:
        """By type of CloudFormation, for shim.py."""
        kept = json.dumps({"username": MASTER, "password": self._password})
        database = {"id": "db-REHEARSAL", "secret": kept}
        return {
            "AWS::RDS::DBInstance": {"host": self.host, "port": str(PORTS["database"]), **database},
            "AWS::ElastiCache::ReplicationGroup": {
                "host": self.host,
                "port": str(PORTS["valkey"]),
            },
        }

    @property
    def owners_url(self) -> str:
        """Past the front as well, as whoever owns the tables."""
        told = urlsplit(self.urls["DATABASE_URL"])
        return told._replace(netloc=f"{OWNER}@{told.hostname}:{told.port}").geturl()

    @property
    def streams_url(self) -> str:
        """Past the front: `small` keeps streams in the database beside their need."""
        server = self.urls["VALKEY_STREAMS_URL"].rpartition("/")[0]
        return f"{server}/{SMALL.valkey_of(Need.STREAMS).serves[Need.STREAMS]}"

    def let_in_by_password(self) -> bool:
        """The master, whose password RDS takes no more when whom it made enters by tokens."""
        return self._opens(MASTER, self._password)

    def _opens(self, user: str, password: str) -> bool:
        place = make_conninfo(
            host=self.host,
            port=PORTS["database"],
            dbname=NAME,
            user=user,
            password=password,
            sslmode="verify-full",
            sslrootcert=str(self.certificates),
        )
        try:
            psycopg.connect(place).close()
        except psycopg.OperationalError:
            return False
        return True

    def let_in(self, name: str, user: str) -> bool:
        """Whether the keys of this process open the database for this user."""
        keys = self._keys[name]
        token = database_token(
            self.host,
            PORTS["database"],
            user,
            credentials=Credentials(
                key_id=keys.key_id, secret=keys.secret, session_token=keys.session_token
            ),
            region=REGION,
            now=datetime.now(UTC),
        )
        return self._opens(user, token)

    def copy(self) -> str:
        """Of the database as it is, beside it; where it is, as `waddlebot aws restore` takes it."""
        url = urlsplit(self.urls["DATABASE_URL"])._replace(path="/postgres").geturl()
        statements: tuple[LiteralString, ...] = (
            f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS false",
            ALL_GO,
            f"CREATE DATABASE {THEN} TEMPLATE {NAME}",
            f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS true",
            f"ALTER DATABASE {THEN} ALLOW_CONNECTIONS true",
        )
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)
        return f"{self.host}:{PORTS['database']}/{THEN}"

    def stop(self) -> None:
        self._ending.close()
        self._plane.stop()
        forget(self._home)

    def _make_it_as_rds_does(self) -> None:
        """A master who is no superuser, and the role of those who enter by tokens."""
        with psycopg.connect(self.urls["DATABASE_URL"]) as connection:
            for statement in (
                f"CREATE ROLE {TOKENS}",
                f"CREATE ROLE {MASTER} LOGIN CREATEROLE CREATEDB PASSWORD '{self._password}'",
                f"GRANT {MASTER} TO CURRENT_USER WITH SET TRUE",
                f"GRANT {TOKENS} TO {MASTER} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
                f"ALTER DATABASE {NAME} OWNER TO {MASTER}",
            ):
                connection.execute(statement.encode())
            [access] = connection.execute("SHOW hba_file").fetchone() or [""]
        ways = Path(access)
        ways.write_text(BY_TOKENS + ways.read_text())
        os.kill(self._plane.pids()["postgres"], signal.SIGHUP)

    def _database(self) -> Plan:
        url = self.urls["DATABASE_URL"]
        return Plan(
            kind=DATABASE,
            server=url,
            passwords={MASTER: self._password},
            master=MASTER,
            region=REGION,
            holders=(
                *(one.holder(one.database) for one in self._keys.values()),
                {**THE_OPERATORS, "users": (OWNER,)},
            ),
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
            holders=tuple(one.holder(one.valkey) for one in self._keys.values()),
            group=f"waddlebot-{self._stage}-streams",
            host=self.host,
            at=self.host,
            port=PORTS["valkey"],
        )
