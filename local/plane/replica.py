"""The PostgreSQL that follows the primary and takes reads."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from local.plane.failures import PlaneFailed
from local.plane.leftovers import end_leftovers
from local.plane.ports import LOOPBACK
from local.plane.postgres import REPLICATOR, PostgresServer, Primary
from local.plane.processes import POLL_SECONDS

if TYPE_CHECKING:
    from pathlib import Path

    from local.plane.household import Household

SLOT = "replica"
SLOTS = f"SELECT wal_status FROM pg_replication_slots WHERE slot_name = '{SLOT}'"  # noqa: S608 - our own word
DROP_SLOT = f"SELECT pg_drop_replication_slot('{SLOT}')"
END_SENDER = (
    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots "  # noqa: S608
    f"WHERE slot_name = '{SLOT}' AND active_pid IS NOT NULL"
)
WRITTEN = "SELECT pg_current_wal_flush_lsn()::text"
REPLAYED = (
    "SELECT pg_last_wal_replay_lsn() >= '{position}' "
    "FROM pg_stat_wal_receiver WHERE status = 'streaming'"
)
# On a machine that has much else to do; else a tenth of a second.
FOLLOW_SECONDS = 30.0
DROP_SECONDS = 60.0


class Replica(PostgresServer):
    """Made from the primary once, and made anew when it can no longer follow it."""

    def __init__(self, name: str, household: Household, port: int, *, primary: Primary) -> None:
        super().__init__(name, household, port)
        self._primary = primary

    def launch(self) -> None:
        """May come up beside its primary, if it was made before."""
        if (self._folder / "standby.signal").exists():
            self._launch_standby()

    def wait(self) -> None:
        """The primary answers by now."""
        if self._has_its_place() and self._follows():
            return
        self.stop()
        self._make()
        self._launch_standby()
        if not self._follows():
            self._process.ensure_runs()
            said = self._process.quote_log()
            raise PlaneFailed(f"The replica was made anew and does not follow. {said}")

    def _has_its_place(self) -> bool:
        """Whether the primary keeps for it what it has not had yet."""
        return self._primary.ask(SLOTS) not in (None, [], [("lost",)])

    def _follows(self) -> bool:
        """Whether it has all that the primary has by now, and is being sent what comes."""
        written = self._primary.ask(WRITTEN) if self.pid is not None else None
        replayed = REPLAYED.format(position=written[0][0]) if written else ""
        deadline = time.monotonic() + FOLLOW_SECONDS
        while replayed and self.pid is not None and time.monotonic() < deadline:
            if self.ask(replayed) == [(True,)]:
                return True
            time.sleep(POLL_SECONDS)
        return False

    def _make(self) -> None:
        end_leftovers(self._folder)
        self._drop_slot()
        ground = self._household.ground
        new = ground.fresh_folder(f"{self.name}.new")
        self._process.run_tool(
            [
                *(self._tool("pg_basebackup"), "--pgdata", new, "--write-recovery-conf"),
                *("--dbname", self._primary_address(), "--create-slot", "--slot", SLOT),
                *("--wal-method=stream", "--checkpoint=fast", "--no-sync", "--no-manifest"),
            ],
            folder=ground.data,
        )
        ground.remove(self._folder)
        new.rename(self._folder)

    def _drop_slot(self) -> None:
        """Its sender may not have noticed yet that the replica is gone, so it is ended too.

        No answer of a busy primary is no word that the slot has gone.
        """
        deadline = time.monotonic() + DROP_SECONDS
        while self._primary.ask(SLOTS) != []:
            if time.monotonic() > deadline:
                raise PlaneFailed(
                    "The primary still holds the place of the replica that was there before: "
                    f"it could not be dropped within {DROP_SECONDS:.0f} s. Start again."
                )
            self._primary.ask(END_SENDER)
            self._primary.ask(DROP_SLOT, role=REPLICATOR)
            time.sleep(POLL_SECONDS)

    def _launch_standby(self) -> None:
        self._launch_server(primary_conninfo=self._primary_address(), primary_slot_name=SLOT)

    def _primary_address(self) -> str:
        """Stands on the command line, so it names a file in place of the password."""
        return (
            f"host={LOOPBACK} port={self._primary.port} user={REPLICATOR} "
            f"passfile={quoted(self._password_file())}"
        )

    def _password_file(self) -> Path:
        password = self.password_of(REPLICATOR)
        escaped = password.replace("\\", "\\\\").replace(":", "\\:")
        line = f"{LOOPBACK}:*:*:{REPLICATOR}:{escaped}\n"
        return self._household.ground.secret_file("replicator.pass", line)


def quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
