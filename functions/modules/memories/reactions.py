"""What people think of what is kept, and whom they want kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from functions.modules.memories.kept import Memory, memory_of
from functions.modules.memories.people import Somebody
from waddlebot.stores.postgres import Connection

PINS_LAST = timedelta(days=7)
"""A line that fewer wanted kept by then is forgotten."""


class Reactions:
    """The tables `memory_reactions` and `memory_pins`; works in its connection's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def turn(self, community: int, number: int, reaction: str, *, by: Somebody) -> bool | None:
        """This person's reaction, once: given where it was not, with any of their linked accounts,
        and else taken back.

        False where it was taken back, None where nothing is kept under that number.
        """
        values = {
            "community": community,
            "number": number,
            "platform": by.platform,
            "user": by.id,
            "reaction": reaction,
        }
        taken = self._connection.execute(
            """
            WITH mine AS MATERIALIZED (
                SELECT %(platform)s::text AS platform, %(user)s::text AS user_id
                UNION (SELECT platform, user_id
                    FROM linked_accounts(ARRAY[%(platform)s::text], ARRAY[%(user)s::text])
                    LIMIT 10))  -- one a platform; so each is looked up, and the table is not read
            DELETE FROM memory_reactions AS given USING memories, mine
            WHERE memories.id = memory_id AND memories.community_id = %(community)s
              AND number = %(number)s AND is_active
              AND (given.platform, given.user_id) = (mine.platform, mine.user_id)
              AND reaction_type = %(reaction)s
            """,
            values,
        )
        if taken.rowcount:
            return False
        given = self._connection.execute(
            """
            INSERT INTO memory_reactions (memory_id, community_id, platform, user_id, reaction_type)
            SELECT id, community_id, %(platform)s, %(user)s, %(reaction)s FROM memories
            WHERE community_id = %(community)s AND number = %(number)s AND is_active
            ON CONFLICT DO NOTHING RETURNING memory_id
            """,
            values,
        ).fetchone()
        return True if given else None

    def of(self, community: int, number: int) -> Mapping[str, int]:
        """How many people gave each, those that there are."""
        rows = self._connection.execute(
            """
            WITH given AS MATERIALIZED (
                SELECT reaction_type, memory_reactions.platform, user_id FROM memory_reactions
                JOIN memories ON memories.id = memory_id
                WHERE memories.community_id = %(community)s AND number = %(number)s
            ), known AS MATERIALIZED (
                SELECT same.* FROM (
                    SELECT array_agg(platform) AS platforms, array_agg(user_id) AS user_ids
                    FROM given
                ) AS asked, linked_accounts(platforms, user_ids) AS same)
            SELECT reaction_type,
                count(DISTINCT coalesce(person_id::text, platform || ':' || user_id)) AS given
            FROM given LEFT JOIN known USING (platform, user_id) GROUP BY reaction_type
            """,
            {"community": community, "number": number},
        ).fetchall()
        return {row["reaction_type"]: row["given"] for row in rows}

    def top(self, community: int, *, limit: int) -> list[tuple[Memory, int]]:
        """Those that most people reacted to, each person once, whichever of their accounts did."""
        rows = self._connection.execute(
            """
            WITH known AS MATERIALIZED (
                SELECT same.* FROM (
                    SELECT array_agg(platform) AS platforms, array_agg(user_id) AS user_ids FROM (
                        SELECT DISTINCT platform, user_id FROM memory_reactions
                        WHERE community_id = %(community)s) AS accounts
                ) AS asked, linked_accounts(platforms, user_ids) AS same)
            SELECT memories.*, voters FROM memories JOIN (
                SELECT memory_id,
                    count(DISTINCT coalesce(person_id::text, platform || ':' || user_id)) AS voters
                FROM memory_reactions LEFT JOIN known USING (platform, user_id)
                WHERE community_id = %(community)s GROUP BY memory_id
            ) AS liked ON memory_id = id
            WHERE community_id = %(community)s AND is_active
            ORDER BY voters DESC, number DESC LIMIT %(limit)s
            """,
            {"community": community, "limit": limit},
        ).fetchall()
        return [(memory_of(row), row["voters"]) for row in rows]

    def pin(self, community: int, message: str, *, by: Somebody, at: datetime) -> int:
        """How many want that line kept by now, this person too.

        Of two who pin at once one waits for the other: neither counts without the other.
        """
        where = {
            "community": community,
            "platform": by.platform,
            "message": message,
            "user": by.id,
            "at": at,
            "since": at - PINS_LAST,
        }
        self._connection.execute(
            """
            SELECT pg_advisory_xact_lock(
                hashtextextended(%(platform)s || ':' || %(message)s, %(community)s))
            """,
            where,
        )
        self._connection.execute(
            "DELETE FROM memory_pins WHERE community_id = %(community)s AND pinned_at < %(since)s",
            where,
        )
        self._connection.execute(
            """
            INSERT INTO memory_pins (community_id, platform, message, user_id, pinned_at)
            VALUES (%(community)s, %(platform)s, %(message)s, %(user)s, %(at)s)
            ON CONFLICT DO NOTHING
            """,
            where,
        )
        [row] = self._connection.execute(
            """
            SELECT count(*) AS pins FROM memory_pins
            WHERE community_id = %(community)s AND platform = %(platform)s AND message = %(message)s
            """,
            where,
        ).fetchall()
        return int(row["pins"])

    def unpin(self, community: int, platform: str, message: str) -> None:
        """Nobody need want it any more: it is kept."""
        self._connection.execute(
            "DELETE FROM memory_pins WHERE community_id = %s AND platform = %s AND message = %s",
            (community, platform, message),
        )

    def list_of(self, community: int, platform: str, user_id: str) -> list[tuple[int, str]]:
        """Number and reaction of what this person reacted to."""
        rows = self._connection.execute(
            """
            SELECT number, reaction_type FROM memory_reactions
            JOIN memories ON memories.id = memory_id
            WHERE memory_reactions.community_id = %s AND memory_reactions.platform = %s
              AND user_id = %s
            ORDER BY number, reaction_type
            """,
            (community, platform, user_id),
        ).fetchall()
        return [(row["number"], row["reaction_type"]) for row in rows]

    def pins_of(self, community: int, platform: str, user_id: str) -> list[tuple[str, datetime]]:
        """The platform's ids of the lines that this person wants kept, and since when."""
        rows = self._connection.execute(
            """
            SELECT message, pinned_at FROM memory_pins
            WHERE community_id = %s AND platform = %s AND user_id = %s ORDER BY pinned_at
            """,
            (community, platform, user_id),
        ).fetchall()
        return [(row["message"], row["pinned_at"]) for row in rows]

    def remove_all(self, community: int, platform: str, user_id: str) -> int:
        """How many reactions and pins of this person are gone."""
        whose = {"community": community, "platform": platform, "user": user_id}
        given = self._connection.execute(
            """
            DELETE FROM memory_reactions WHERE community_id = %(community)s
                AND platform = %(platform)s AND user_id = %(user)s
            """,
            whose,
        )
        pinned = self._connection.execute(
            """
            DELETE FROM memory_pins WHERE community_id = %(community)s
                AND platform = %(platform)s AND user_id = %(user)s
            """,
            whose,
        )
        return given.rowcount + pinned.rowcount
