"""Which servers answer; asked by whoever watches, without a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import VARIABLES, Need
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.valkey import answering, connect


def check_servers(environment: Environment) -> Mapping[Need, bool]:
    """Each with a connection of its own, so that nothing remembered hides a failure."""
    return {need: _answers(need, environment) for need in Need}


def _answers(need: Need, environment: Environment) -> bool:
    try:
        PROBES[need](environment[VARIABLES[need]])
    except Unavailable:
        return False
    return True


def _probe_postgres(url: str) -> None:
    postgres = Postgres(url, name="operations")
    try:
        postgres.write("SELECT 1")
    finally:
        postgres.close()


def _probe_valkey(url: str) -> None:
    client = connect(url)
    try:
        with answering("the server"):  # an address holds a password
            client.ping()
    finally:
        client.close()


PROBES: dict[Need, Callable[[str], None]] = {
    Need.WRITER: _probe_postgres,
    Need.REPLICA: _probe_postgres,
    Need.CACHE: _probe_valkey,
    Need.LIMITS: _probe_valkey,
    Need.STREAMS: _probe_valkey,
}
