"""PostgreSQL: what every server of ours has in common, and the one that takes writes."""

from __future__ import annotations

import hashlib
import signal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from local.plane.ports import LOOPBACK
from local.plane.processes import ServerProcess

if TYPE_CHECKING:
    from pathlib import Path

    from local.plane.household import Household

OWNER = "waddlebot"
REPLICATOR = "replicator"
DATABASE = "waddlebot"
PASSWORDS = {OWNER: "POSTGRES_PASSWORD", REPLICATOR: "REPLICATION_PASSWORD"}  # in dev.env
CONNECT_SECONDS = 2

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",  # their paths are limited to 107 bytes
    "shared_buffers": "64MB",
    "max_connections": "200",
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track": "all",
    "pg_stat_statements.max": "20000",  # of 5,000 the rare ones go, and sums shrink
    "wal_level": "replica",
    "hot_standby_feedback": "on",
    "max_slot_wal_keep_size": "1GB",  # a replica away for longer is made anew
    "wal_retrieve_retry_interval": "100ms",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}

ACCESS = f"""\
host replication {REPLICATOR} {LOOPBACK}/32 scram-sha-256
host all all {LOOPBACK}/32 scram-sha-256
"""

# The superuser has no password and no way in. The owner is what the master user of a managed
# PostgreSQL is.
CREATE = (
    f"CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE",
    f"GRANT pg_monitor, pg_signal_backend TO {OWNER}",
    f"CREATE ROLE {REPLICATOR} LOGIN REPLICATION",
    # In template1, so that each database made later has it, those of tests too.
    "CREATE EXTENSION pg_stat_statements",
    f"GRANT EXECUTE ON FUNCTION pg_stat_statements_reset TO {OWNER}",
    f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
)


class PostgresServer:
    def __init__(self, name: str, household: Household, port: int) -> None:
        self.name = name
        self.port = port
        self._household = household
        self._folder = household.ground.data / name
        self._process = ServerProcess(
            name,
            launcher=household.launcher,
            logs=household.ground.logs,
            farewell=signal.SIGINT,  # a fast shutdown
        )

    @property
    def url(self) -> str:
        password = quote(self.password_of(OWNER), safe="")
        return f"postgresql://{OWNER}:{password}@{LOOPBACK}:{self.port}/{DATABASE}"

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def has_died(self) -> bool:
        return self._process.has_died

    def password_of(self, role: str) -> str:
        return self._household.keys[PASSWORDS[role]]

    def stop(self) -> None:
        self._process.stop()

    def ask(self, statement: str, *, role: str = OWNER) -> list[tuple[Any, ...]] | None:
        """The rows; None while it takes no connections, or not this statement."""
        # Takes as long to import as the server to start, so it is done meanwhile.
        import psycopg

        try:
            with psycopg.connect(
                host=LOOPBACK,
                port=self.port,
                user=role,
                password=self.password_of(role),
                dbname=DATABASE,
                connect_timeout=CONNECT_SECONDS,
                autocommit=True,
            ) as connection:
                return connection.execute(statement.encode()).fetchall()
        except psycopg.OperationalError:
            return None

    def _launch_server(self, **extra: str) -> None:
        access = self._household.ground.secret_file("pg_hba.conf", ACCESS)
        settings = {**SETTINGS, "port": str(self.port), "hba_file": str(access), **extra}
        arguments = [part for item in settings.items() for part in ("-c", "=".join(item))]
        self._process.launch([self._tool("postgres"), "-D", self._folder, *arguments], self._folder)

    def _tool(self, name: str) -> Path:
        return self._household.programs.postgres_tool(name)


class Primary(PostgresServer):
    def launch(self) -> None:
        if not self._folder.exists():
            self._create()
        self._renew_passwords()
        self._launch_server()

    def wait(self) -> None:
        self._process.wait_until(lambda: self.ask("SELECT 1") is not None)

    def _create(self) -> None:
        """Under another name until it is whole: a kill in between leaves nothing half."""
        ground = self._household.ground
        new = ground.fresh_folder("postgres.new")
        self._process.run_tool(
            [
                *(self._tool("initdb"), "--pgdata", new, "--username=postgres"),
                *("--auth=reject", "--encoding=UTF8", "--no-sync", "--no-instructions"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            ],
            folder=ground.data,
        )
        self._run_alone(new, [*CREATE, *self._password_statements()])
        new.rename(self._folder)
        self._mark_passwords()

    def _renew_passwords(self) -> None:
        """Those of `dev.env`, which may have been edited or made anew since the last start."""
        if self._passwords_mark.exists() and self._passwords_mark.read_text() == self._digest():
            return
        self._run_alone(self._folder, self._password_statements())
        self._mark_passwords()

    def _password_statements(self) -> list[str]:
        return [
            f"ALTER ROLE {role} PASSWORD {literal(self.password_of(role))}" for role in PASSWORDS
        ]

    def _mark_passwords(self) -> None:
        self._household.ground.secret_file(self._passwords_mark.name, self._digest())

    def _digest(self) -> str:
        return hashlib.sha256("\n".join(self._password_statements()).encode()).hexdigest()

    @property
    def _passwords_mark(self) -> Path:
        return self._household.ground.data / "postgres.passwords"

    def _run_alone(self, folder: Path, statements: list[str]) -> None:
        """As superuser and without a server; nothing of it reaches a log or a command line."""
        self._process.run_tool(
            [
                *(self._tool("postgres"), "--single", "-D", folder, "-j", "-F"),
                *("-c", "exit_on_error=on", "-c", "log_min_error_statement=panic"),
                *("-c", "log_checkpoints=off", "template1"),
            ],
            folder=self._household.ground.data,
            words="".join(f"{statement};\n\n" for statement in statements),
        )


def literal(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"E'{escaped}'"
