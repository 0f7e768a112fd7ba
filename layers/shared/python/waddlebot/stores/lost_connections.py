"""Connections whose owners are still to be told of them, and where those may be met: what is lost,
and what was disconnected while its service could not be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import Connection, OwnerKind
from waddlebot.domain.entities import EntityId
from waddlebot.stores import postgres
from waddlebot.stores.connections import connection_in, names_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MetAt:
    """`people` are whoever connected it, whose it is and who owns its community, with all accounts
    that they linked; `channel` is the moderators', `homes` the community's servers and channels.
    """

    people: Sequence[Account]
    channel: EntityId | None
    homes: Sequence[str]


class LostConnections:
    """In one transaction: who takes some tells of them, and marks them before it ends."""

    def __init__(self, connection: postgres.Connection) -> None:
        self._connection = connection

    def take(self, limit: int) -> list[Connection]:
        """Those that nobody was told of; what others hold is left out."""
        rows = self._connection.execute(
            """
            SELECT * FROM connections
            WHERE (state = 'lost' OR unrevoked) AND told_generation IS DISTINCT FROM generation
            ORDER BY service, account, kind LIMIT %(limit)s FOR UPDATE SKIP LOCKED
            """,
            {"limit": limit},
        )
        return [connection_in(row) for row in rows]

    def mark(self, lost: Connection) -> None:
        self._connection.execute(
            """
            UPDATE connections SET told_generation = generation
            WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
            """,
            names_of(lost),
        )

    def met_at(self, lost: Connection) -> MetAt:
        row = self._connection.execute(
            """
            WITH theirs AS (
                SELECT id, moderators_channel, home FROM communities WHERE id = %(community)s
            ), known AS (
                SELECT 0 AS rank, %(by)s AS key
                UNION ALL SELECT 1, %(owner)s
                UNION ALL SELECT 2, members.platform || ':' || members.user_id
                FROM community_members AS members JOIN theirs ON theirs.id = members.community_id
                WHERE members.role = 'owner' AND members.entity_id = ''
            ), people AS (
                SELECT account.platform || ':' || account.user_id AS key, min(rank) AS rank
                FROM known, accounts_of(
                    split_part(known.key, ':', 1), substr(known.key, strpos(known.key, ':') + 1)
                ) AS account
                WHERE known.key <> '' GROUP BY 1
            ), homes AS (
                SELECT home FROM theirs WHERE home IS NOT NULL
                UNION SELECT CASE WHEN server_id IS NULL THEN entity_id
                    ELSE platform || ':server:' || server_id END
                FROM entities JOIN theirs ON theirs.id = entities.community_id
            )
            SELECT (SELECT moderators_channel FROM theirs) AS channel,
                ARRAY(SELECT key FROM people ORDER BY rank, key) AS people,
                ARRAY(SELECT home FROM homes ORDER BY home) AS homes
            """,
            _asked(lost),
        ).fetchone()
        assert row is not None  # noqa: S101 - it has no FROM
        return MetAt(
            people=[Account.read(key) for key in row["people"]],
            channel=EntityId(row["channel"]) if row["channel"] else None,
            homes=row["homes"],
        )


def _asked(lost: Connection) -> Mapping[str, Any]:
    owner = lost.owner
    return {
        "by": lost.connected_by,
        "owner": owner.id if owner.kind is OwnerKind.PERSON else "",
        "community": int(owner.id) if owner.kind is OwnerKind.COMMUNITY else None,
    }
