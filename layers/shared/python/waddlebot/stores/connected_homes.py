"""A connection belongs to the community that its workspace or channel belongs to."""

from __future__ import annotations

from waddlebot.domain.entities import CommunityId, EntityId, parse_entity
from waddlebot.stores.postgres import Connection


def move_connections(connection: Connection, home: str, community: CommunityId) -> None:
    """Its owners may end them, and hear of it where one is lost; those whom it left may not."""
    place = parse_entity(EntityId(home))
    connection.execute(
        """
        UPDATE connections SET owner_id = %(community)s
        WHERE service = %(platform)s AND account = %(account)s AND owner_kind = 'community'
        """,
        {
            "platform": place.platform,
            "account": place.channel,
            "community": str(community),
        },
    )
