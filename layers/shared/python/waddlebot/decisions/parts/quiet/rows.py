"""Which places are quiet. The road reads that of each place where somebody speaks."""

from __future__ import annotations

from waddlebot.stores.part_rows import PartRows

ROWS = PartRows(
    for_text={
        "quiet": """(
            SELECT jsonb_agg(entity_id) FROM entities
            WHERE entities.community_id = communities.id AND quiet
        )"""
    }
)
