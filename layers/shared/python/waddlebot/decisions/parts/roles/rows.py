"""Whoever has a role. The road reads those of a person who speaks, with the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain.sessions import Helper
from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot.stores.understood import understood
from waddlebot_sdk.roles import Role

MOST_HELPERS = 20
"""Of a community's; whoever is refused is told of one or two."""


def _helpers(row: CommunityRow) -> tuple[Helper, ...]:
    rows = row["helpers"]
    return tuple(understood("community_members", rows, _helper)) if rows else ()


def _helper(row: Mapping[str, Any]) -> Helper:
    return Helper(name=row["name"], platform=row["platform"], role=Role(row["role"]))


ROWS = PartRows(
    columns={
        "helpers": """(
            SELECT jsonb_agg(to_jsonb(helper)) FROM (
                SELECT name, platform, role FROM community_members AS member
                WHERE member.community_id = communities.id AND entity_id = '' AND name <> ''
                ORDER BY array_position('{owner,admin,moderator}', role), name, user_id
                LIMIT %(helpers)s
            ) AS helper
        )"""
    },
    for_text={
        "members": """(
            SELECT jsonb_agg(to_jsonb(member)) FROM community_members AS member
            WHERE member.community_id = communities.id
        )"""
    },
    params={"helpers": MOST_HELPERS},
    fields={"helpers": _helpers},
)
