"""What the module holds about a person, handed out or removed on request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from functions.modules.calendar import telling
from functions.modules.calendar.gatherings import Gatherings


def export(
    community: int, platform: str, user_id: str, gatherings: Gatherings
) -> list[dict[str, Any]]:
    """Everything this person added, and what they answered to."""
    added = gatherings.list_added_by(community, platform, user_id, now=datetime.now(UTC))
    answers = gatherings.guests.list_of(community, platform, user_id)
    return [
        *(
            {
                "kind": "event",
                "number": one.number,
                "title": one.title,
                "description": one.about,
                "location": one.place,
                "event_date": one.at.isoformat(),
                "status": one.status.value,
                "added_at": one.created_at.isoformat(),
            }
            for one in added
        ),
        *(
            {
                "kind": "answer",
                "number": one.number,
                "name": one.user_name,
                "answer": one.coming.value,
                "since": one.joined_at.isoformat(),
            }
            for one in answers
        ),
    ]


def erase(community: int, platform: str, user_id: str, gatherings: Gatherings) -> int:
    """Answers go, and seats with them; what was approved stays the community's, without a name."""
    answers = gatherings.guests.list_of(community, platform, user_id)
    for one in answers:
        held = gatherings.hold(community, one.number, now=datetime.now(UTC))
        gatherings.guests.remove(one.event_id, platform, user_id)
        if held:
            telling.move_up(gatherings, held, now=datetime.now(UTC))
    feeds = gatherings.feeds.remove(community, platform, user_id)
    return len(answers) + feeds + gatherings.forget_who_added(community, platform, user_id)
