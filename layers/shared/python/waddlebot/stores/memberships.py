"""In which communities somebody is: where they were seen, and were not sent away since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import GLOBAL_COMMUNITY, CommunityId
from waddlebot.domain.labels import Applied
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk.roles import Role, highest

MOST = 20

# A role is given by hand, and points may be older than any line that is kept: both count as seen
# long ago. Private talk is no place where anybody is seen.
_STATEMENT = """
    WITH accounts AS (
        SELECT * FROM accounts_of(%(platform)s, %(user)s)
    ), seen AS (
        SELECT community_id, platform, user_id, occurred_at AS at
        FROM messages JOIN accounts USING (platform, user_id)
        WHERE NOT is_private_place(entity_id)
        UNION ALL SELECT community_id, platform, user_id, occurred_at
        FROM command_executions JOIN accounts USING (platform, user_id)
        WHERE NOT is_private_place(entity_id)
        UNION ALL SELECT community_id, platform, user_id, occurred_at
        FROM happenings JOIN accounts USING (platform, user_id)
        WHERE NOT is_private_place(entity_id) AND type <> ALL(%(departing)s)
        UNION ALL SELECT community_id, platform, user_id, coalesce(last_message_at, '-infinity')
        FROM reputation JOIN accounts USING (platform, user_id)
        UNION ALL SELECT community_id, platform, user_id, '-infinity'
        FROM community_members JOIN accounts USING (platform, user_id)
        -- Who writes in a workspace's private talk is in the workspace.
        UNION ALL SELECT community_id, %(platform)s, %(user)s, now()
        FROM entities WHERE platform = %(platform)s AND server_id = %(server)s
        -- A channel of Twitch has its owner's id.
        UNION ALL SELECT community_id, accounts.platform, user_id, '-infinity'
        FROM entities JOIN accounts ON entity_id = 'twitch:channel:' || user_id
        WHERE accounts.platform = 'twitch'
    ), last AS (
        SELECT community_id, platform, user_id, max(at) AS at FROM seen
        WHERE community_id > %(everywhere)s GROUP BY community_id, platform, user_id
    ), gone AS (
        SELECT community_id, platform, user_id, type
        FROM departures JOIN accounts USING (platform, user_id)
        LEFT JOIN last USING (community_id, platform, user_id)
        WHERE CASE WHEN until IS NULL THEN coalesce(at <= departed_at, true) ELSE until > now() END
    )
    SELECT id, name, home, (SELECT min(platform || ':' || user_id) FROM accounts) AS whose, (
        SELECT array_agg(role) FROM community_members JOIN accounts USING (platform, user_id)
        WHERE community_id IN (communities.id, %(everywhere)s) AND entity_id = ''
    ) AS roles, EXISTS (
        SELECT FROM entities JOIN accounts ON entity_id = 'twitch:channel:' || user_id
        WHERE accounts.platform = 'twitch' AND entity_id = home AND community_id = communities.id
    ) AS is_broadcaster, (
        SELECT jsonb_agg(jsonb_build_object('name', labels.name, 'until', expires_at))
        FROM accounts
        JOIN entity_labels ON thing = accounts.platform || ':' || accounts.user_id
        JOIN labels ON labels.id = label_id
        WHERE entity_labels.community_id = communities.id AND kind = 'user'
    ) AS labels
    FROM communities
    WHERE EXISTS (
        SELECT FROM last LEFT JOIN gone USING (community_id, platform, user_id)
        WHERE community_id = communities.id AND type IS NULL
    ) AND NOT EXISTS (
        -- Who was sent away with one account does not come back with another.
        SELECT FROM gone WHERE community_id = communities.id AND type <> 'member_leave'
    ) AND EXISTS (
        SELECT FROM entities
        WHERE community_id = communities.id AND NOT is_private_place(entity_id)
    )
    ORDER BY lower(name), id LIMIT %(most)s
"""
DEPARTING = ("ban", "kick", "member_leave", "timeout")
"""Events after which somebody is not there, for a while or until they are seen again."""
_ABOUT_SOMEBODY = (*DEPARTING, "warn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """`role` is what was given in all of the community; `whose` the first account of the person."""

    community: CommunityId
    name: str
    home: str | None
    role: Role
    labels: tuple[Applied, ...]
    whose: str = ""

    @classmethod
    def of_nobody(cls, community: CommunityId) -> Membership:
        """Whoever acts there has no rights."""
        return cls(community=community, name="", home=None, role=Role.USER, labels=())


def memberships_of(
    postgres: Postgres, account: Account, *, server: str | None = None
) -> list[Membership]:
    """By the communities' names; `server` is the workspace that private talk lies in.

    The writer is asked: who was sent away a moment ago is gone.

    Raises:
        Unavailable: it does not answer.
    """
    rows = postgres.write(
        _STATEMENT,
        {
            "platform": account.platform,
            "user": account.user_id,
            "server": server,
            "everywhere": GLOBAL_COMMUNITY,
            "departing": list(_ABOUT_SOMEBODY),
            "most": MOST,
        },
    )
    return [_membership(row) for row in rows]


def _membership(row: Mapping[str, Any]) -> Membership:
    return Membership(
        community=CommunityId(row["id"]),
        name=row["name"],
        home=row["home"],
        role=_role(row),
        labels=tuple(map(_label, row["labels"] or ())),
        whose=row["whose"],
    )


def _role(row: Mapping[str, Any]) -> Role:
    """What this release has no word for gives nobody anything."""
    given = [Role(role) for role in row["roles"] or () if role in set(Role)]
    return highest(Role.USER, *given, *([Role.OWNER] if row["is_broadcaster"] else []))


def _label(row: Mapping[str, Any]) -> Applied:
    until = row["until"]
    return Applied(name=row["name"], until=datetime.fromisoformat(until) if until else None)
