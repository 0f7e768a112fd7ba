"""A line of chat as it is kept: its words of now, who wrote it, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.line_names import edits_of, gone_event
from waddlebot.domain.sessions import MOST_KEEP_DAYS
from waddlebot.stores.postgres import Postgres

_MOST_EDITS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    user_id: str
    user_name: str
    text: str
    said_at: datetime


def find_line(
    postgres: Postgres,
    community: CommunityId,
    entity: EntityId,
    event_id: str,
    *,
    but_for: str,
    now: datetime,
) -> KeptLine | None:
    """`but_for` is the id of an edit that does not count. None where the line is not kept here, or
    was deleted where it stood. Raises Unavailable.
    """
    first_edit, behind_edits = edits_of(event_id)
    rows = postgres.read(
        """
        SELECT user_id, user_name, text, occurred_at FROM messages
        WHERE (event_id = %(event)s OR (event_id > %(first_edit)s AND event_id < %(behind_edits)s))
            AND event_id <> %(but_for)s AND occurred_on >= %(day)s
            AND community_id = %(community)s AND entity_id = %(entity)s
            AND NOT EXISTS (
                SELECT FROM happenings WHERE event_id = %(gone)s AND occurred_on >= %(day)s)
        ORDER BY occurred_at DESC LIMIT %(most)s
        """,
        {
            "event": event_id,
            "first_edit": first_edit,
            "behind_edits": behind_edits,
            "but_for": but_for,
            "gone": gone_event(event_id),
            "day": (now - timedelta(days=MOST_KEEP_DAYS)).date(),
            "community": community,
            "entity": entity,
            "most": _MOST_EDITS,
        },
    )
    if not rows:
        return None
    newest, first = rows[0], rows[-1]
    return KeptLine(
        user_id=first["user_id"] or "",
        user_name=first["user_name"] or "",
        text=newest["text"],
        said_at=first["occurred_at"],
    )
