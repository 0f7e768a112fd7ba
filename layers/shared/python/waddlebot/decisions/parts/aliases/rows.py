"""Aliases as they are kept; what each means is read where a line begins with it."""

from __future__ import annotations

from waddlebot.stores.part_rows import PartRows

ROWS = PartRows(
    columns={
        "aliases": """(
            SELECT jsonb_object_agg(alias, text) FROM aliases
            WHERE aliases.community_id = communities.id
        )"""
    },
    own=lambda row: row["aliases"] or {},
)
