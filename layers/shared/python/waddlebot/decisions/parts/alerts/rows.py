"""Alerts as the road reads them: the rules, and whether there is an address to show them at."""

from __future__ import annotations

from waddlebot.domain.alerts import Alerts
from waddlebot.stores.alert_rules import rule_of
from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot.stores.understood import understood


def _alerts(row: CommunityRow) -> Alerts:
    rules = understood("alert_rules", row["alert_rules"] or (), rule_of)
    goals = frozenset(row["goals"] or ())
    return Alerts(
        is_shown=row["shows_alerts"],
        rules=tuple(rules),
        goals=goals,
        files=row["alert_files"] or {},
    )


ROWS = PartRows(
    columns={
        "alert_rules": """(
            SELECT jsonb_agg(to_jsonb(alert_rules) ORDER BY kind, platform, least) FROM alert_rules
            WHERE alert_rules.community_id = communities.id
        )""",
        "alert_files": """(
            SELECT jsonb_object_agg(title, '/files/' || community_id || '/' || id || '.' || ending)
            FROM media_files WHERE media_files.community_id = communities.id AND state = 'ready'
                AND EXISTS (
                    SELECT FROM alert_rules WHERE alert_rules.community_id = communities.id
                        AND title IN (image, sound)
                )
        )""",
        "goals": "(SELECT jsonb_agg(what) FROM goals WHERE goals.community_id = communities.id)",
        "shows_alerts": """(
            EXISTS (
                SELECT FROM overlay_tokens
                WHERE overlay_tokens.community_id = communities.id AND source = 'general'
            ) OR EXISTS (
                SELECT FROM overlay_state
                WHERE overlay_state.community_id = communities.id AND token_hash IS NOT NULL
            )
        )""",
    },
    own=_alerts,
)
