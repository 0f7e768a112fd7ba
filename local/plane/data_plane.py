"""All of it, up and down."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from local.plane.failures import PlaneFailed, explained
from local.plane.ground import forget_data, prepare_ground
from local.plane.home_lock import HomeLock
from local.plane.household import Household
from local.plane.keys import load_dev_env
from local.plane.leftovers import end_leftovers
from local.plane.ports import choose_ports
from local.plane.postgres import Primary
from local.plane.processes import Launcher
from local.plane.programs import find_programs, within_reach
from local.plane.replica import Replica
from local.plane.valkey import POLICIES, Valkey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from local.plane.ground import Ground

# In the order in which they start.
URLS = {
    "postgres": "DATABASE_URL",
    "replica": "DATABASE_REPLICA_URL",
    "cache": "VALKEY_CACHE_URL",
    "limits": "VALKEY_LIMITS_URL",
    "streams": "VALKEY_STREAMS_URL",
}
TAKEN = "Address already in use"
MOST_TRIES = 5
"""As the system says it, in every server's words."""
PARTS = {"postgres": ("postgres", "replica"), "valkey": ("cache", "limits", "streams")}


class PlaneServer(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def pid(self) -> int | None: ...
    @property
    def has_died(self) -> bool: ...
    def launch(self) -> None: ...
    def wait(self) -> None: ...
    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """The servers of ours, by name and in the order in which they start."""

    ground: Ground
    launcher: Launcher
    servers: dict[str, PlaneServer]


class DataPlane:
    """PostgreSQL, its replica and three Valkeys, for one home and as long as this process lives.

    Every method may be called from any thread. Every failure is a `PlaneFailed`.
    """

    def __init__(
        self, home: Path, given: Mapping[str, str], say: Callable[[str, float, str], None]
    ) -> None:
        """`given` is the user's environment; servers that it has a URL of are not started.

        `say(part, seconds, words)` is called when a part is up.
        """
        self._home = home
        self._given = given
        self._say = say
        self._turn = threading.RLock()
        self._lock = HomeLock(home / "plane" / "lock")
        self._crew: Crew | None = None

    def hold(self) -> None:
        """Takes the home for this process, as `start` does too. Raises HomeTaken."""
        with self._turn, explained(self._home):
            (self._home / "plane").mkdir(parents=True, exist_ok=True)
            self._lock.hold()

    def start(self) -> dict[str, str]:
        """Brings up what is not up, and returns the five URLs by their environment names."""
        with self._turn, explained(self._home):
            try:
                self._bring_up()
            except BaseException:
                self.stop()
                raise
            return self._environment()

    def stop(self) -> None:
        """In reverse order; returns when all have ended."""
        with self._turn:
            self._dismiss()
            self._lock.release()

    def pids(self) -> dict[str, int]:
        """Of the servers of ours that run: postgres, replica, cache, limits, streams."""
        with self._turn:
            servers = self._crew.servers.values() if self._crew else ()
            return {server.name: server.pid for server in servers if server.pid is not None}

    def stop_one(self, name: str) -> None:
        with self._turn:
            _, server = self._find(name)
            server.stop()

    def start_one(self, name: str) -> None:
        """Nothing happens if it runs."""
        with self._turn, explained(self._home):
            crew, server = self._find(name)
            if server.pid is None:
                end_leftovers(crew.ground.data / name)
                start_in_order([server])

    def revive(self) -> dict[str, float]:
        """Starts again what ended by itself, and says by name how many seconds that took.

        What `stop_one` stopped stays stopped.
        """
        with self._turn:
            servers = self._crew.servers.values() if self._crew else ()
            return {server.name: self._revive(server) for server in servers if server.has_died}

    def _revive(self, server: PlaneServer) -> float:
        began = time.monotonic()
        self.start_one(server.name)
        return time.monotonic() - began

    def _bring_up(self) -> None:
        if self._crew:
            for name in self._crew.servers:
                self.start_one(name)
            return
        self.hold()
        ground = prepare_ground(self._home)
        end_leftovers(ground.data)
        for tries_left in reversed(range(MOST_TRIES)):
            self._crew = self._gather(ground)
            try:
                self._start_parts(self._crew)
            except PlaneFailed as failed:
                if TAKEN not in str(failed) or not tries_left:
                    raise
            else:
                return
            # Somebody took a port after it was chosen: theirs is now found taken.
            self._dismiss()

    def _dismiss(self) -> None:
        crew, self._crew = self._crew, None
        if crew:
            for server in reversed(crew.servers.values()):
                server.stop()
            crew.launcher.close()

    def _gather(self, ground: Ground) -> Crew:
        names = [name for name in URLS if name not in self._given_urls()]
        ports = choose_ports(names, self._home / "plane" / "ports.json")
        keys = load_dev_env(self._home, self._given)
        launcher = Launcher(ground.account)
        servers = build_servers(ports, keys, ground, launcher) if ports else {}
        return Crew(ground=ground, launcher=launcher, servers=servers)

    def _start_parts(self, crew: Crew) -> None:
        """The parts beside each other, since each mostly waits."""
        parts = {
            part: [crew.servers[name] for name in names if name in crew.servers]
            for part, names in PARTS.items()
        }
        with ThreadPoolExecutor(max_workers=len(parts)) as threads:
            seconds = dict(zip(parts, threads.map(start_in_order, parts.values()), strict=True))
        for part, servers in parts.items():
            self._say(part, seconds[part], words_for(part, servers))

    def _environment(self) -> dict[str, str]:
        servers = self._crew.servers if self._crew else {}
        own = {name: server.url for name, server in servers.items()}
        urls = {**own, **self._given_urls()}
        return {variable: urls[name] for name, variable in URLS.items()}

    def _given_urls(self) -> dict[str, str]:
        """By server name. Who brings a writer of their own has no replica of it here."""
        urls = {name: self._given[url] for name, url in URLS.items() if self._given.get(url)}
        if "postgres" in urls:
            urls.setdefault("replica", urls["postgres"])
        return urls

    def _find(self, name: str) -> tuple[Crew, PlaneServer]:
        if self._crew is None or name not in self._crew.servers:
            raise PlaneFailed(f"{name} is no running server of {self._home}.")
        return self._crew, self._crew.servers[name]


def build_servers(
    ports: Mapping[str, int], keys: Mapping[str, str], ground: Ground, launcher: Launcher
) -> dict[str, PlaneServer]:
    household = Household(
        programs=within_reach(find_programs(), ground),
        ground=ground,
        launcher=launcher,
        keys=keys,
    )
    servers = (*databases(ports, household), *valkeys(ports, household))
    return {server.name: server for server in servers}


def databases(ports: Mapping[str, int], household: Household) -> Iterator[PlaneServer]:
    if "postgres" not in ports:
        return
    primary = Primary("postgres", household, ports["postgres"])
    yield primary
    if "replica" in ports:
        yield Replica("replica", household, ports["replica"], primary=primary)


def valkeys(ports: Mapping[str, int], household: Household) -> Iterator[PlaneServer]:
    for name in POLICIES:
        if name in ports:
            yield Valkey(name, household, ports[name])


def start_in_order(servers: Sequence[PlaneServer]) -> float:
    """All are launched, then each is waited for; returns the seconds it took."""
    started = time.monotonic()
    for server in servers:
        server.launch()
    for server in servers:
        server.wait()
    return time.monotonic() - started


def words_for(part: str, servers: Sequence[PlaneServer]) -> str:
    names = [{"postgres": "primary"}.get(server.name, server.name) for server in servers]
    if not names:
        return f"yours ({', '.join(URLS[name] for name in PARTS[part])})"
    return " and ".join(names) if part == "postgres" else ", ".join(names)


def forget(home: Path) -> None:
    """Removes all data of a home that is not running. `dev.env` and logs are left."""
    with explained(home):
        if not (home / "plane").exists():
            return
        lock = HomeLock(home / "plane" / "lock")
        lock.hold()
        try:
            forget_data(home)
        finally:
            lock.release()
