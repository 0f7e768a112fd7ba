"""Rules at work, in the order in which they are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot.stores.string_rules import rule_of
from waddlebot.stores.understood import understood


def _decode(row: CommunityRow) -> Mapping[str, Any]:
    return {"rules": tuple(understood("string_rules", row["rules"] or (), rule_of))}


ROWS = PartRows(
    columns={
        "rules": """(
            SELECT jsonb_agg(to_jsonb(rule) ORDER BY priority, id) FROM string_rules AS rule
            WHERE rule.community_id = communities.id AND is_active
        )"""
    },
    decode=_decode,
)
