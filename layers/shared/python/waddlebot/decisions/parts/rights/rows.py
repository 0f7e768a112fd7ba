"""Which role each command needs, where that is not what its module says."""

from __future__ import annotations

from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot.stores.understood import understood
from waddlebot_sdk.roles import Role


def _needed(row: CommunityRow) -> dict[str, Role]:
    rights = row["needed"]
    return dict(understood("command_rights", rights.items(), _right)) if rights else {}


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
    fields={"needed": _needed},
)
