"""Whether a community shows its chat, as the road needs it for each line."""

from __future__ import annotations

from waddlebot.domain.chat_box import ChatBox
from waddlebot.stores.part_rows import CommunityRow, PartRows


def box_of(row: CommunityRow) -> ChatBox | None:
    kept = row["chat_box"]
    return ChatBox(places=frozenset(kept["places"]), commands=kept["commands"]) if kept else None


ROWS = PartRows(
    columns={
        "chat_box": """(
            SELECT jsonb_build_object('places', places, 'commands', commands) FROM chat_boxes
            WHERE chat_boxes.community_id = communities.id
        )"""
    },
    own=box_of,
)
