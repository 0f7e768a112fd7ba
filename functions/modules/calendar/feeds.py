"""Addresses at which programs read a community's events: signed, one a person, renewed at will."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from waddlebot.stores.postgres import Connection

_TOKEN = re.compile(r"(?P<id>\d{1,18})-(?P<signature>[0-9a-f]{40})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAddress:
    """Whose address it is; `token` is what is secret of it."""

    id: int
    community: int
    community_name: str
    platform: str
    user_id: str
    key: bytes

    @property
    def token(self) -> str:
        signed = hmac.new(self.key, f"calendar {self.id}".encode(), hashlib.sha256)
        return f"{self.id}-{signed.hexdigest()[:40]}"


class FeedAddresses:
    """The table `event_feeds`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def give(
        self, community: int, name: str, platform: str, user_id: str, *, anew: bool
    ) -> FeedAddress:
        """The same each time; `anew` ends the one before."""
        (row,) = self._connection.execute(
            """
            INSERT INTO event_feeds AS feeds (community_id, community_name, platform, user_id, key)
            VALUES (%(community)s, %(name)s, %(platform)s, %(user)s, %(key)s)
            ON CONFLICT (community_id, platform, user_id) DO UPDATE
            SET community_name = EXCLUDED.community_name,
                key = CASE WHEN %(anew)s THEN EXCLUDED.key ELSE feeds.key END
            RETURNING *
            """,
            {
                "community": community,
                "name": name,
                "platform": platform,
                "user": user_id,
                "key": secrets.token_bytes(32),
                "anew": anew,
            },
        ).fetchall()
        return _address(row)

    def find(self, token: str) -> FeedAddress | None:
        """None where nobody was given that one, or not any more."""
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        statement = "SELECT * FROM event_feeds WHERE id = %s"
        row = self._connection.execute(statement, (int(parts["id"]),)).fetchone()
        found = _address(row) if row else None
        return found if found and hmac.compare_digest(found.token, token) else None

    def remove(self, community: int, platform: str, user_id: str) -> int:
        return self._connection.execute(
            "DELETE FROM event_feeds WHERE community_id = %s AND platform = %s AND user_id = %s",
            (community, platform, user_id),
        ).rowcount


def _address(row: Mapping[str, Any]) -> FeedAddress:
    return FeedAddress(
        id=row["id"],
        community=row["community_id"],
        community_name=row["community_name"],
        platform=row["platform"],
        user_id=row["user_id"],
        key=row["key"],
    )
