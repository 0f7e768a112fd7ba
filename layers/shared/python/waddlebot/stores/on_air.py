"""What runs on the channels of a community, as the gateways ask for it once a minute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.versions import Versions, editing

_STREAMS: LiteralString = """
    SELECT jsonb_object_agg(place.entity_id, CASE WHEN claim.is_live THEN claim.game END)
    FROM entities AS place JOIN coordination AS claim ON claim.platform = place.platform
        AND claim.channel_id IN (
            split_part(place.entity_id, ':', 3), split_part(place.also_called, ':', 3)
        )
    WHERE place.platform = 'twitch' AND place.community_id =
"""
_ASKS: LiteralString = "answers_when ?| ARRAY['live', 'games']"
STREAMS_OF: LiteralString = f"""(
    {_STREAMS} communities.id AND EXISTS (
        SELECT FROM custom_commands
        WHERE custom_commands.community_id = communities.id AND {_ASKS}
    )
)"""
"""Of a row of `communities`, where a command of its own asks for it: what is played on each of its
channels, null off air. Channels that nobody asks about are not in it.
"""


def has_streams(connection: Connection, community: CommunityId) -> bool:
    """Whether anybody asks what runs on a channel of this community."""
    row = connection.execute(
        f"SELECT ({_STREAMS} %(id)s) IS NOT NULL AS known",
        {"id": community},
    ).fetchone()
    return bool(row and row["known"])


def tell_streams(
    postgres: Postgres, versions: Versions, platform: str, channels: Sequence[str]
) -> None:
    """Something else runs on these now: who has commands that ask for it learns of it.

    Nobody else does: a stream that begins costs other communities nothing. Raises Unavailable.
    """
    with editing(postgres, versions) as edit:
        rows = edit.connection.execute(
            f"""
            SELECT community_id FROM entity_names
            WHERE name = ANY(%(names)s) AND EXISTS (
                SELECT FROM custom_commands
                WHERE custom_commands.community_id = entity_names.community_id AND {_ASKS}
            )
            """,  # noqa: S608 - all is ours
            {"names": [f"{platform}:channel:{channel}" for channel in channels]},
        )
        edit.touch(CommunityId(row["community_id"]) for row in rows)


def channels_of(postgres: Postgres, community: CommunityId, *, most: int) -> list[str]:
    """The ids of its Twitch channels, those first that it had first. Raises Unavailable."""
    rows = postgres.read(
        """
        SELECT split_part(entity_id, ':', 3) AS channel FROM entities
        WHERE community_id = %(community)s AND entity_id LIKE 'twitch:channel:%%'
        ORDER BY created_at, entity_id LIMIT %(most)s
        """,
        {"community": community, "most": most},
    )
    return [row["channel"] for row in rows]


def is_on_air(connection: Connection, community: CommunityId) -> bool | None:
    """Whether a channel of this community is; None where nobody looks at any. Modules may ask."""
    row = connection.execute("SELECT is_on_air(%s) AS live", (community,)).fetchone()
    return row["live"] if row else None
