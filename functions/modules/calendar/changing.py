"""Events that are changed, moved and cancelled, as a whole or one date of what comes back."""

from __future__ import annotations

import re
from dataclasses import replace

from functions.modules.calendar import news, refusals, telling, texts, typed
from functions.modules.calendar.commands import (
    MOST_NAMES,
    check_owner,
    hold_open,
    is_owner,
    long_form,
)
from functions.modules.calendar.completing import upcoming
from functions.modules.calendar.gathering import Gathering, GatheringStatus
from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.guests import Coming
from functions.modules.calendar.people import asking_guest, may_moderate
from functions.modules.calendar.recurrence import SeriesDate
from functions.modules.calendar.typed import Invitation
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, command
from waddlebot_sdk.times import take_moment

_TO = re.compile(r"\s+to\s+", re.IGNORECASE)


@command(
    "event edit <number> <part> <value>",
    "Change a part: title, about, place, seats or when.",
    example="event edit 3 seats 8",
    also=long_form("edit"),
    completes={"number": upcoming, "part": typed.PARTS},
)
def edit(call: Call, gatherings: Gatherings) -> Answer:
    held = hold_open(call, gatherings, call.arguments["number"])
    check_owner(call, held)
    return _become(call, gatherings, held, _changed(call, held))


@command(
    "event cancel <number> [date]",
    "Cancel an event, or one date of what comes back: 3, or 3 friday.",
    example="event cancel 3",
    also=long_form("cancel"),
    completes={"number": upcoming},
)
def cancel(call: Call, gatherings: Gatherings) -> Answer:
    held = hold_open(call, gatherings, call.arguments["number"])
    check_owner(call, held)
    if day := call.arguments.get("date", ""):
        return _cancel_date(call, gatherings, held, _one_date(call, held, day))
    return _cancel_all(call, gatherings, held)


@command(
    "event move <number> <when>",
    "Move an event, or one date of what comes back: 3 friday to saturday 20:00.",
    example="event move 3 saturday 20:00",
    also=long_form("move"),
    completes={"number": upcoming},
)
def move(call: Call, gatherings: Gatherings) -> Answer:
    held = hold_open(call, gatherings, call.arguments["number"])
    check_owner(call, held)
    now, zone = call.occurred_at, call.community.time_zone
    if held.series is None:
        at = typed.read_time(call.arguments["when"], now=now, zone=zone)
        return _become(call, gatherings, held, replace(_as_it_is(held), at=at))
    day, *to = _TO.split(call.arguments["when"], maxsplit=1)
    if not to:
        raise NotUnderstood(refusals.which_date(held))
    date = _one_date(call, held, day)
    at = typed.read_time(to[0], now=now, zone=zone)
    changed = gatherings.change_date(held, date, at, now=now)
    news.tell(gatherings, changed, news.date_moved(date, at), by=asking_guest(call), now=now)
    return Chat(texts.date_moved(held, date.at, at))


def _become(call: Call, gatherings: Gatherings, held: Gathering, wanted: Invitation) -> Chat:
    """Whoever waits gets seats that are new; who comes is told of another time."""
    now = call.occurred_at
    taken = gatherings.guests.count(held.id).yes
    if wanted.seats is not None and wanted.seats < taken:
        raise NotUnderstood(refusals.too_few_seats(taken))
    changed = gatherings.change(held, wanted, now=now)
    telling.move_up(gatherings, changed, now=now)
    if changed.at != held.at:
        moved = news.moved(held.at, changed.at)
        news.tell(gatherings, changed, moved, by=asking_guest(call), now=now)
    return Chat(texts.changed(changed))


def _cancel_date(call: Call, gatherings: Gatherings, held: Gathering, date: SeriesDate) -> Chat:
    """With the last that is left all of it is cancelled."""
    now = call.occurred_at
    changed = gatherings.change_date(held, date, None, now=now)
    if changed.series and changed.series.is_called_off(now):
        return _cancel_all(call, gatherings, held)
    news.tell(gatherings, changed, news.date_cancelled(date), by=asking_guest(call), now=now)
    return Chat(texts.date_cancelled(held, date.at))


def _cancel_all(call: Call, gatherings: Gatherings, held: Gathering) -> Chat:
    """What nobody approved was never planned: it is taken back, or refused."""
    if held.status is GatheringStatus.PENDING:
        return _take_back(call, gatherings, held)
    guests, by, now = gatherings.guests, asking_guest(call), call.occurred_at
    gone = gatherings.settle(held, GatheringStatus.CANCELLED, by=by.name, now=now)
    news.tell(gatherings, gone, news.cancelled(held.at), by=by, now=now)
    names = guests.names(gone.id, Coming.YES, MOST_NAMES)
    return Chat(texts.cancelled(held, names, guests.count(gone.id)))


def _take_back(call: Call, gatherings: Gatherings, held: Gathering) -> Chat:
    if is_owner(call, held):
        gatherings.drop(held)
        return Chat(texts.taken_back(held))
    name, now = asking_guest(call).name, call.occurred_at
    settled = gatherings.settle(held, GatheringStatus.REJECTED, by=name, now=now)
    telling.verdict(gatherings, settled, now=now)
    return Chat(texts.rejected(settled))


def _was_read(call: Call, held: Gathering) -> bool:
    """Nobody has words approved and says others then."""
    return held.status is GatheringStatus.APPROVED and not may_moderate(call)


def _changed(call: Call, held: Gathering) -> Invitation:
    part, value = call.arguments["part"].lower(), call.arguments["value"]
    now = _as_it_is(held)
    if part == "when":
        if held.series is not None:
            raise NotUnderstood(refusals.which_date(held))
        zone = call.community.time_zone
        return replace(now, at=typed.read_time(value, now=call.occurred_at, zone=zone))
    if part == "seats":
        return replace(now, seats=typed.read_seats(value))
    if part in typed.PARTS and _was_read(call, held):
        raise NotUnderstood(refusals.was_read(part))
    words = call.in_words(value)
    if part == "title":
        return replace(now, title=typed.read_title(words))
    if part == "about":
        return replace(now, about=typed.read_about(words))
    if part == "place":
        return replace(now, place=typed.read_place(words))
    raise NotUnderstood(refusals.no_part(part, typed.PARTS))


def _as_it_is(held: Gathering) -> Invitation:
    return Invitation(
        at=held.at, title=held.title, about=held.about, place=held.place, seats=held.seats
    )


def _one_date(call: Call, held: Gathering, day: str) -> SeriesDate:
    """Raises NotUnderstood: it does not come back, or is not on that day."""
    if held.series is None:
        raise NotUnderstood(refusals.comes_once(held))
    moment = take_moment(day, now=call.occurred_at, zone=held.series.zone)
    if moment is None or moment.rest:
        raise NotUnderstood(refusals.which_date(held))
    found = held.series.on_day_of(moment.at)
    if found is None or found.at <= call.occurred_at:
        raise NotUnderstood(refusals.not_that_day(held, moment.at))
    return found


COMMANDS = (edit, cancel, move)
