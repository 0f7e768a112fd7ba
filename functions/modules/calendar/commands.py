"""Events: added, listed, shown, changed, cancelled."""

from __future__ import annotations

from dataclasses import replace

from functions.modules.calendar import telling, texts, typed
from functions.modules.calendar.completing import upcoming
from functions.modules.calendar.gatherings import Gathering, Gatherings, GatheringStatus
from functions.modules.calendar.guests import Coming
from functions.modules.calendar.people import Guest, asking_guest, may_moderate
from functions.modules.calendar.typed import Invitation
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Button, Buttons, Call, Chat, NotUnderstood, Role, Terms, command
from waddlebot_sdk.asks import MOST_MINUTES, Style
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.pages import is_page, read_page

MOST_OPEN, MOST_PENDING, MOST_NAMES = 200, 5, 10
LISTS = {"coming": GatheringStatus.APPROVED} | {
    str(one): one for one in GatheringStatus if one is not GatheringStatus.APPROVED
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
    person, is_settled = asking_guest(call), may_moderate(call)
    _check_room(call, gatherings, None if is_settled else person)
    status = GatheringStatus.APPROVED if is_settled else GatheringStatus.PENDING
    kept = gatherings.keep(call.community.id, call.entity.id, invitation, by=person, status=status)
    return with_answers(texts.invites(kept), kept) if is_settled else with_verdicts(kept)


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
        raise NotUnderstood(texts.no_list(which))
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
    found = gatherings.find(call.community.id, number)
    if found is None or not _may_see(call, found):
        return Chat(texts.no_such(number))
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
        raise NotUnderstood(texts.too_few_seats(taken))
    changed = gatherings.change(held, wanted)
    telling.move_up(gatherings, changed, now=call.occurred_at)
    return Chat(texts.changed(changed))


@command(
    "event cancel <number>",
    "Cancel an event: whoever added it, or a moderator.",
    example="event cancel 3",
    also=long_form("cancel"),
    completes={"number": upcoming},
)
def cancel(call: Call, gatherings: Gatherings) -> Answer:
    held = hold_open(call, gatherings, call.arguments["number"])
    _check_owner(call, held)
    guests, name = gatherings.guests, asking_guest(call).name
    gone = gatherings.settle(held, GatheringStatus.CANCELLED, by=name)
    names = guests.names(gone.id, Coming.YES, MOST_NAMES)
    return Chat(texts.cancelled(gone, names, guests.count(gone.id)))


@command(
    "event [verb]",
    "Say what can be done with events.",
    example="event",
    also=("calendar", "cal"),
)
def overview(call: Call, _gatherings: Gatherings) -> Answer:
    return Chat(texts.known_verbs(call.text), private=True)


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


def hold_open(call: Call, gatherings: Gatherings, number: str) -> Gathering:
    """Held until the transaction ends.

    Raises:
        NotUnderstood: there is none, it is over with it, or it has begun.
    """
    wanted = typed.read_number(number)
    held = gatherings.hold(call.community.id, wanted)
    if held is None or not _may_see(call, held):
        raise NotUnderstood(texts.no_such(wanted))
    if held.status in {GatheringStatus.REJECTED, GatheringStatus.CANCELLED}:
        raise NotUnderstood(texts.not_open(held))
    if held.at <= call.occurred_at:
        raise NotUnderstood(texts.began(held))
    return held


def _check_room(call: Call, gatherings: Gatherings, waiting: Guest | None) -> None:
    """Raises NotUnderstood. `waiting` is who asks, where a moderator has to approve it."""
    community, now = call.community.id, call.occurred_at
    if gatherings.count_open(community, now=now) >= MOST_OPEN:
        raise NotUnderstood(texts.too_many_open(MOST_OPEN))
    if waiting and gatherings.count_pending_of(community, waiting, now=now) >= MOST_PENDING:
        raise NotUnderstood(texts.too_many_pending(MOST_PENDING))


def _check_owner(call: Call, gathering: Gathering) -> None:
    if not (may_moderate(call) or _is_owner(call, gathering)):
        raise NotUnderstood(texts.not_yours(gathering))


def _is_owner(call: Call, gathering: Gathering) -> bool:
    who = (call.entity.platform, call.user.id if call.user else "")
    return bool(who[1]) and who == (gathering.platform, gathering.created_by)


def _may_see(call: Call, gathering: Gathering) -> bool:
    """What nobody approved is between whoever added it and moderators."""
    is_settled = gathering.status in {GatheringStatus.APPROVED, GatheringStatus.CANCELLED}
    return is_settled or may_moderate(call) or _is_owner(call, gathering)


def _was_read(call: Call, held: Gathering) -> bool:
    """Nobody has words approved and says others then."""
    return held.status is GatheringStatus.APPROVED and not may_moderate(call)


def _changed(call: Call, held: Gathering) -> Invitation:
    part, value = call.arguments["part"].lower(), call.arguments["value"]
    now = Invitation(
        at=held.at, title=held.title, about=held.about, place=held.place, seats=held.seats
    )
    if part == "when":
        zone = call.community.time_zone
        return replace(now, at=typed.read_time(value, now=call.occurred_at, zone=zone))
    if part == "seats":
        return replace(now, seats=typed.read_seats(value))
    if part in typed.PARTS and _was_read(call, held):
        raise NotUnderstood(texts.was_read(part))
    words = call.in_words(value)
    if part == "title":
        return replace(now, title=typed.read_title(words))
    if part == "about":
        return replace(now, about=typed.read_about(words))
    if part == "place":
        return replace(now, place=typed.read_place(words))
    raise NotUnderstood(texts.no_part(part, typed.PARTS))


COMMANDS = (add, list_planned, show, edit, cancel, overview)
