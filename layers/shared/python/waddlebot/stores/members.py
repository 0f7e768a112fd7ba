"""Who has a role in a community, and who somebody is that was seen there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import GLOBAL_COMMUNITY, CommunityId, EntityId
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.set_values import ValueSet, set_value
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role, highest

SEEN_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """`entity` is the one place where the role holds; None: everywhere in the community."""

    platform: str
    user_id: str
    name: str
    role: Role
    entity: EntityId | None = None


class Members:
    """Every method raises Unavailable."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def with_roles(self, community: CommunityId) -> Sequence[Member]:
        """Who was given more than everybody has, the highest first."""
        rows = self._postgres.write(
            """
            SELECT platform, user_id, name, role, entity_id FROM community_members
            WHERE community_id = %(community)s ORDER BY platform, name, user_id, entity_id
            """,
            {"community": community},
        )
        members = [
            Member(
                platform=row["platform"],
                user_id=row["user_id"],
                name=row["name"],
                role=Role(row["role"]),
                entity=EntityId(row["entity_id"]) if row["entity_id"] else None,
            )
            for row in rows
        ]
        return sorted(members, key=lambda member: -member.role.rank)

    def find_seen(self, community: CommunityId, platform: str, login: str) -> str | None:
        """The id of whoever wrote under this name lately; names wander, so the newest line's."""
        rows = self._postgres.write(
            """
            SELECT user_id FROM messages WHERE community_id = %(community)s
                AND platform = %(platform)s AND lower(user_name) = %(login)s
                AND occurred_at > now() - %(within)s::interval
                AND occurred_on > (now() - %(within)s::interval)::date
            ORDER BY occurred_at DESC LIMIT 1
            """,
            {
                "community": community,
                "platform": platform,
                "login": login.lower(),
                "within": SEEN_WITHIN,
            },
        )
        return next((str(row["user_id"]) for row in rows if row["user_id"]), None)

    def name_of(self, community: CommunityId, account: Account) -> str:
        """As last seen here, or nothing."""
        return self.names_of(community, [account]).get(account, "")

    def names_of(self, community: CommunityId, people: Iterable[Account]) -> Mapping[Account, str]:
        """Of those who were seen here, as they were called last; one statement for all."""
        asked = sorted(set(people))
        if not asked:
            return {}
        rows = self._postgres.write(
            """
            SELECT platform, user_id, name FROM unnest(
                %(platforms)s::text[], %(users)s::text[]
            ) AS asked (platform, user_id) CROSS JOIN LATERAL (
                SELECT user_name AS name FROM messages
                WHERE community_id = %(community)s AND user_name IS NOT NULL
                    AND (messages.platform, messages.user_id) = (asked.platform, asked.user_id)
                    AND occurred_on > (now() - %(within)s::interval)::date
                ORDER BY occurred_at DESC LIMIT 1
            ) AS last
            """,
            {
                "community": community,
                "platforms": [platform for platform, _ in asked],
                "users": [user for _, user in asked],
                "within": SEEN_WITHIN,
            },
        )
        return {Account(row["platform"], row["user_id"]): str(row["name"]) for row in rows}


class MemberRoles:
    """Roles that are given, and what was given before."""

    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def give(
        self,
        community: CommunityId,
        account: Account,
        role: Role,
        *,
        at: EntityId | None = None,
        name: str = "",
    ) -> None:
        """In every place of the community, or `at` one of them; Role.USER takes it back."""
        set_value(
            self._edit,
            """
            WITH one AS (
                SELECT id AS community_id, %(platform)s AS platform, %(user)s AS user_id,
                    %(at)s AS entity_id
                FROM communities WHERE id = %(community)s
            ), old AS (
                SELECT role FROM community_members
                JOIN one USING (community_id, platform, user_id, entity_id)
            ), put AS (
                INSERT INTO community_members
                    (community_id, platform, user_id, entity_id, role, name)
                SELECT one.*, %(value)s, %(name)s FROM one WHERE %(value)s <> 'user'
                ON CONFLICT (community_id, platform, user_id, entity_id) DO UPDATE
                SET role = EXCLUDED.role,
                    name = coalesce(nullif(EXCLUDED.name, ''), community_members.name)
            ), taken AS (
                DELETE FROM community_members USING one
                WHERE (community_members.community_id, community_members.platform,
                    community_members.user_id, community_members.entity_id)
                    = (one.community_id, one.platform, one.user_id, one.entity_id)
                    AND %(value)s = 'user'
            )
            SELECT community_id, coalesce((SELECT role FROM old), 'user') AS was FROM one
            """,
            {
                "community": community,
                "platform": account.platform,
                "user": account.user_id,
                "at": at or "",
                "name": name,
            },
            ValueSet(
                action="set role",
                about=f"{account.key}{f' at {at}' if at else ''}",
                value=role.value,
            ),
        )

    def given(
        self, community: CommunityId, account: Account, *, at: EntityId | None = None
    ) -> Role:
        """What was given here; nothing says what the platform itself gives."""
        row = self._connection.execute(
            """
            SELECT role FROM community_members WHERE community_id = %(community)s
                AND platform = %(platform)s AND user_id = %(user)s AND entity_id = %(at)s
            """,
            {
                "community": community,
                "platform": account.platform,
                "user": account.user_id,
                "at": at or "",
            },
        ).fetchone()
        return Role(row["role"]) if row else Role.USER

    def held(self, community: CommunityId, account: Account) -> Role:
        """What was given in all of the community to this person, whichever account is meant."""
        rows = self._connection.execute(
            """
            SELECT role FROM community_members
            JOIN accounts_of(%(platform)s, %(user)s) AS theirs USING (platform, user_id)
            WHERE community_id IN (%(community)s, %(everywhere)s) AND entity_id = ''
            """,
            {
                "community": community,
                "everywhere": GLOBAL_COMMUNITY,
                "platform": account.platform,
                "user": account.user_id,
            },
        )
        return highest(Role.USER, *(Role(row["role"]) for row in rows))
