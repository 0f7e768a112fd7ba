"""Points of people: one person's are the sum of what their accounts earned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waddlebot.domain.accounts import Account
from waddlebot.domain.custom_facts import PlaceAmongAll
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.reputation import GIVEN, GOT
from waddlebot.domain.standing_tiers import BEGIN, LEAST, MOST
from waddlebot.stores.own_writes import read_as_of
from waddlebot.stores.postgres import Postgres


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Points `here`, in one community, and `everywhere`, in all together.

    `standing` is that here, in thousandths, of all accounts together.
    """

    here: int
    everywhere: int
    standing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    at: datetime
    event: str
    points: int


class Reputation:
    """Every method raises Unavailable.

    `version` is the asked community's as the asking side knows it; without one the writer answers.
    Who has linked an account, or was erased, reads it at once.
    """

    def __init__(self, postgres: Postgres, *, version: str = "") -> None:
        self._postgres = postgres
        self._version = version

    def score(self, community: CommunityId, account: Account) -> Score:
        [row] = read_as_of(
            self._postgres,
            community,
            self._version,
            """
            SELECT coalesce(sum(points) FILTER (WHERE community_id = %(community)s), 0) AS here,
                coalesce(sum(points), 0) AS everywhere,
                greatest(%(least)s, least(%(most)s, %(begin)s + coalesce(
                    sum(standing - %(begin)s) FILTER (WHERE community_id = %(community)s), 0
                ))) AS standing
            FROM reputation JOIN accounts_of(%(platform)s, %(user)s) USING (platform, user_id)
            """,
            {
                "community": community,
                "platform": account.platform,
                "user": account.user_id,
                "least": LEAST,
                "begin": BEGIN,
                "most": MOST,
            },
        )
        return Score(
            here=int(row["here"]),
            everywhere=int(row["everywhere"]),
            standing=int(row["standing"]),
        )

    def standing(self, community: CommunityId, account: Account, *, ranked: bool) -> PlaceAmongAll:
        """Points here and, where `ranked`, the place among all who have any: that counts them."""
        [row] = read_as_of(
            self._postgres,
            community,
            self._version,
            """
            WITH own AS (
                SELECT coalesce(sum(points), 0)::bigint AS points
                FROM reputation JOIN accounts_of(%(platform)s, %(user)s) USING (platform, user_id)
                WHERE community_id = %(community)s
            ), people AS NOT MATERIALIZED (
                SELECT sum(points) AS points
                FROM reputation LEFT JOIN identities USING (platform, user_id)
                WHERE community_id = %(community)s
                GROUP BY coalesce(person_id::text, platform || ':' || user_id)
            )
            SELECT own.points,
                CASE WHEN %(ranked)s THEN (
                    SELECT count(*) FROM people WHERE people.points > own.points) + 1
                ELSE 0 END AS rank,
                CASE WHEN %(ranked)s THEN (SELECT count(*) FROM people) ELSE 0 END AS ranked
            FROM own
            """,
            {
                "community": community,
                "platform": account.platform,
                "user": account.user_id,
                "ranked": ranked,
            },
        )
        # Who never earned anything is behind them all, and one more.
        ranked_people = max(int(row["ranked"]), int(row["rank"]))
        return PlaceAmongAll(points=int(row["points"]), rank=int(row["rank"]), ranked=ranked_people)

    def history(self, community: CommunityId, account: Account, *, most: int) -> list[Earned]:
        """What was counted last, and what was given and got, the newest first."""
        rows = read_as_of(
            self._postgres,
            community,
            self._version,
            """
            WITH mine AS (SELECT * FROM accounts_of(%(platform)s, %(user)s))
            SELECT occurred_at AS at, event_name AS event, points
            FROM reputation_events JOIN mine USING (platform, user_id)
            WHERE community_id = %(community)s
            UNION ALL
            SELECT max(moved_at), CASE WHEN sum(amount) < 0 THEN %(given)s ELSE %(got)s END,
                sum(amount)::bigint
            FROM point_moves JOIN mine USING (platform, user_id)
            WHERE community_id = %(community)s GROUP BY move_id
            ORDER BY at DESC LIMIT %(most)s
            """,
            {
                "community": community,
                "platform": account.platform,
                "user": account.user_id,
                "given": GIVEN,
                "got": GOT,
                "most": most,
            },
        )
        return [
            Earned(at=datetime.fromisoformat(row["at"]), event=row["event"], points=row["points"])
            for row in rows
        ]
