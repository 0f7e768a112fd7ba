"""The sessions that API callers come back with: which place each belongs to."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import redis

from waddlebot.domain.errors import Unavailable
from waddlebot.stores import keys
from waddlebot.stores.valkey import CACHE, answering

LIFE_SECONDS = 3_600

log = logging.getLogger(__name__)


class ApiSessions:
    """While the cache server is away every session is unknown, which costs nothing but its id."""

    def __init__(self, cache: redis.Redis) -> None:
        self._cache = cache

    def places(self, session_ids: Sequence[str]) -> dict[str, str]:
        """The entity of each session that is known; one round trip, none without sessions."""
        if not session_ids:
            return {}
        try:
            with answering(CACHE):
                found = self._cache.mget([keys.session(one) for one in session_ids])
        except Unavailable:
            log.warning("sessions are unknown while the cache server is away")
            return {}
        return {
            one: entity.decode()
            for one, entity in zip(session_ids, found, strict=True)
            if isinstance(entity, bytes)
        }

    def keep(self, places: Mapping[str, str]) -> None:
        """For an hour from now, each with its entity; one round trip."""
        pipeline = self._cache.pipeline(transaction=False)
        for session_id, entity in places.items():
            pipeline.set(keys.session(session_id), entity, ex=LIFE_SECONDS)
        try:
            with answering(CACHE):
                pipeline.execute()
        except Unavailable:
            log.warning("sessions were not kept while the cache server is away")
