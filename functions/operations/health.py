"""Which servers do their work; asked by whoever watches, without a key."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from waddlebot.domain.errors import Full, Unavailable
from waddlebot.runtime.entering import address_of
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import VARIABLES, Need
from waddlebot.runtime.stream_partitions import partitions_of
from waddlebot.stores import keys
from waddlebot.stores.addresses import Address
from waddlebot.stores.postgres import Postgres, ask_replica
from waddlebot.stores.valkey import STREAMS, answering, connect

ANSWERS = "answers"
PROBE_SECONDS = 5
_SERVER = "the server"
"""An address holds a password."""
_SPILL = """
    SELECT count(*) FROM (
        SELECT repeat('x', 100) || number AS line FROM generate_series(1, 3000) AS number
        ORDER BY line OFFSET 1
    ) AS lines
"""

REMEMBERED_SECONDS = 1.0


@dataclass(slots=True)
class Health:
    """Kept as long as the process lives: whoever asks all the time costs the servers nothing.

    What was found is true for a second, of the servers at these addresses.
    """

    clock: Callable[[], float] = time.monotonic
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _found: Mapping[Need, str] = field(default_factory=dict)
    _addresses: tuple[str, ...] = ()
    _until: float = 0.0

    def check(self, environment: Environment) -> Mapping[Need, str]:
        addresses = tuple(environment.find(VARIABLES[need]) for need in Need)
        with self._turn:
            if addresses != self._addresses or self.clock() >= self._until:
                self._found, self._addresses = check_servers(environment), addresses
                self._until = self.clock() + REMEMBERED_SECONDS
            return self._found


def check_servers(environment: Environment) -> Mapping[Need, str]:
    """What each does, in words: ANSWERS, or what is wrong with it.

    Each is asked over a connection of its own, so that nothing remembered hides a failure, and
    for what it is there for: whoever answers and takes no writes is away.
    """
    return {need: _says(need, environment) for need in Need}


def _says(need: Need, environment: Environment) -> str:
    try:
        PROBES[need](address_of(environment, VARIABLES[need]), environment)
    except Unavailable as away:
        return away.how
    return ANSWERS


def _probe_writer(at: Address, _environment: Environment) -> None:
    postgres = Postgres(at, name="operations")
    try:
        with postgres.writer() as connection:
            # More than it may do in memory: it needs room on the disk, and leaves nothing there.
            connection.execute("SET LOCAL work_mem = '64kB'")
            connection.execute(_SPILL)
    finally:
        postgres.close()


def _probe_replica(at: Address, _environment: Environment) -> None:
    ask_replica(at, "SELECT 1", name="operations")


def _probe_valkey(at: Address, _environment: Environment) -> None:
    with connect(at) as client, answering(_SERVER):
        client.set(keys.health_probe(), "", ex=PROBE_SECONDS)


def _probe_streams(at: Address, environment: Environment) -> None:
    """In each partition: they may stand on several servers."""
    partitions = partitions_of(environment)
    with connect(at) as client, answering(_SERVER):
        probes = client.pipeline(transaction=False)
        for one in partitions:
            probes.set(one.health_probe(), "", ex=PROBE_SECONDS)
            probes.exists(one.full())  # told events are refused
        if any(probes.execute()[1::2]):
            raise Full(STREAMS)


PROBES: dict[Need, Callable[[Address, Environment], None]] = {
    Need.WRITER: _probe_writer,
    Need.REPLICA: _probe_replica,
    Need.CACHE: _probe_valkey,
    Need.LIMITS: _probe_valkey,
    Need.STREAMS: _probe_streams,
}
