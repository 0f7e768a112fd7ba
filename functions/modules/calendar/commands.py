"""Events: added, listed, shown, changed, cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from functions.modules.calendar import refusals, telling, texts, typed
from functions.modules.calendar.completing import upcoming
from functions.modules.calendar.gathering import Gathering, GatheringStatus
from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.guests import Coming
from functions.modules.calendar.people import asking_guest, may_moderate, needs_nobody
from functions.modules.calendar.recurrence import SeriesDate
from functions.modules.calendar.typed import Invitation
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Button, Buttons, Call, Chat, NotUnderstood, Role, Terms, command
from waddlebot_sdk.asks import MOST_MINUTES, Style
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.pages import is_page, read_page
from waddlebot_sdk.times import take_moment

MOST_OPEN, MOST_PENDING, MOST_NAMES, MOST_PREVIEWED = 200, 5, 10, 5
KEPT_DRAFT = timedelta(hours=1)
"""For as long as its buttons are good."""
LISTS = {
    "coming": GatheringStatus.APPROVED,
    "pending": GatheringStatus.PENDING,
    "rejected": GatheringStatus.REJECTED,
    "cancelled": GatheringStatus.CANCELLED,
}


def long_form(words: str) -> tuple[str, ...]:
    return (f"calendar {words}", f"cal {words}")


@command(
    "event add <when> <title>",
    "Plan something: friday 20:00, in 2 hours, 24 dec 18:00, then its title.",
    example="event add tomorrow 20:00 Game night",
    also=("event create", *long_form("add"), *long_form("create")),
    per_minute=10,
)
def add(call: Call, gatherings: Gatherings) -> Answer:
    invitation = typed.read_invitation(
        call.text, now=call.occurred_at, zone=call.community.time_zone, in_words=call.in_words
    )
    check_room(call, gatherings)
    status = GatheringStatus.DRAFT if invitation.series else status_for(call)
    kept = gatherings.keep(
        call.community.id,
        call.entity.id,
        invitation,
        by=asking_guest(call),
        status=status,
        now=call.occurred_at,
    )
    return said_of_new(kept, now=call.occurred_at)


@command(
    "event list [which]",
    "List what is planned; which is coming, pending, rejected, cancelled, or a page.",
    example="event list",
    also=("events", *long_form("list")),
    completes={"which": tuple(LISTS)},
)
def list_planned(call: Call, gatherings: Gatherings) -> Answer:
    which, _, page = call.arguments.get("which", "").lower().partition(" ")
    if is_page(which):
        which, page = "", which
    if which and which not in LISTS:
        raise NotUnderstood(refusals.no_list(which))
    status = LISTS[which or "coming"]
    now = call.occurred_at
    found = gatherings.coming_up(call.community.id, now=now, status=status, limit=MOST_OPEN)
    if not found:
        is_pending = status is GatheringStatus.PENDING
        return Chat(texts.none_waits() if is_pending else texts.none_planned())
    again = say_command(f"event list {which}".strip())
    room = find_abilities(call.entity.platform).most_characters
    heading = (which or "coming").capitalize()
    number = read_page(page, again=again)
    return Chat(texts.listed(found, number, heading=heading, again=again, room=room))


@command(
    "event show <number>",
    "Show an event, and who comes.",
    example="event show 3",
    also=long_form("show"),
    completes={"number": upcoming},
)
def show(call: Call, gatherings: Gatherings) -> Answer:
    number = typed.read_number(call.arguments["number"])
    found = gatherings.find(call.community.id, number, now=call.occurred_at)
    if found is None or not _may_see(call, found):
        return Chat(refusals.no_such(number))
    guests = gatherings.guests
    names = guests.names(found.id, Coming.YES, MOST_NAMES)
    text = texts.shown(found, guests.count(found.id), names)
    is_open = found.status is GatheringStatus.APPROVED and found.at > call.occurred_at
    return with_answers(text, found) if is_open else Chat(text)


@command(
    "event edit <number> <part> <value>",
    "Change a part: title, about, place, seats or when.",
    example="event edit 3 seats 8",
    also=long_form("edit"),
    completes={"number": upcoming, "part": typed.PARTS},
)
def edit(call: Call, gatherings: Gatherings) -> Answer:
    held = hold_open(call, gatherings, call.arguments["number"])
    _check_owner(call, held)
    wanted = _changed(call, held)
    taken = gatherings.guests.count(held.id).yes
    if wanted.seats is not None and wanted.seats < taken:
        raise NotUnderstood(refusals.too_few_seats(taken))
    changed = gatherings.change(held, wanted, now=call.occurred_at)
    telling.move_up(gatherings, changed, now=call.occurred_at)
    return Chat(texts.changed(changed))


@command(
    "event cancel <number> [date]",
    "Cancel an event, or one date of what comes back: 3, or 3 friday.",
    example="event cancel 3",
    also=long_form("cancel"),
    completes={"number": upcoming},
)
def cancel(call: Call, gatherings: Gatherings) -> Answer:
    held = hold_open(call, gatherings, call.arguments["number"])
    _check_owner(call, held)
    now = call.occurred_at
    if day := call.arguments.get("date", ""):
        date = _one_date(call, held, day)
        gatherings.change_date(held, date, None, now=now)
        return Chat(texts.date_cancelled(held, date.at))
    guests, name = gatherings.guests, asking_guest(call).name
    gone = gatherings.settle(held, GatheringStatus.CANCELLED, by=name, now=now)
    names = guests.names(gone.id, Coming.YES, MOST_NAMES)
    return Chat(texts.cancelled(gone, names, guests.count(gone.id)))


@command(
    "event move <number> <when>",
    "Move an event, or one date of what comes back: 3 friday to saturday 20:00.",
    example="event move 3 saturday 20:00",
    also=long_form("move"),
    completes={"number": upcoming},
)
def move(call: Call, gatherings: Gatherings) -> Answer:
    held = hold_open(call, gatherings, call.arguments["number"])
    _check_owner(call, held)
    now, zone = call.occurred_at, call.community.time_zone
    if held.series is None:
        at = typed.read_time(call.arguments["when"], now=now, zone=zone)
        changed = gatherings.change(held, replace(_as_it_is(held), at=at), now=now)
        return Chat(texts.changed(changed))
    day, _, to = call.arguments["when"].partition(" to ")
    if not to:
        raise NotUnderstood(refusals.which_date(held))
    date = _one_date(call, held, day)
    at = typed.read_time(to, now=now, zone=zone)
    gatherings.change_date(held, date, at, now=now)
    return Chat(texts.date_moved(held, date.at, at))


@command(
    "event [verb]",
    "Say what can be done with events.",
    example="event",
    also=("calendar", "cal"),
)
def overview(call: Call, _gatherings: Gatherings) -> Answer:
    return Chat(texts.known_verbs(call.text), private=True)


def status_for(call: Call) -> GatheringStatus:
    return GatheringStatus.APPROVED if needs_nobody(call) else GatheringStatus.PENDING


def said_of_new(kept: Gathering, *, now: datetime) -> Buttons:
    if kept.status is GatheringStatus.DRAFT:
        return _previewed(kept, now)
    if kept.status is GatheringStatus.PENDING:
        return with_verdicts(kept)
    return with_answers(texts.invites(kept), kept)


def with_answers(text: str, gathering: Gathering) -> Buttons:
    """What people press to say whether they come; typing does the same."""
    number = str(gathering.number)
    buttons = (
        Button("I come", "yes", number, style=Style.MAIN),
        Button("Maybe", "maybe", number),
        Button("No", "no", number),
    )
    return Buttons(text, buttons, Terms(role=Role.USER, minutes=MOST_MINUTES), needed=False)


def with_verdicts(gathering: Gathering) -> Buttons:
    number = str(gathering.number)
    buttons = (
        Button("Approve", "approve", number, style=Style.MAIN),
        Button("Reject", "reject", number, style=Style.DANGER),
    )
    terms = Terms(role=Role.MODERATOR, minutes=MOST_MINUTES)
    return Buttons(texts.waits(gathering), buttons, terms, needed=False)


def _previewed(draft: Gathering, now: datetime) -> Buttons:
    """Its next dates, before it is kept; `draft` has a series."""
    number = str(draft.number)
    buttons = (
        Button("Keep it", "keep", number, style=Style.MAIN),
        Button("Drop it", "drop", number),
    )
    terms = Terms(role=Role.USER, asker_alone=True)
    return Buttons(texts.preview(draft, now=now, dates=MOST_PREVIEWED), buttons, terms)


def hold_open(call: Call, gatherings: Gatherings, number: str) -> Gathering:
    """Held until the transaction ends.

    Raises:
        NotUnderstood: there is none, it is over with it, or it has begun.
    """
    wanted = typed.read_number(number)
    held = gatherings.hold(call.community.id, wanted, now=call.occurred_at)
    if held is None or not _may_see(call, held):
        raise NotUnderstood(refusals.no_such(wanted))
    if held.status in {GatheringStatus.REJECTED, GatheringStatus.CANCELLED}:
        raise NotUnderstood(refusals.not_open(held))
    if held.at <= call.occurred_at:
        raise NotUnderstood(refusals.began(held))
    return held


def check_room(call: Call, gatherings: Gatherings) -> None:
    """Raises NotUnderstood: so many are planned, or of this person wait for a moderator."""
    community, now = call.community.id, call.occurred_at
    gatherings.drop_old_drafts(community, before=now - KEPT_DRAFT)
    if gatherings.count_open(community, now=now) >= MOST_OPEN:
        raise NotUnderstood(refusals.too_many_open(MOST_OPEN))
    mine = gatherings.count_pending_of(community, asking_guest(call), now=now)
    if not needs_nobody(call) and mine >= MOST_PENDING:
        raise NotUnderstood(refusals.too_many_pending(MOST_PENDING))


def _check_owner(call: Call, gathering: Gathering) -> None:
    if not (may_moderate(call) or _is_owner(call, gathering)):
        raise NotUnderstood(refusals.not_yours(gathering))


def _is_owner(call: Call, gathering: Gathering) -> bool:
    who = (call.entity.platform, call.user.id if call.user else "")
    return bool(who[1]) and who == (gathering.platform, gathering.created_by)


def _may_see(call: Call, gathering: Gathering) -> bool:
    """What nobody approved is between whoever added it and moderators."""
    if gathering.status is GatheringStatus.DRAFT:
        return False  # its buttons are all that there is
    is_settled = gathering.status in {GatheringStatus.APPROVED, GatheringStatus.CANCELLED}
    return is_settled or may_moderate(call) or _is_owner(call, gathering)


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


COMMANDS = (add, list_planned, show, edit, cancel, move, overview)
