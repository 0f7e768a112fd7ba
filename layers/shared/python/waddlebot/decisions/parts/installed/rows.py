"""What is installed, each with what it was granted."""

from __future__ import annotations

from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot_sdk.wishes import May, read_may


def _installed(row: CommunityRow) -> dict[str, frozenset[May]]:
    return {name: read_may(may) for name, may in (row["installed"] or {}).items()}


ROWS = PartRows(
    columns={
        "installed": """(
            SELECT jsonb_object_agg(module, may) FROM installed_modules
            WHERE installed_modules.community_id = communities.id
        )"""
    },
    fields={"installed": _installed},
)
