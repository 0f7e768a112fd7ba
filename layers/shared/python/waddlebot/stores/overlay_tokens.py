"""Tokens of overlays' addresses: of each its hash alone."""

from __future__ import annotations

from datetime import datetime

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.overlays import OverlaySource
from waddlebot.stores.overlays import hash_token
from waddlebot.stores.postgres import Postgres


class OverlayTokens:
    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def community_of(
        self, token: str, source: OverlaySource, now: datetime
    ) -> CommunityId | None:
        """Whose this source is, None where nobody's: whatever is wrong with the token costs the
        same look-up of its hash.

        Raises Unavailable.
        """
        rows = self._postgres.write(
            """
            SELECT community_id FROM overlay_tokens
            WHERE source = %(source)s AND (token_hash = %(hash)s
                OR (previous_hash = %(hash)s AND previous_until > %(now)s))
            """,
            {"hash": hash_token(token), "source": source, "now": now},
        )
        return CommunityId(rows[0]["community_id"]) if rows else None
