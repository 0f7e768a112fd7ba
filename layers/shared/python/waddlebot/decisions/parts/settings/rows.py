"""Settings stand in the community's own row, by module and name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain.community_facts import EVENTS_CHANNEL
from waddlebot.domain.own_settings import OFF
from waddlebot.domain.sessions import USUAL_KEEP_DAYS
from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot.stores.settings import OURS


def _decode(row: CommunityRow) -> Mapping[str, Any]:
    own = row["settings"].get(OURS, {})
    return {
        "settings": row["settings"],
        "moderators_channel": row["moderators_channel"],
        "events_channel": row["events_channel"],
        "keep_days": own.get("keep_days", USUAL_KEEP_DAYS),
        "time_zone": own.get("time_zone", "UTC"),
        "language": own.get("language", "en"),
        "offers": own.get("offers") != OFF,
        "moderator_group": own.get("moderator_group", ""),
    }


ROWS = PartRows(
    columns={
        "settings": "settings",
        # Neither channel where it has left the community since.
        "moderators_channel": """(
            SELECT entity_id FROM entities WHERE entities.community_id = communities.id
                AND entity_id = moderators_channel
        )""",
        "events_channel": """(
            SELECT entity_id FROM entities WHERE entities.community_id = communities.id
                AND entity_id = settings -> %(ours)s ->> %(events_channel)s
        )""",
    },
    for_text={"moderators_named": "moderators_channel"},
    params={"ours": OURS, "events_channel": EVENTS_CHANNEL},
    decode=_decode,
)
