"""Which pages hold a socket open: in PostgreSQL, beside what is shown (docs/decisions/0113)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import LiteralString

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.overlays import OverlaySource
from waddlebot.stores.overlays import hash_token
from waddlebot.stores.postgres import Postgres

LIFE = timedelta(hours=2, minutes=1)
"""API Gateway ends each after two hours."""
OPENING = timedelta(seconds=10)
"""So long one may be known here and not be open yet: what says that it is gone is not believed."""
MOST_OF_A_SOURCE = 100
MOST_OF_A_COMMUNITY = 200

# Whether the address it was opened with is still good, or its grace runs.
GOOD = """
    EXISTS (
        SELECT FROM overlay_tokens
        WHERE overlay_tokens.community_id = overlay_sockets.community_id
            AND overlay_tokens.source = overlay_sockets.source
            AND (overlay_tokens.token_hash = overlay_sockets.token_hash
                OR (previous_hash = overlay_sockets.token_hash AND previous_until > now()))
    )
"""

_TAKE_OUTDATED: LiteralString = "DELETE FROM overlay_sockets WHERE ends_at <= %(now)s OR NOT "
_TAKE_OUTDATED += GOOD
_TAKE_OUTDATED += " RETURNING connection_id, ends_at > %(now)s AS is_open"

_LOOKING: LiteralString = """
    SELECT community_id, array_agg(connection_id) AS sockets FROM overlay_sockets
    WHERE community_id = ANY(%(communities)s) AND source = %(source)s AND ends_at > now() AND
"""
_LOOKING += GOOD
_LOOKING += " GROUP BY community_id"


class Seat(Enum):
    """Whether one more page may look."""

    FREE = "free"
    SOURCE_FULL = "source_full"
    COMMUNITY_FULL = "community_full"


class OverlaySockets:
    """Every method raises Unavailable."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def add(
        self,
        connection: str,
        community: CommunityId,
        source: OverlaySource,
        token: str,
        now: datetime,
    ) -> Seat:
        """Keeps it if there is room. Those that come in the same instant do not see each other, so
        that a few more than the most may be let in.
        """
        [row] = self._postgres.write(
            """
            WITH there AS (
                SELECT count(*) AS of_all, count(*) FILTER (WHERE source = %(source)s) AS of_source
                FROM overlay_sockets WHERE community_id = %(community)s AND ends_at > %(now)s
            ), added AS (
                INSERT INTO overlay_sockets
                    (connection_id, community_id, source, token_hash, connected_at, ends_at)
                SELECT %(connection)s, %(community)s, %(source)s, %(hash)s, %(now)s, %(ends_at)s
                FROM there WHERE of_all < %(most)s AND of_source < %(most_of_source)s
            )
            SELECT of_all, of_source FROM there
            """,
            {
                "connection": connection,
                "community": community,
                "source": source,
                "hash": hash_token(token),
                "now": now,
                "ends_at": now + LIFE,
                "most": MOST_OF_A_COMMUNITY,
                "most_of_source": MOST_OF_A_SOURCE,
            },
        )
        if row["of_source"] >= MOST_OF_A_SOURCE:
            return Seat.SOURCE_FULL
        return Seat.COMMUNITY_FULL if row["of_all"] >= MOST_OF_A_COMMUNITY else Seat.FREE

    def looking(
        self, communities: Sequence[CommunityId], source: OverlaySource
    ) -> Mapping[CommunityId, Sequence[str]]:
        """Who looks at this source of these communities; without those at which nobody does."""
        if not communities:
            return {}
        rows = self._postgres.write(
            _LOOKING, {"communities": list(communities), "source": source.value}
        )
        return {CommunityId(row["community_id"]): row["sockets"] for row in rows}

    def forget(self, connection: str) -> None:
        """It was closed."""
        self._postgres.write(
            "DELETE FROM overlay_sockets WHERE connection_id = %(connection)s",
            {"connection": connection},
        )

    def forget_gone(self, connections: Sequence[str], now: datetime) -> None:
        """Nobody is there. One that is just opening is kept."""
        self._postgres.write(
            """
            DELETE FROM overlay_sockets
            WHERE connection_id = ANY(%(connections)s) AND connected_at < %(opening)s
            """,
            {"connections": list(connections), "opening": now - OPENING},
        )

    def take_outdated(self, now: datetime) -> list[str]:
        """Forgets those whose address is good no more, and those past their end; the former, which
        are still open.
        """
        rows = self._postgres.write(
            _TAKE_OUTDATED,
            {"now": now},
        )
        return [row["connection_id"] for row in rows if row["is_open"]]
