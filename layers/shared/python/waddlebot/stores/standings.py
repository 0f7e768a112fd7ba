"""What one person is and has in each community, over all their accounts."""

from __future__ import annotations

from dataclasses import dataclass

from waddlebot.domain.accounts import Account
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk.roles import Role, highest

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityStanding:
    """In one community; `role` is what was given there, whatever platforms say."""

    community: str
    role: Role
    points: int


def standings_of(postgres: Postgres, account: Account) -> list[CommunityStanding]:
    """Those with the most points first. Raises Unavailable."""
    rows = postgres.write(
        """
        WITH mine AS (
            SELECT * FROM accounts_of(%(platform)s, %(user)s)
        ), earned AS (
            SELECT community_id, sum(points)::bigint AS points
            FROM reputation JOIN mine USING (platform, user_id) GROUP BY community_id
        ), given AS (
            SELECT community_id, array_agg(role) AS roles
            FROM community_members JOIN mine USING (platform, user_id)
            WHERE entity_id = '' GROUP BY community_id
        )
        SELECT name, coalesce(points, 0) AS points, roles FROM communities
        LEFT JOIN earned ON earned.community_id = communities.id
        LEFT JOIN given ON given.community_id = communities.id
        WHERE points IS NOT NULL OR roles IS NOT NULL
        ORDER BY points DESC NULLS LAST, name LIMIT %(most)s
        """,
        {"platform": account.platform, "user": account.user_id, "most": MOST},
    )
    return [
        CommunityStanding(
            community=row["name"],
            role=highest(Role.USER, *map(Role, row["roles"] or ())),
            points=row["points"],
        )
        for row in rows
    ]
