"""Points that people gave each other, as a ledger; what they earned stands in `reputation`.

A move is written while the community is held (Edit.hold): what was read before stays so.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg.types.json import Jsonb

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.giving import DAY_HOURS, Purse
from waddlebot.stores.postgres import Connection, Postgres

_PURSES = """
    SELECT mine.platform, mine.user_id, (
        coalesce((
            SELECT points FROM reputation AS known
            WHERE (known.community_id, known.platform, known.user_id)
                = (%(community)s, mine.platform, mine.user_id)
        ), 0) + coalesce((
            SELECT sum(amount) FROM point_moves AS moved
            WHERE (moved.community_id, moved.platform, moved.user_id)
                = (%(community)s, mine.platform, mine.user_id)
        ), 0)
    )::bigint AS points
    FROM accounts_of(%(platform)s, %(user)s) AS mine
    ORDER BY (mine.platform, mine.user_id) <> (%(platform)s, %(user)s), mine.platform, mine.user_id
"""


class PointMoves:
    """In a change under way."""

    def __init__(self, connection: Connection, community: CommunityId) -> None:
        self._connection = connection
        self._community = community

    def purses(self, account: Account) -> list[Purse]:
        """What each account of the person has to give, this one first."""
        rows = self._connection.execute(_PURSES, self._about(account))
        return _purses_in(rows.fetchall())

    def given_lately(self, account: Account) -> int:
        """So many points the person gave within a day, with any account."""
        row = self._connection.execute(
            """
            SELECT coalesce(-sum(amount), 0)::bigint AS given
            FROM point_moves JOIN accounts_of(%(platform)s, %(user)s) USING (platform, user_id)
            WHERE community_id = %(community)s AND amount < 0
                AND moved_at > now() - %(hours)s * interval '1 hour'
            """,
            {**self._about(account), "hours": DAY_HOURS},
        ).fetchone()
        return int(row["given"]) if row else 0

    def move(self, move_id: str, taken: Sequence[Purse], to: Account) -> None:
        """From these accounts what is taken of each, all of it to one that is none of them."""
        rows = [
            *((*purse.account, -purse.points) for purse in taken),
            (*to, sum(purse.points for purse in taken)),
        ]
        self._connection.execute(
            """
            INSERT INTO point_moves (move_id, community_id, platform, user_id, amount)
            SELECT %(move)s, %(community)s, row.platform, row.user_id, row.amount
            FROM jsonb_to_recordset(%(rows)s) AS row (platform text, user_id text, amount bigint)
            """,
            {
                "move": move_id,
                "community": self._community,
                "rows": Jsonb(
                    [
                        {"platform": platform, "user_id": user, "amount": amount}
                        for platform, user, amount in rows
                    ]
                ),
            },
        )

    def _about(self, account: Account) -> dict[str, object]:
        return {
            "community": self._community,
            "platform": account.platform,
            "user": account.user_id,
        }


def purses_now(postgres: Postgres, community: CommunityId, account: Account) -> list[Purse]:
    """As `PointMoves.purses`, by the writer: who gave a moment ago reads it. Raises Unavailable."""
    about = {"community": community, "platform": account.platform, "user": account.user_id}
    return _purses_in(postgres.write(_PURSES, about))


def _purses_in(rows: Sequence[dict[str, object]]) -> list[Purse]:
    return [
        Purse(
            account=Account(str(row["platform"]), str(row["user_id"])),
            points=int(str(row["points"])),
        )
        for row in rows
    ]
