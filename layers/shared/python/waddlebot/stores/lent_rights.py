"""Where an admin of a server lets the bot do in their name what programs may not do there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Connection

LENT_IN: LiteralString = """(
    SELECT jsonb_agg(DISTINCT servers.platform || ':server:' || server_id) FROM (
        SELECT DISTINCT platform, server_id FROM entities
        WHERE entities.community_id = communities.id AND server_id IS NOT NULL
    ) AS servers
    JOIN connections ON service = platform AND kind = 'admin' AND state = 'connected'
        AND account IN (
            server_id, (SELECT account FROM slack_workspaces WHERE team = server_id)
        )
)"""
"""A value of a row of `communities`: the servers as homes, NULL where there are none."""


def communities_in(connection: Connection, service: str, account: str) -> Sequence[CommunityId]:
    """Those with places in the server, or the servers of the organisation, that this account is."""
    rows = connection.execute(
        """
        SELECT DISTINCT community_id FROM entities
        WHERE platform = %(service)s AND server_id IN (
            SELECT %(account)s
            UNION SELECT team FROM slack_workspaces WHERE account = %(account)s
        )
        """,
        {"service": service, "account": account},
    )
    return [CommunityId(row["community_id"]) for row in rows]


def lender_of(connection: Connection, service: str, account: str) -> str:
    """The key of whose right it is; empty where nobody lends any."""
    row = connection.execute(
        """
        SELECT connected_by FROM connections
        WHERE service = %(service)s AND account = %(account)s AND kind = 'admin'
            AND state = 'connected'
        """,
        {"service": service, "account": account},
    ).fetchone()
    return str(row["connected_by"]) if row else ""
