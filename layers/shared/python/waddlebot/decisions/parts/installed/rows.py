"""What is installed, each with what it was granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot_sdk.wishes import read_may


def _decode(row: CommunityRow) -> Mapping[str, Any]:
    installed = (row["installed"] or {}).items()
    return {"installed": {name: read_may(may) for name, may in installed}}


ROWS = PartRows(
    columns={
        "installed": """(
            SELECT jsonb_object_agg(module, may) FROM installed_modules
            WHERE installed_modules.community_id = communities.id
        )"""
    },
    decode=_decode,
)
