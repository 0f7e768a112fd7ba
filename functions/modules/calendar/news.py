"""Who comes is told that an event is called off, or is at another time: each in one line, once.

In a place where few answered each of them is called; where more did, one line is for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from msgspec.structs import replace

from functions.modules.calendar import texts
from functions.modules.calendar.gathering import Gathering, GatheringStatus
from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.people import Guest
from functions.modules.calendar.recurrence import SeriesDate
from waddlebot.domain.events import Later
from waddlebot_sdk import Answer, Call, Chat

CHANGE = "change"
MOST_CALLED, MOST_LINES = 5, 200
"""In one place; in all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringNews:
    """It was to be at `was` and is `at` another time; None is cancelled.

    `original` is the date's wall time by the rule, where it is of one date alone.
    """

    was: datetime
    at: datetime | None = None
    original: datetime | None = None

    def to_data(self) -> dict[str, str]:
        times = {"was": self.was, "becomes": self.at, "original": self.original}
        return {name: time.isoformat() for name, time in times.items() if time}

    def holds(self, gathering: Gathering) -> bool:
        """Nobody changed it again meanwhile, who told of that then."""
        if self.original and gathering.status is GatheringStatus.APPROVED:
            changes = gathering.series.changes if gathering.series else {}
            return self.original in changes and changes[self.original] == self.at
        if self.at is None and not self.original:
            return gathering.status is GatheringStatus.CANCELLED
        return gathering.status is GatheringStatus.APPROVED and gathering.at == self.at


def cancelled(was: datetime) -> GatheringNews:
    return GatheringNews(was=was)


def moved(was: datetime, at: datetime) -> GatheringNews:
    return GatheringNews(was=was, at=at)


def date_cancelled(date: SeriesDate) -> GatheringNews:
    return GatheringNews(was=date.at, original=date.original)


def date_moved(date: SeriesDate, at: datetime) -> GatheringNews:
    return GatheringNews(was=date.at, at=at, original=date.original)


def tell(
    gatherings: Gatherings, changed: Gathering, what: GatheringNews, *, by: Guest, now: datetime
) -> None:
    """`by` is who changed it, and knows."""
    if changed.status is GatheringStatus.PENDING:
        return  # nobody was asked to come
    for later in islice(_lines(_concerned(gatherings, changed, by)), MOST_LINES):
        gatherings.tell_later(changed, later, at=now, news=CHANGE, **what.to_data())


def said(call: Call, gatherings: Gatherings, gathering: Gathering) -> Answer:
    """Of what is planned by `tell`; nothing where it holds no more, or for whom it is nothing."""
    what = _from_data(call)
    if not what.holds(gathering):
        return None
    if call.user is None:
        return Chat(texts.news("", gathering, what.was, what.at, is_whole=what.original is None))
    who = (call.entity.platform, call.user.id)
    found = gatherings.guests.find(gathering.id, *who)
    if not (found and found.coming.is_coming) and who != (gathering.platform, gathering.created_by):
        return None
    text = texts.news(call.user.name, gathering, what.was, what.at, is_whole=what.original is None)
    return Chat(text, notifies=True, called=texts.called(gathering))


def _concerned(gatherings: Gatherings, changed: Gathering, by: Guest) -> Iterator[Later]:
    """Who planned it, and who comes, waits or may come; whoever answered first is first.

    Nobody twice, and not whoever changed it, by other accounts either.
    """
    changer, planner = (by.platform, by.id), (changed.platform, changed.created_by)
    people = gatherings.guests.people_of(changer, planner)
    told = {people.get(changer, changer)}
    if changed.created_by and people.get(planner, planner) not in told:
        told.add(people.get(planner, planner))
        yield changed.later
    for guest in gatherings.guests.who_may_come(changed.id):
        account = (guest.platform, guest.user_id)
        if people.get(account, account) not in told:
            yield guest.later


def _lines(concerned: Iterator[Later]) -> Iterator[Later]:
    places: defaultdict[Later, list[Later]] = defaultdict(list)
    for later in concerned:
        places[later if later.private else replace(later, user=None)].append(later)
    for place, people in places.items():
        yield from people if len(people) <= MOST_CALLED else (place,)


def _from_data(call: Call) -> GatheringNews:
    def time(name: str) -> datetime | None:
        return datetime.fromisoformat(str(call.data[name])) if name in call.data else None

    was, at = time("was"), time("becomes")
    return GatheringNews(
        was=was or call.occurred_at,
        at=at.astimezone(UTC) if at else None,
        original=time("original"),
    )
