"""Who is told of something that somebody else did: each once, where they asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from functions.modules.calendar import news, texts
from functions.modules.calendar.gathering import Gathering, GatheringStatus
from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.reminders import EventReminder
from waddlebot_sdk import Answer, Call, Chat

A_CALL = timedelta(seconds=5)
"""By its deadline a module knows what time it is, as far as a call may take."""
LATEST = timedelta(minutes=10)


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
    if gathering is None:
        return None
    if call.data["news"] == "reminder":
        return _of_date(call, gatherings, gathering)
    if call.data["news"] == news.CHANGE:
        return news.said(call, gatherings, gathering)
    if call.user is None:
        return None
    if call.data["news"] == "verdict":
        return _of_verdict(gathering)
    who = (call.entity.platform, call.user.id)
    if gathering.status is GatheringStatus.APPROVED and gatherings.guests.tell(gathering.id, *who):
        return _called(texts.moved_up(call.user.name, gathering), gathering)
    return None


def _of_date(call: Call, gatherings: Gatherings, gathering: Gathering) -> Answer:
    """A reminder: not of what is over, however late it comes; and the next date is planned."""
    reminder = EventReminder.from_data(str(call.data["date"]), int(call.data["before"]))
    if not gatherings.reminders.mark_sent(gathering, reminder, at=call.occurred_at):
        return None
    now = max(call.occurred_at, call.deadline - A_CALL)
    if not reminder.before and gathering.series and gathering.at > reminder.date:
        gatherings.reminders.plan_anew(_at(gatherings, gathering, now), now=now)
    is_over = now - reminder.at > max(LATEST, reminder.before / 4) or (
        reminder.before and now >= reminder.date
    )
    if is_over or not call.config["reminders"]:
        return None
    tally = gatherings.guests.count(gathering.id)
    return Chat(texts.reminds(gathering, reminder, tally), called=texts.called(gathering))


def _at(gatherings: Gatherings, gathering: Gathering, now: datetime) -> Gathering:
    """As it is by then: what is due says when it was to be said, and may come much later."""
    return gatherings.find(gathering.community, gathering.number, now=now) or gathering


def _of_verdict(gathering: Gathering) -> Answer:
    is_approved = gathering.status is GatheringStatus.APPROVED
    if not is_approved and gathering.status is not GatheringStatus.REJECTED:
        return None
    return _called(texts.became_of_it(gathering, is_approved=is_approved), gathering)


def _called(text: str, gathering: Gathering) -> Chat:
    return Chat(text, notifies=True, called=texts.called(gathering))
