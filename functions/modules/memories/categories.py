"""What a community sorts its memories by: a few names that its moderators give."""

from __future__ import annotations

from dataclasses import dataclass

from functions.modules.memories.people import Somebody
from waddlebot.stores.postgres import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryCategory:
    """`kept` is how many memories are in it."""

    name: str
    description: str
    kept: int


class Categories:
    """The table `memory_categories`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_all(self, community: int) -> list[MemoryCategory]:
        """By name."""
        statement = """
            SELECT name, description, (
                SELECT count(*) FROM memories
                WHERE community_id = %(community)s AND category = name AND is_active
            ) AS kept
            FROM memory_categories WHERE community_id = %(community)s ORDER BY name
            """
        rows = self._connection.execute(statement, {"community": community}).fetchall()
        return [MemoryCategory(**row) for row in rows]

    def names(self, community: int) -> list[str]:
        statement = "SELECT name FROM memory_categories WHERE community_id = %s ORDER BY name"
        rows = self._connection.execute(statement, (community,)).fetchall()
        return [row["name"] for row in rows]

    def add(self, community: int, name: str, description: str, *, by: Somebody) -> bool:
        """False where there is one already: it has the new description."""
        statement = """
            INSERT INTO memory_categories AS known
                (community_id, name, description, platform, created_by)
            VALUES (%s, %s, %s, %s, %s)
            ON CONFLICT (community_id, name) DO UPDATE SET description = EXCLUDED.description
            RETURNING xmax = 0 AS is_new
            """
        values = (community, name, description, by.platform, by.id)
        [row] = self._connection.execute(statement, values).fetchall()
        return bool(row["is_new"])

    def drop(self, community: int, name: str) -> int | None:
        """How many memories were in it, which stay; None where there is none."""
        gone = self._connection.execute(
            "DELETE FROM memory_categories WHERE community_id = %s AND name = %s", (community, name)
        )
        if not gone.rowcount:
            return None
        return self._connection.execute(
            "UPDATE memories SET category = '' WHERE community_id = %s AND category = %s",
            (community, name),
        ).rowcount

    def forget_who_added(self, community: int, platform: str, user_id: str) -> int:
        """How many stay without saying who made them."""
        return self._connection.execute(
            """
            UPDATE memory_categories SET created_by = ''
            WHERE community_id = %s AND platform = %s AND created_by = %s
            """,
            (community, platform, user_id),
        ).rowcount

    def list_made_by(self, community: int, platform: str, user_id: str) -> list[str]:
        statement = """
            SELECT name FROM memory_categories
            WHERE community_id = %s AND platform = %s AND created_by = %s ORDER BY name
            """
        rows = self._connection.execute(statement, (community, platform, user_id)).fetchall()
        return [row["name"] for row in rows]
