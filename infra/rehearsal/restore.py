"""A night's restore as the page has it, with a copy of the database in place of RDS's own."""

from __future__ import annotations

from typing import LiteralString

import psycopg

from infra.rehearsal.page import FollowedPage
from infra.rehearsal.progress import RehearsalFailed
from infra.rehearsal.servers import RehearsalServers

QUOTES = 25
_ADD: LiteralString = """
    INSERT INTO memories
        (community_id, number, kind, content, platform, created_by, created_by_name)
    SELECT 0, number, 'quote', 'Quote ' || number, 'twitch', '7', 'Max'
    FROM generate_series(1, %s) AS number
"""
_LOSE: LiteralString = "DELETE FROM memories WHERE community_id = 0 AND number > 5"
_COUNT: LiteralString = "SELECT count(*) FROM memories WHERE community_id = 0"


class RehearsedRestore:
    """Quotes that are lost are back, brought by the function that was deployed."""

    def __init__(self, servers: RehearsalServers, page: FollowedPage) -> None:
        self._servers = servers
        self._page = page

    def bring_back(self) -> str:
        """Raises RehearsalFailed."""
        with psycopg.connect(self._servers.owners_url) as owner:
            owner.execute(_ADD, (QUOTES,))
        copy = self._servers.copy()
        with psycopg.connect(self._servers.owners_url) as owner:
            owner.execute(_LOSE)
        said = self._page.follow("restore-rows", NAME=copy)
        with psycopg.connect(self._servers.owners_url) as owner:
            [(count,)] = owner.execute(_COUNT).fetchall()
        if count != QUOTES or f"{QUOTES - 5}" not in said:
            raise RehearsalFailed(f"{count} of {QUOTES} quotes are back: {said[-1500:]}")
        return f"{QUOTES - 5} rows that were lost came back from {copy}"
