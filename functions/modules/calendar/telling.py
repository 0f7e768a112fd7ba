"""Who is told of something that somebody else did: each once, where they asked."""

from __future__ import annotations

from datetime import datetime

from functions.modules.calendar import texts
from functions.modules.calendar.gathering import Gathering, GatheringStatus
from functions.modules.calendar.gatherings import Gatherings
from waddlebot_sdk import Answer, Call, Chat


def move_up(gatherings: Gatherings, held: Gathering, *, now: datetime) -> None:
    """Who waited longest gets what is free, and is told, also on another platform."""
    if held.status is not GatheringStatus.APPROVED:
        return
    for guest in gatherings.guests.move_up(held.id, seats=held.seats):
        gatherings.tell_later(held, guest.later, at=now, news="moved_up")


def verdict(gatherings: Gatherings, settled: Gathering, *, now: datetime) -> None:
    """Whoever added it is told what became of it."""
    if settled.created_by:
        gatherings.tell_later(settled, settled.later, at=now, news="verdict")


def told_now(call: Call, gatherings: Gatherings) -> Answer:
    """What was planned to be said comes back; it is said if it still holds."""
    gathering = gatherings.find(call.community.id, int(call.data["event"]), now=call.occurred_at)
    if gathering is None or call.user is None:
        return None
    if call.data["news"] == "verdict":
        return _of_verdict(call, gathering)
    who = (call.entity.platform, call.user.id)
    if gathering.status is GatheringStatus.APPROVED and gatherings.guests.tell(gathering.id, *who):
        return _called(texts.moved_up(call.user.name, gathering), gathering)
    return None


def _of_verdict(_call: Call, gathering: Gathering) -> Answer:
    is_approved = gathering.status is GatheringStatus.APPROVED
    if not is_approved and gathering.status is not GatheringStatus.REJECTED:
        return None
    return _called(texts.became_of_it(gathering, is_approved=is_approved), gathering)


def _called(text: str, gathering: Gathering) -> Chat:
    return Chat(text, notifies=True, called=texts.called(gathering))
