"""The door to a Valkey server: timeouts, scripts, and what is done when it is away.

A server may answer and still be away: it became a replica, lost its replicas, cannot write to its
disk, is full, or loads. Each of these refusals says that nothing happened, so it is treated as a
connection that broke: dropped, made anew (a name may mean another server by now), tried once more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import redis
from redis.backoff import NoBackoff
from redis.connection import Connection, SSLConnection
from redis.exceptions import (
    ClusterDownError,
    MasterDownError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
)
from redis.retry import Retry

from waddlebot.domain.errors import Full, Unavailable
from waddlebot.stores.addresses import Address, Entrance, address_at

Client = redis.Redis

TIMEOUT_SECONDS = 1.0
CACHE = "the cache server"
LIMITS = "the limits server"
STREAMS = "the streams server"

TAKES_NO_WRITES = "takes no writes"


class Away(redis.ConnectionError):
    """It answers, and does not do what it is there for; nothing happened. `how` is said of it."""

    def __init__(self, refusal: Exception, how: str) -> None:
        super().__init__(str(refusal))
        self.how = how


class NoRoom(Away):
    """It is full."""


def away_by(refusal: ResponseError) -> Away | None:
    """What a refusal means where it is about the server and not about the command."""
    if isinstance(refusal, OutOfMemoryError):
        return NoRoom(refusal, "has no room left")
    if isinstance(refusal, ReadOnlyError):
        return Away(refusal, TAKES_NO_WRITES)
    if isinstance(refusal, MasterDownError):
        return Away(refusal, "has lost the server that it follows")
    if isinstance(refusal, ClusterDownError):
        return Away(refusal, "has lost one of its shards")
    how = _HOW.get(str(refusal).partition(" ")[0])
    return Away(refusal, how) if how else None


_HOW = {
    "NOREPLICAS": "has too few replicas and takes no writes",
    "MISCONF": "cannot write to its disk and takes no writes",
    # Whoever waits for something is sent away when the server becomes a replica.
    "UNBLOCKED": "has become a replica",
    "BUSY": "is busy with a script",
}
"""By the word that a refusal begins with, for those that have no class of their own."""


class _Truthful:
    """A connection whose server may be away although it answers."""

    def read_response(self, *args: Any, **options: Any) -> Any:
        try:
            return super().read_response(*args, **options)  # type: ignore[misc]
        except ResponseError as refusal:
            if (away := away_by(refusal)) is None:
                raise
            raise away from refusal


class _TruthfulConnection(_Truthful, Connection):
    pass


class _TruthfulTlsConnection(_Truthful, SSLConnection):
    pass


TRUTHFUL: dict[Any, Any] = {
    Connection: _TruthfulConnection,
    SSLConnection: _TruthfulTlsConnection,
}


def connect(at: Address | str, patience_seconds: float = TIMEOUT_SECONDS) -> Client:
    """A client for an address, or `redis://:password@host:port/0`; it connects at first use.

    `?cluster=1` says that this is one server of a cluster; the client then finds the others.
    `patience_seconds` is for connecting and for each answer.
    """
    address = address_at(at)
    options: dict[str, Any] = {
        "socket_timeout": patience_seconds,
        "socket_connect_timeout": patience_seconds,
        "protocol": 2,
        "decode_responses": False,
        # Each client would look up in a file which version the library has, and tell the server.
        "driver_info": None,
        # A kept connection may be stale; but what timed out may have happened.
        "retry": Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        **entering(address.entrance),
    }
    if address.is_cluster:
        from waddlebot.stores.valkey_cluster import ClusterClient  # few installations have one

        return cast(Client, ClusterClient(address.url, options))
    client = redis.Redis.from_url(address.url, **options)
    pool = client.connection_pool
    pool.connection_class = TRUTHFUL[pool.connection_class]
    return client


class _Shown(redis.CredentialProvider):
    """What is shown at a connect, made for it alone."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def get_credentials(self) -> tuple[str, str]:
        return self._entrance.user, self._entrance.password()

    async def get_credentials_async(self) -> tuple[str, str]:
        from asyncio import to_thread  # whoever gives the keys may take a second

        return await to_thread(self.get_credentials)


def entering(entrance: Entrance | None) -> dict[str, Any]:
    """What redis-py is told beside the address: `{argument of from_url: value}`."""
    if entrance is None:
        return {}
    return {
        "credential_provider": _Shown(entrance),
        "ssl_ca_certs": entrance.certificates,
        "ssl_cert_reqs": "required",
        "ssl_check_hostname": True,
    }


@contextmanager
def answering(server: str) -> Iterator[None]:
    """Raises Unavailable where the server does not answer or is away, Full where it is full."""
    try:
        yield
    except NoRoom as error:
        raise Full(server) from error
    except Away as error:
        raise Unavailable(server, error.how) from error
    except (redis.ConnectionError, redis.TimeoutError) as error:
        raise Unavailable(server) from error


class Script:
    """One Lua script, atomic on the server and one round trip."""

    def __init__(self, lua: str, *, server: str) -> None:
        self._lua = lua
        self._server = server
        # The name that the protocol gives a script.
        self.sha = hashlib.sha1(lua.encode(), usedforsecurity=False).hexdigest()

    def run(self, client: Client, keys: Sequence[str], args: Sequence[str | int | bytes]) -> Any:
        """What the script returns: numbers, texts as bytes, lists of them, or None (Lua's `false`).

        Raises:
            Unavailable: the server does not answer; whether the script ran is then unknown.
        """
        with answering(self._server):
            try:
                return client.evalsha(self.sha, len(keys), *keys, *args)
            except NoScriptError:
                return client.eval(self._lua, len(keys), *keys, *args)
