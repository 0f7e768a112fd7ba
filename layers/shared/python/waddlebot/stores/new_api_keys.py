"""Keys that were made a moment ago, and that a lagging replica may not have yet.

Told through the cache server, so that nobody asks the writer about what strangers invent.
"""

from __future__ import annotations

import logging

import redis

from waddlebot.domain.errors import Unavailable
from waddlebot.stores import keys
from waddlebot.stores.valkey import CACHE, answering

KEPT_SECONDS = 3_600
"""So long a replica may lag, and a new key works at once all the same."""

log = logging.getLogger(__name__)


class NewApiKeys:
    """While the cache server is away, or without one, a key is new to nobody."""

    def __init__(self, cache: redis.Redis | None) -> None:
        self._cache = cache

    def announce(self, key_hash: bytes) -> None:
        """After the commit."""
        if self._cache is None:
            return
        try:
            with answering(CACHE):
                self._cache.set(keys.new_api_key(key_hash.hex()), b"", ex=KEPT_SECONDS)
        except Unavailable:
            log.warning("a new key works once the replica has it")

    def holds(self, key_hash: bytes) -> bool:
        if self._cache is None:
            return False
        try:
            with answering(CACHE):
                return bool(self._cache.exists(keys.new_api_key(key_hash.hex())))
        except Unavailable:
            return False
