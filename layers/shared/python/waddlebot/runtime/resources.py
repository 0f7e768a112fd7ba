"""What a function works with, made at first use and kept as long as its process lives.

Nothing is connected before the first invocation: a snapshot or a fork holds no sockets.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import redis

from waddlebot.domain.public_addresses import PublicAddress, public_address
from waddlebot.runtime.entering import address_of, find_address
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.invoke import Invoker
from waddlebot.runtime.needs import (
    MEDIA_ADDRESS,
    PUBLIC_URL,
    SEAL_KEY,
    SEAL_KEY_BEFORE,
    SIGNING_KEY,
    STAND_INS,
    VARIABLES,
    Need,
)
from waddlebot.runtime.snapshots import load_for_snapshot
from waddlebot.runtime.stream_partitions import partitions_of
from waddlebot.stores.keys import Partitions
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.valkey import connect

if TYPE_CHECKING:
    from waddlebot.outside.client import OutsideClient
    from waddlebot.runtime.media_bucket import MediaBucket
    from waddlebot.runtime.socket_writer import SocketWriter
    from waddlebot.stores.connections import Connections
    from waddlebot.stores.sealing import Seal

load_for_snapshot()


class Resources:
    """Each raises MissingVariable where the function was not granted it."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    @cached_property
    def postgres(self) -> Postgres:
        return Postgres(
            address_of(self._environment, VARIABLES[Need.WRITER]),
            find_address(self._environment, VARIABLES[Need.REPLICA]),
            name=self._environment.find("AWS_LAMBDA_FUNCTION_NAME", "waddlebot"),
        )

    @cached_property
    def cache(self) -> redis.Redis:
        return self._valkey(Need.CACHE)

    @cached_property
    def limits(self) -> redis.Redis:
        return self._valkey(Need.LIMITS)

    @cached_property
    def streams(self) -> redis.Redis:
        return self._valkey(Need.STREAMS)

    @cached_property
    def partitions(self) -> Partitions:
        return partitions_of(self._environment)

    @cached_property
    def invoke(self) -> Invoker:
        return Invoker(self._environment)

    @cached_property
    def outside(self) -> OutsideClient:
        """Everybody else's servers. Its breakers are shared where the cache server is granted."""
        from waddlebot.outside.client import build_outside  # few functions reach out

        has_cache = self._environment.find(VARIABLES[Need.CACHE])
        return build_outside(
            self.cache if has_cache else None, stand_ins=self._environment.find(STAND_INS)
        )

    @cached_property
    def overlay_sockets(self) -> SocketWriter:
        from waddlebot.runtime.socket_writer import SocketWriter  # one function writes to them

        return SocketWriter(self._environment, "overlay")

    @cached_property
    def media_bucket(self) -> MediaBucket:
        from waddlebot.runtime.media_bucket import MediaBucket  # three functions know it

        return MediaBucket(self._environment)

    @property
    def media_address(self) -> str:
        """The host of media files; empty where the house serves them at its own."""
        return self._environment.find(MEDIA_ADDRESS)

    @property
    def public_address(self) -> PublicAddress:
        return public_address(self._environment.find(PUBLIC_URL))

    @property
    def signing_key(self) -> str:
        """Empty where it is not set: then nothing can be signed."""
        return self._environment.find(SIGNING_KEY)

    @property
    def seal(self) -> Seal:
        """Under the key of now, which may be changed. Raises SealLost too, where it is none."""
        from waddlebot.stores.sealing import Seal  # few functions open what is sealed

        return Seal.under(
            self._environment[SEAL_KEY], before=self._environment.find(SEAL_KEY_BEFORE)
        )

    @property
    def seal_or_lost(self) -> Seal:
        """As `seal`, where its key may not be set. Raises SealLost."""
        from waddlebot.stores.sealing import SealLost

        if not self._environment.find(SEAL_KEY):
            raise SealLost(SEAL_KEY, "is not set")
        return self.seal

    @property
    def connections(self) -> Connections:
        from waddlebot.stores.connections import Connections

        return Connections(self.postgres, self.seal)

    def secret(self, variable: str) -> str:
        return self._environment[variable]

    def _valkey(self, need: Need) -> redis.Redis:
        return connect(address_of(self._environment, VARIABLES[need]))

    def close(self) -> None:
        """What was made is given back; for tests and orderly ends."""
        made = vars(self)
        for name in ("postgres", "invoke", "outside", "cache", "limits", "streams"):
            if name in made:
                made.pop(name).close()
