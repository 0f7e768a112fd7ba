"""Who has the most points: of all time or since a moment, everywhere or on one platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.own_writes import read_as_of
from waddlebot.stores.postgres import Connection, Postgres

_OF_ALL_TIME = """
    WITH earned AS (
        SELECT platform, user_id, name, points FROM reputation
        WHERE community_id = %(community)s
            AND (%(platform)s = '' OR platform = %(platform)s)
    )"""
# An event of yesterday that came late may stand in today's partition, never in one before its day.
_SINCE = """
    WITH earned AS (
        SELECT platform, user_id, max(known.name) AS name, sum(counted.points) AS points
        FROM reputation_events AS counted
        JOIN reputation AS known USING (community_id, platform, user_id)
        WHERE community_id = %(community)s
            AND (%(platform)s = '' OR platform = %(platform)s)
            AND counted.occurred_on >= (%(since)s::timestamptz AT TIME ZONE 'UTC')::date
            AND counted.occurred_at >= %(since)s
        GROUP BY platform, user_id
    )"""
# Who hid one account is hidden with all that are linked, also with those of later.
_PLACED = """
    , hidden AS (
        SELECT coalesce(person_id::text, platform || ':' || user_id) AS who
        FROM leaderboard_hidden LEFT JOIN identities USING (platform, user_id)
        WHERE community_id = %(community)s
    ), people AS (
        SELECT coalesce(person_id::text, platform || ':' || user_id) AS who,
            (array_agg(earned.name ORDER BY points DESC, earned.name))[1] AS name,
            sum(points)::bigint AS points, array_agg(DISTINCT platform) AS platforms
        FROM earned LEFT JOIN identities USING (platform, user_id)
        GROUP BY coalesce(person_id::text, platform || ':' || user_id)
        HAVING sum(points) > 0
    )
    SELECT name, points, platforms, rank() OVER (ORDER BY points DESC) AS place
    FROM people WHERE who NOT IN (SELECT who FROM hidden)
    ORDER BY points DESC, name, who LIMIT %(most)s
"""
_ALL_TIME_BOARD = _OF_ALL_TIME + _PLACED
_BOARD_SINCE = _SINCE + _PLACED


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """`platforms` are those where the person has accounts that earned on this board.

    Those with as many points have one `place`, and the next is as far behind as there are people
    before it.
    """

    place: int
    name: str
    points: int
    platforms: tuple[str, ...]


class Leaderboards:
    """Raises Unavailable.

    `version` is the asked community's as the asking side knows it; without one the writer answers.
    Who has linked an account, hides, or was erased, reads it at once.
    """

    def __init__(self, postgres: Postgres, *, version: str = "") -> None:
        self._postgres = postgres
        self._version = version

    def leaders(
        self,
        community: CommunityId,
        *,
        most: int,
        since: datetime | None = None,
        platform: str = "",
    ) -> list[Placed]:
        """The highest first; linked accounts are one, by the name of the one that earned most.

        `since` is at most 30 days back: so long what was counted is kept. None is all time.
        """
        rows = read_as_of(
            self._postgres,
            community,
            self._version,
            _ALL_TIME_BOARD if since is None else _BOARD_SINCE,
            {"community": community, "most": most, "since": since, "platform": platform},
        )
        return [
            Placed(
                place=row["place"],
                name=row["name"],
                points=row["points"],
                platforms=tuple(row["platforms"]),
            )
            for row in rows
        ]


def hide_from_boards(connection: Connection, community: CommunityId, account: Account) -> None:
    """The person stands on no leaderboard there, with any of their accounts.

    Each is kept: parted later, none is shown by that.
    """
    connection.execute(
        """
        INSERT INTO leaderboard_hidden (community_id, platform, user_id)
        SELECT %(community)s, platform, user_id FROM accounts_of(%(platform)s, %(user)s)
        ON CONFLICT DO NOTHING
        """,
        {"community": community, "platform": account.platform, "user": account.user_id},
    )


def show_on_boards(connection: Connection, community: CommunityId, account: Account) -> bool:
    """Whether they were hidden."""
    shown = connection.execute(
        """
        DELETE FROM leaderboard_hidden USING accounts_of(%(platform)s, %(user)s) AS mine
        WHERE community_id = %(community)s AND leaderboard_hidden.platform = mine.platform
            AND leaderboard_hidden.user_id = mine.user_id
        """,
        {"community": community, "platform": account.platform, "user": account.user_id},
    )
    return shown.rowcount > 0
