"""One Valkey server a policy; eviction belongs to a server, not to a database in it."""

from __future__ import annotations

import signal
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from local.plane.ports import LOOPBACK
from local.plane.processes import ServerProcess

if TYPE_CHECKING:
    from pathlib import Path

    from local.plane.household import Household

PROBE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    eviction: str
    memory_mb: int
    persistence: tuple[str, ...] = ()


POLICIES = {
    "cache": Policy(eviction="allkeys-lru", memory_mb=64),
    "limits": Policy(
        eviction="volatile-ttl",
        memory_mb=32,
        # A cooldown of a day outlives a restart; a crash forgets a second of it.
        persistence=("appendonly yes", "appendfsync everysec"),
    ),
    "streams": Policy(
        eviction="noeviction",
        memory_mb=128,
        # What was acknowledged is on disk. A tail torn by a crash was never acknowledged.
        persistence=("appendonly yes", "appendfsync always", "aof-load-truncated yes"),
    ),
}


class Valkey:
    def __init__(self, name: str, household: Household, port: int) -> None:
        self.name = name
        self._port = port
        self._household = household
        self._password = household.keys[f"VALKEY_{name.upper()}_PASSWORD"]
        self._process = ServerProcess(
            name,
            launcher=household.launcher,
            logs=household.ground.logs,
            farewell=signal.SIGTERM,
        )

    @property
    def url(self) -> str:
        return f"redis://:{quote(self._password, safe='')}@{LOOPBACK}:{self._port}/0"

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def has_died(self) -> bool:
        return self._process.has_died

    def launch(self) -> None:
        ground = self._household.ground
        folder = ground.folder(self.name)
        settings = ground.secret_file(f"{self.name}.conf", self._settings(folder))
        self._process.launch([self._household.programs.valkey, settings], folder)

    def wait(self) -> None:
        self._process.wait_until(self._answers)

    def stop(self) -> None:
        self._process.stop()

    @property
    def policy(self) -> Policy:
        return POLICIES[self.name]

    def _settings(self, folder: Path) -> str:
        policy = self.policy
        lines = (
            f"port {self._port}",
            f"bind {LOOPBACK}",
            f"dir {quoted(str(folder))}",
            f"requirepass {quoted(self._password)}",
            f"maxmemory {policy.memory_mb}mb",
            f"maxmemory-policy {policy.eviction}",
            'save ""',
            *policy.persistence,
        )
        return "\n".join((*lines, ""))

    def _answers(self) -> bool:
        """By hand: importing the client takes ten times as long as the server needs to start."""
        try:
            with socket.create_connection((LOOPBACK, self._port), PROBE_SECONDS) as connection:
                connection.sendall(request("AUTH", self._password) + request("PING"))
                with connection.makefile("rb") as answers:
                    return [answers.readline(), answers.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        except OSError:
            return False


def request(*words: str) -> bytes:
    encoded = [word.encode() for word in words]
    parts = [b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded]
    return b"*%d\r\n%s" % (len(words), b"".join(parts))


def quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
