"""The door to a Valkey server: timeouts, scripts, and what is done when it is away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, OutOfMemoryError, ReadOnlyError
from redis.retry import Retry

from waddlebot.domain.errors import Unavailable

Client = redis.Redis

TIMEOUT_SECONDS = 1.0
CACHE = "the cache server"
LIMITS = "the limits server"
STREAMS = "the streams server"


def connect(url: str, patience_seconds: float = TIMEOUT_SECONDS) -> Client:
    """A client for `redis://:password@host:port/0`; it connects at first use.

    `patience_seconds` is for connecting and for each answer.
    """
    return redis.Redis.from_url(
        url,
        socket_timeout=patience_seconds,
        socket_connect_timeout=patience_seconds,
        protocol=2,
        decode_responses=False,
        # A kept connection may be stale; but what timed out may have happened.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )


@contextmanager
def answering(server: str) -> Iterator[None]:
    """Raises Unavailable where the server does not answer, or does not take writes."""
    try:
        yield
    except (redis.ConnectionError, redis.TimeoutError, OutOfMemoryError, ReadOnlyError) as error:
        raise Unavailable(server) from error


class Script:
    """One Lua script, atomic on the server and one round trip."""

    def __init__(self, lua: str, *, server: str) -> None:
        self._lua = lua
        self._server = server
        # The name that the protocol gives a script.
        self.sha = hashlib.sha1(lua.encode(), usedforsecurity=False).hexdigest()

    def run(self, client: Client, keys: Sequence[str], args: Sequence[str | int | bytes]) -> Any:
        """What the script returns; text as bytes.

        Raises:
            Unavailable: the server does not answer; whether the script ran is then unknown.
        """
        with answering(self._server):
            try:
                return client.evalsha(self.sha, len(keys), *keys, *args)
            except NoScriptError:
                return client.eval(self._lua, len(keys), *keys, *args)
