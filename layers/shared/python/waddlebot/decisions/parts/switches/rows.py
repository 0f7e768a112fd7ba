"""What is off everywhere; what is off in a place the road reads where somebody speaks."""

from __future__ import annotations

from waddlebot.stores.part_rows import PartRows

ROWS = PartRows(
    columns={"disabled": "disabled"},
    for_text={
        "off_at": """(
            SELECT jsonb_agg(ARRAY[command, permission.entity_id])
            FROM command_permissions AS permission JOIN entities USING (entity_id)
            WHERE entities.community_id = communities.id AND NOT is_enabled
        )"""
    },
    fields={"disabled": lambda row: frozenset(row["disabled"])},
)
