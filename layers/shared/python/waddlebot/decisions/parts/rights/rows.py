"""Which role each command needs, where that is not what its module says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot.stores.understood import understood
from waddlebot_sdk.roles import Role


def _decode(row: CommunityRow) -> Mapping[str, Any]:
    needed = (row["needed"] or {}).items()
    return {"needed": dict(understood("command_rights", needed, _right))}


def _right(row: tuple[str, str]) -> tuple[str, Role]:
    command, role = row
    return command, Role(role)


ROWS = PartRows(
    columns={
        "needed": """(
            SELECT jsonb_object_agg(command, role) FROM command_rights
            WHERE command_rights.community_id = communities.id
        )"""
    },
    decode=_decode,
)
