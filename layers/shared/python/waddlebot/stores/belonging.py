"""Whether what somebody names belongs to a community: who was seen, what was written there."""

from __future__ import annotations

from collections.abc import Iterable

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Connection, Postgres

# With any of their accounts. A channel of Twitch has its owner's id; private talk is no place where
# anybody is seen.
_SEEN = """
    WITH accounts AS (SELECT * FROM accounts_of(%(platform)s, %(user)s))
    SELECT
        EXISTS (SELECT FROM reputation JOIN accounts USING (platform, user_id)
            WHERE community_id = %(community)s)
        OR EXISTS (SELECT FROM community_members JOIN accounts USING (platform, user_id)
            WHERE community_id = %(community)s)
        OR EXISTS (SELECT FROM entities JOIN accounts ON entity_id = 'twitch:channel:' || user_id
            WHERE accounts.platform = 'twitch' AND community_id = %(community)s)
        OR EXISTS (SELECT FROM messages JOIN accounts USING (platform, user_id)
            WHERE community_id = %(community)s AND NOT is_private_place(entity_id))
        OR EXISTS (SELECT FROM command_executions JOIN accounts USING (platform, user_id)
            WHERE community_id = %(community)s AND NOT is_private_place(entity_id))
        OR EXISTS (SELECT FROM happenings JOIN accounts USING (platform, user_id)
            WHERE community_id = %(community)s AND NOT is_private_place(entity_id))
    AS is_so
"""
_HAPPENED = """
    SELECT
        EXISTS (SELECT FROM messages
            WHERE event_id = %(event)s AND community_id = %(community)s)
        OR EXISTS (SELECT FROM happenings
            WHERE event_id = %(event)s AND community_id = %(community)s)
        OR EXISTS (SELECT FROM command_executions
            WHERE event_id = %(event)s AND community_id = %(community)s)
    AS is_so
"""


def was_seen(connection: Connection, community: CommunityId, account: Account) -> bool:
    """As long as anything is kept of it: points and roles for good, lines for days."""
    about = {"community": community, "platform": account.platform, "user": account.user_id}
    return _is_so(connection, _SEEN, about)


def has_happened(connection: Connection, community: CommunityId, event: str) -> bool:
    """As long as the record keeps it."""
    return _is_so(connection, _HAPPENED, {"community": community, "event": event})


def homes_in(
    postgres: Postgres, homes: Iterable[str], communities: Iterable[CommunityId]
) -> set[str]:
    """Those of these servers in which one of these communities has a place. Raises Unavailable."""
    rows = postgres.write(
        """
        SELECT DISTINCT platform || ':server:' || server_id AS home FROM entities
        WHERE community_id = ANY(%(communities)s)
            AND platform || ':server:' || server_id = ANY(%(homes)s)
        """,
        {"communities": sorted(communities), "homes": sorted(homes)},
    )
    return {row["home"] for row in rows}


def _is_so(connection: Connection, statement: str, about: dict[str, object]) -> bool:
    row = connection.execute(statement, about).fetchone()
    return bool(row and row["is_so"])
