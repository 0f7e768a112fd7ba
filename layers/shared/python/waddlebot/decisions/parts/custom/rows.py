"""Custom commands as they are kept; a text is read where somebody types its command."""

from __future__ import annotations

from collections.abc import Mapping

from waddlebot.domain.custom_commands import CustomCommand
from waddlebot.stores.custom_commands import custom_of_row
from waddlebot.stores.on_air import STREAMS_OF
from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot.stores.understood import understood


def read_custom(row: CommunityRow) -> Mapping[str, CustomCommand]:
    """By name."""
    found = understood("custom_commands", row["custom_commands"] or (), custom_of_row)
    return {one.name: one for one in found}


ROWS = PartRows(
    columns={
        "custom_commands": """(
            SELECT jsonb_agg(
                jsonb_build_object(
                    'name', name, 'text', text, 'role', role,
                    'cooldown_seconds', cooldown_seconds,
                    'person_cooldown_seconds', person_cooldown_seconds,
                    'answers_when', answers_when,
                    'category', category,
                    'enabled', enabled
                ) ORDER BY name
            )
            FROM custom_commands WHERE custom_commands.community_id = communities.id
        )""",
        "streams": STREAMS_OF,
    },
    fields={"streams": lambda row: row["streams"] or {}},
    own=read_custom,
)
