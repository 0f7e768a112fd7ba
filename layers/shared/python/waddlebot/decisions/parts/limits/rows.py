"""Limits that take the place of what modules declare."""

from __future__ import annotations

from waddlebot.domain.limits import Limit
from waddlebot.stores.command_limits import limit_of
from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot.stores.understood import understood


def _limits(row: CommunityRow) -> tuple[Limit, ...]:
    rows = row["limits"]
    return tuple(understood("command_limits", rows, limit_of)) if rows else ()


ROWS = PartRows(
    columns={
        "limits": """(
            SELECT jsonb_agg(to_jsonb(command_limits)) FROM command_limits
            WHERE command_limits.community_id = communities.id
        )"""
    },
    fields={"limits": _limits},
)
