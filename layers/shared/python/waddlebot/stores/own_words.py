"""A community's own words, as they stand among its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.own_words import USUAL_PREFIX, OwnWords
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.settings import NAMES, OURS

_OF = "SELECT settings FROM communities WHERE id = %(id)s"


def words_in(settings: Mapping[str, Mapping[str, Any]]) -> OwnWords:
    """`settings` are those of a community, by module and name."""
    prefix = settings.get(OURS, {}).get("prefix", USUAL_PREFIX)
    return OwnWords(prefix=prefix, names=settings.get(NAMES, {}))


def words_of(connection: Connection, community: CommunityId) -> OwnWords:
    """The usual ones where there is no such community."""
    return _words(connection.execute(_OF, {"id": community}).fetchall())


def read_words(postgres: Postgres, community: CommunityId) -> OwnWords:
    """As `words_of`, outside of a transaction. Raises Unavailable."""
    return _words(postgres.write(_OF, {"id": community}))


def words_at(connection: Connection, place: EntityId) -> OwnWords:
    """Of the community that a place belongs to."""
    rows = connection.execute(
        """
        SELECT settings FROM communities JOIN entities ON communities.id = community_id
        WHERE entity_id = %(place)s
        """,
        {"place": place},
    )
    return _words(rows.fetchall())


def _words(rows: Sequence[Mapping[str, Any]]) -> OwnWords:
    return words_in(rows[0]["settings"]) if rows else OwnWords()
