"""The gateways' own way to the streams server: for waiting on many things at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import redis
from redis.asyncio import Redis
from redis.asyncio.connection import Connection, SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError

from waddlebot.stores.addresses import Address, address_at
from waddlebot.stores.valkey import Away, away_by, entering

ANSWER_SECONDS = 5.0
"""Longer than a reader waits for what is new."""
CONNECT_SECONDS = 1.0
AWAY = (redis.ConnectionError, redis.TimeoutError)
"""What every command raises while the server does not answer or is away (stores/valkey.py)."""


_GIVEN_ONCE = frozenset({"XREADGROUP", "XCLAIM"})
"""What they give is the consumer's from then on: asked again they do not give it again."""


class LostAnswer(redis.TimeoutError):
    """The connection ended while the answer was awaited; what it gives may be ours, unheard.

    As with what timed out nobody asks again: a job begins anew, with what is pending.
    """


@contextmanager
def heard_once(command_name: str) -> Iterator[None]:
    """Raises LostAnswer where the connection broke and what it gives would not be given again."""
    try:
        yield
    except redis.ConnectionError as broke:
        if command_name not in _GIVEN_ONCE or isinstance(broke, Away):
            raise
        raise LostAnswer(str(broke)) from broke


class _StreamsClient(Redis):
    async def _send_command_parse_response(
        self, conn: Any, command_name: Any, *args: Any, **options: Any
    ) -> Any:
        with heard_once(command_name):
            return await super()._send_command_parse_response(  # type: ignore[no-untyped-call]
                conn, command_name, *args, **options
            )


class _Truthful:
    """A connection whose server may be away although it answers."""

    async def read_response(self, *args: Any, **options: Any) -> Any:
        try:
            return await super().read_response(*args, **options)  # type: ignore[misc]
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


def open_streams(at: Address | str) -> Redis:
    """It connects at first use."""
    address = address_at(at)
    options: dict[str, Any] = {
        "protocol": 2,
        "socket_timeout": ANSWER_SECONDS,
        "socket_connect_timeout": CONNECT_SECONDS,
        "driver_info": None,  # as of stores/valkey.py
        # A kept connection may be stale; but what timed out may have happened.
        "retry": Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        **entering(address.entrance),
    }
    if address.is_cluster:
        from gateway_bot.streams_cluster import StreamsCluster  # few installations have one

        return cast(Redis, StreamsCluster.from_url(address.url, **options))
    client: Redis = _StreamsClient.from_url(address.url, **options)
    pool = client.connection_pool
    pool.connection_class = TRUTHFUL[pool.connection_class]
    return client
