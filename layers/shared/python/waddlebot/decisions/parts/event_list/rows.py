"""The list of events: pages ask for it themselves, and the road never."""

from __future__ import annotations

from waddlebot.stores.part_rows import PartRows

ROWS = PartRows(
    for_text={
        "event_list": """(
            SELECT lines FROM event_lists WHERE event_lists.community_id = communities.id
        )"""
    }
)
