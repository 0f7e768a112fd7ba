"""What a community says to newcomers, and whom it has welcomed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from functions.modules.welcome.kept_welcome import MODULE_NAME, Newcomer, Welcome
from waddlebot.domain.first_lines import MOST_A_MINUTE
from waddlebot.stores.first_lines import await_first_lines
from waddlebot.stores.postgres import Connection


class Welcomes:
    """Works in the transaction of its connection and neither commits nor rolls back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, community: int) -> Welcome:
        row = self._connection.execute(
            "SELECT * FROM welcomes WHERE community_id = %s", (community,)
        ).fetchone()
        if row is None:
            return Welcome()
        return Welcome(
            first_lines=row["first_lines"],
            joins=row["joins"],
            text=row["text"],
            place=row["place"],
            place_name=row["place_name"],
        )

    def hold(self, community: int) -> Welcome:
        """Held for this transaction: of two changes, and of two newcomers, one is first."""
        self._connection.execute(
            "INSERT INTO welcomes (community_id) VALUES (%s) ON CONFLICT DO NOTHING", (community,)
        )
        self._connection.execute(
            "SELECT FROM welcomes WHERE community_id = %s FOR UPDATE", (community,)
        )
        return self.find(community)

    def keep(self, community: int, welcome: Welcome) -> None:
        """In place of what was held. First lines are noted from now on, or no more."""
        self._connection.execute(
            """
            UPDATE welcomes SET first_lines = %(first_lines)s, joins = %(joins)s, text = %(text)s,
                place = %(place)s, place_name = %(place_name)s
            WHERE community_id = %(community)s
            """,
            {
                "community": community,
                "first_lines": welcome.first_lines,
                "joins": welcome.joins,
                "text": welcome.text,
                "place": welcome.place,
                "place_name": welcome.place_name,
            },
        )
        await_first_lines(self._connection, community, MODULE_NAME, wanted=welcome.first_lines)

    def greet(self, community: int, who: Newcomer, now: datetime) -> bool:
        """Whether this person is welcomed now: not with any account before, and no more than so
        many in a minute. The community's row is held.
        """
        if self._was_welcomed(community, who) or not self._has_room(community, now):
            return False
        self._connection.execute(
            """
            INSERT INTO people_welcomed (community_id, platform, user_id, welcomed_at)
            VALUES (%s, %s, %s, %s)
            """,
            (community, who.platform, who.id, now),
        )
        return True

    def _was_welcomed(self, community: int, who: Newcomer) -> bool:
        found = self._connection.execute(
            """
            SELECT FROM people_welcomed JOIN (
                SELECT %(platform)s::text AS platform, %(user)s::text AS user_id
                UNION (SELECT platform, user_id
                    FROM linked_accounts(ARRAY[%(platform)s::text], ARRAY[%(user)s::text])
                    LIMIT 10)  -- one a platform
            ) AS mine USING (platform, user_id)
            WHERE community_id = %(community)s LIMIT 1
            """,
            {"community": community, "platform": who.platform, "user": who.id},
        )
        return found.fetchone() is not None

    def _has_room(self, community: int, now: datetime) -> bool:
        counted = self._connection.execute(
            """
            UPDATE welcomes SET
                minute_at = CASE WHEN minute_at > %(before)s THEN minute_at ELSE %(now)s END,
                said = CASE WHEN minute_at > %(before)s THEN said + 1 ELSE 1 END
            WHERE community_id = %(community)s AND (minute_at <= %(before)s OR said < %(most)s)
            """,
            {
                "community": community,
                "now": now,
                "before": now - timedelta(minutes=1),
                "most": MOST_A_MINUTE,
            },
        )
        return counted.rowcount == 1

    def list_of(self, community: int, who: Newcomer) -> list[dict[str, Any]]:
        """When this account was welcomed: one row or none."""
        rows = self._connection.execute(
            """
            SELECT welcomed_at FROM people_welcomed
            WHERE (community_id, platform, user_id) = (%s, %s, %s)
            """,
            (community, who.platform, who.id),
        )
        return [dict(row) for row in rows.fetchall()]

    def forget(self, community: int, who: Newcomer) -> int:
        """How many rows went."""
        gone = self._connection.execute(
            """
            DELETE FROM people_welcomed
            WHERE (community_id, platform, user_id) = (%s, %s, %s)
            """,
            (community, who.platform, who.id),
        )
        return gone.rowcount
