"""Limits that take the place of what modules declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.stores.command_limits import limit_of
from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot.stores.understood import understood


def _decode(row: CommunityRow) -> Mapping[str, Any]:
    return {"limits": tuple(understood("command_limits", row["limits"] or (), limit_of))}


ROWS = PartRows(
    columns={
        "limits": """(
            SELECT jsonb_agg(to_jsonb(command_limits)) FROM command_limits
            WHERE command_limits.community_id = communities.id
        )"""
    },
    decode=_decode,
)
