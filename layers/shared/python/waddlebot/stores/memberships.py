"""In which communities somebody is: where they were seen, and were not sent away since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import GLOBAL_COMMUNITY, CommunityId
from waddlebot.domain.labels import Applied
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk.roles import Role, highest

MOST = 20

# A role is given by hand, and points may be older than any line that is kept: both count as seen
# long ago. Private talk is no place where anybody is seen.
_STATEMENT = """
    WITH asked AS (
        SELECT * FROM unnest(%(platforms)s::text[], %(users)s::text[], %(servers)s::text[])
            WITH ORDINALITY AS asked (platform, user_id, server, n)
    ), accounts AS (
        SELECT n, theirs.platform, theirs.user_id
        FROM asked, accounts_of(asked.platform, asked.user_id) AS theirs
    ), seen AS (
        SELECT n, community_id, platform, user_id, occurred_at AS at
        FROM messages JOIN accounts USING (platform, user_id)
        WHERE NOT is_private_place(entity_id)
        UNION ALL SELECT n, community_id, platform, user_id, occurred_at
        FROM command_executions JOIN accounts USING (platform, user_id)
        WHERE NOT is_private_place(entity_id)
        UNION ALL SELECT n, community_id, platform, user_id, occurred_at
        FROM happenings JOIN accounts USING (platform, user_id)
        WHERE NOT is_private_place(entity_id) AND type <> ALL(%(departing)s)
        UNION ALL SELECT n, community_id, platform, user_id, coalesce(last_message_at, '-infinity')
        FROM reputation JOIN accounts USING (platform, user_id)
        UNION ALL SELECT n, community_id, platform, user_id, '-infinity'
        FROM community_members JOIN accounts USING (platform, user_id)
        -- Who writes in a workspace's private talk is in the workspace.
        UNION ALL SELECT n, community_id, asked.platform, asked.user_id, now()
        FROM entities JOIN asked ON entities.platform = asked.platform AND server_id = asked.server
        -- A channel of Twitch has its owner's id.
        UNION ALL SELECT n, community_id, accounts.platform, user_id, '-infinity'
        FROM entities JOIN accounts ON entity_id = 'twitch:channel:' || user_id
        WHERE accounts.platform = 'twitch'
    ), last AS (
        SELECT n, community_id, platform, user_id, max(at) AS at FROM seen
        WHERE community_id > %(everywhere)s GROUP BY n, community_id, platform, user_id
    ), gone AS (
        SELECT n, community_id, platform, user_id, type
        FROM departures JOIN accounts USING (platform, user_id)
        LEFT JOIN last USING (n, community_id, platform, user_id)
        WHERE CASE WHEN until IS NULL THEN coalesce(at <= departed_at, true) ELSE until > now() END
    ), there AS (
        SELECT n, community_id FROM last LEFT JOIN gone USING (n, community_id, platform, user_id)
        WHERE type IS NULL
        -- Who was sent away with one account does not come back with another.
        EXCEPT SELECT n, community_id FROM gone WHERE type <> 'member_leave'
    ), numbered AS (
        -- Whoever has moved away is at home there no more.
        SELECT n, communities.id, name, CASE WHEN EXISTS (
                SELECT FROM entities WHERE community_id = communities.id
                    AND communities.home IN (entity_id, platform || ':server:' || server_id)
            ) THEN communities.home END AS home,
            row_number() OVER (PARTITION BY n ORDER BY lower(name), communities.id) AS number
        FROM there JOIN communities ON communities.id = community_id
        WHERE EXISTS (
            SELECT FROM entities
            WHERE community_id = communities.id AND NOT is_private_place(entity_id)
        )
    )
    SELECT n, id, name, home, (
        SELECT min(platform || ':' || user_id) FROM accounts WHERE accounts.n = numbered.n
    ) AS whose, (
        SELECT array_agg(role) FROM community_members JOIN accounts USING (platform, user_id)
        WHERE accounts.n = numbered.n AND community_id IN (id, %(everywhere)s) AND entity_id = ''
    ) AS roles, EXISTS (
        SELECT FROM entities JOIN accounts ON entity_id = 'twitch:channel:' || user_id
        WHERE accounts.n = numbered.n AND accounts.platform = 'twitch' AND entity_id = home
            AND community_id = id
    ) AS is_broadcaster, (
        SELECT jsonb_agg(jsonb_build_object('name', labels.name, 'until', expires_at))
        FROM accounts
        JOIN entity_labels ON thing = accounts.platform || ':' || accounts.user_id
        JOIN labels ON labels.id = label_id
        WHERE accounts.n = numbered.n AND entity_labels.community_id = numbered.id
            AND kind = 'user'
    ) AS labels
    FROM numbered WHERE number <= %(most)s ORDER BY n, number
"""
DEPARTING = ("ban", "kick", "member_leave", "timeout")
"""Events after which somebody is not there, for a while or until they are seen again."""
_ABOUT_SOMEBODY = (*DEPARTING, "warn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """`role` is what was given in all of the community; `whose` the first account of the person.

    `home` is what it was founded for, as long as that belongs to it.
    """

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


class Whose(NamedTuple):
    """`server` is the workspace that the account's private talk lies in."""

    account: Account
    server: str | None = None


def memberships_of(postgres: Postgres, whose: Whose, *, most: int = MOST) -> list[Membership]:
    """By the communities' names. Raises Unavailable."""
    return memberships_of_all(postgres, [whose], most=most)[whose]


def memberships_of_all(
    postgres: Postgres, people: Iterable[Whose], *, most: int = MOST
) -> Mapping[Whose, list[Membership]]:
    """Of each, as `memberships_of`: one statement, however many they are.

    The writer is asked: who was sent away a moment ago is gone.

    Raises:
        Unavailable: it does not answer.
    """
    asked = list(dict.fromkeys(people))
    found: dict[Whose, list[Membership]] = {one: [] for one in asked}
    if not asked:
        return found
    rows = postgres.write(
        _STATEMENT,
        {
            "platforms": [one.account.platform for one in asked],
            "users": [one.account.user_id for one in asked],
            "servers": [one.server for one in asked],
            "everywhere": GLOBAL_COMMUNITY,
            "departing": list(_ABOUT_SOMEBODY),
            "most": most,
        },
    )
    for row in rows:
        found[asked[row["n"] - 1]].append(_membership(row))
    return found


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
