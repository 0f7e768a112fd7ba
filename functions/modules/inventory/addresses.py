"""Secret addresses where an inventory is fetched as a file for a while."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from waddlebot.stores.postgres import Connection


class SecretAddresses:
    """The table `inventory_addresses`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def make(self, community: int, *, at: datetime, until: datetime) -> str:
        """What stands in the address; the table keeps its hash alone. Those that are over go."""
        token = secrets.token_urlsafe(24)
        self._connection.execute(
            "DELETE FROM inventory_addresses WHERE community_id = %s AND good_until < %s",
            (community, at),
        )
        self._connection.execute(
            "INSERT INTO inventory_addresses VALUES (%s, %s, %s)", (_hash(token), community, until)
        )
        return token

    def find_community(self, token: str) -> int | None:
        """Whose inventory it is; None where nobody was told this address, or it is over."""
        row = self._connection.execute(
            """
            SELECT community_id FROM inventory_addresses
            WHERE token_hash = %s AND good_until > now()
            """,
            (_hash(token),),
        ).fetchone()
        return int(row["community_id"]) if row else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
