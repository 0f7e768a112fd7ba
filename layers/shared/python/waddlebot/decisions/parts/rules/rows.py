"""Rules at work, in the order in which they are looked at."""

from __future__ import annotations

from waddlebot.domain.string_rules import StringRule
from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot.stores.string_rules import rule_of
from waddlebot.stores.understood import understood


def _rules(row: CommunityRow) -> tuple[StringRule, ...]:
    rows = row["rules"]
    return tuple(understood("string_rules", rows, rule_of)) if rows else ()


ROWS = PartRows(
    columns={
        "rules": """(
            SELECT jsonb_agg(to_jsonb(rule) ORDER BY priority, coalesce(place, id))
            FROM string_rules AS rule
            WHERE rule.community_id = communities.id AND is_active
        )"""
    },
    fields={"rules": _rules},
)
