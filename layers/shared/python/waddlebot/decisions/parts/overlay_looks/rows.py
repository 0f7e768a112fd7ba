"""The look of overlays: pages ask for it themselves, and the road never."""

from __future__ import annotations

from waddlebot.stores.part_rows import PartRows

ROWS = PartRows(
    for_text={
        "overlay_look": """(
            SELECT jsonb_build_object('theme', theme, 'css', css) FROM overlay_looks
            WHERE overlay_looks.community_id = communities.id
        )"""
    }
)
