"""What people earn in a batch, each deed once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from waddlebot.domain.deeds import Mark, marks_of, shared_as, shares
from waddlebot.domain.entities import EntityId, platform_of
from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.reputation import POINTS, WRITTEN, name_of, points_for
from waddlebot.domain.standing_tiers import weight_for

Row = dict[str, Any]


def points(outcomes: Iterable[Outcome], today: date) -> Iterable[Row]:
    """Without what somebody shares of a deed that the same batch tells of."""
    rows = list(_earned(outcomes, today))
    told = {
        (row["community_id"], row["user_id"], mark["deed"]) for row in rows for mark in row["deeds"]
    }
    return (
        row for row in rows if (row["community_id"], row["user_id"], row.get("shares")) not in told
    )


def _earned(outcomes: Iterable[Outcome], today: date) -> Iterable[Row]:
    """Of what a person wrote in one batch the first: it counts once a minute at most. Of what is
    one deed the first, too."""
    written: set[tuple[int, str]] = set()
    done: set[tuple[int, str, str]] = set()
    for outcome in outcomes:
        session = outcome.session
        event, person, community = session.event, session.person, session.community
        if person is None or event.watched_only or event.private:
            continue
        worth = points_for(event.type, event.data, community.settings.get(POINTS, {}))
        if not worth:
            continue
        if event.type in WRITTEN:
            if (community.id, person.id) in written:
                continue
            written.add((community.id, person.id))
        marks = marks_of(event, session.spot.entity)
        deeds = {(community.id, person.id, mark.deed) for mark in marks}
        if deeds & done:
            continue
        done |= deeds
        yield {
            "event_id": event.id,
            "occurred_on": day_of(event.occurred_at, today),
            "occurred_at": event.occurred_at,
            "community_id": community.id,
            "platform": platform_of(session.spot.entity),
            "user_id": person.id,
            "name": person.name,
            "event_name": name_of(event.type),
            "points": worth,
            "weight": weight_for(event.type, event.data),
            "deeds": [{"deed": mark.deed, "until": mark.until} for mark in marks],
            **_sharing(event, marks, session.spot.entity),
        }


def _sharing(event: Event, marks: Sequence[Mark], place: EntityId) -> Row:
    """Most events tell of nothing that others tell of."""
    if not marks:
        return {}
    return {"shares": shares(event, place), "shared_as": shared_as(marks, place)}


def day_of(occurred_at: datetime, today: date) -> date:
    """The event's own, as long as there is a partition for it whatever its clock says."""
    day = occurred_at.astimezone(UTC).date()
    return day if day == today else min(max(day, today - timedelta(days=1)), today)
