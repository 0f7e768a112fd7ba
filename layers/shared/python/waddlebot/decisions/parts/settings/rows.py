"""Settings stand in the community's own row, by module and name."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from waddlebot.domain.community_facts import EVENTS_CHANNEL
from waddlebot.domain.giving import USUAL_GIVING
from waddlebot.domain.own_settings import OFF
from waddlebot.domain.sessions import USUAL_KEEP_DAYS
from waddlebot.stores.part_rows import CommunityRow, PartRows
from waddlebot.stores.settings import OURS


def _own(key: str, usual: Any) -> Callable[[CommunityRow], Any]:
    return lambda row: row["settings"].get(OURS, {}).get(key, usual)


def _offers(row: CommunityRow) -> bool:
    return bool(row["settings"].get(OURS, {}).get("offers") != OFF)


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
    fields={
        "settings": itemgetter("settings"),
        "moderators_channel": itemgetter("moderators_channel"),
        "events_channel": itemgetter("events_channel"),
        "keep_days": _own("keep_days", USUAL_KEEP_DAYS),
        "time_zone": _own("time_zone", "UTC"),
        "language": _own("language", "en"),
        "offers": _offers,
        "moderator_group": _own("moderator_group", ""),
        "fetch": _own("fetch", ""),
        "decay": _own("decay", 0),
        "giving": _own("giving", USUAL_GIVING),
    },
)
