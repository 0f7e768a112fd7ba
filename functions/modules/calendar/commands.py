"""Events: added, listed, shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from functions.modules.calendar import refusals, texts, typed
from functions.modules.calendar.completing import upcoming
from functions.modules.calendar.gathering import Gathering, GatheringStatus
from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.guests import Coming
from functions.modules.calendar.people import asking_guest, may_moderate, needs_nobody
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Button, Buttons, Call, Chat, NotUnderstood, Role, Terms, command
from waddlebot_sdk.asks import MOST_MINUTES, Style
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.pages import is_page, read_page

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
    planned = gatherings.coming_up(call.community.id, now=now, status=status, limit=MOST_OPEN)
    found = [one for one in planned if _may_see(call, one)]
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


def check_room(call: Call, gatherings: Gatherings, *, besides: int = 0) -> None:
    """For one more, whose number may be known already: it does not count.

    Raises:
        NotUnderstood: so many are planned, or of this person wait for a moderator.
    """
    community, now = call.community.id, call.occurred_at
    gatherings.drop_old_drafts(community, before=now - KEPT_DRAFT)
    if gatherings.count_open(community, now=now) >= MOST_OPEN:
        raise NotUnderstood(refusals.too_many_open(MOST_OPEN))
    person = asking_guest(call)
    mine = gatherings.count_pending_of(community, person, now=now, besides=besides)
    if not needs_nobody(call) and mine >= MOST_PENDING:
        raise NotUnderstood(refusals.too_many_pending(MOST_PENDING))


def check_owner(call: Call, gathering: Gathering) -> None:
    if not (may_moderate(call) or is_owner(call, gathering)):
        raise NotUnderstood(refusals.not_yours(gathering))


def is_owner(call: Call, gathering: Gathering) -> bool:
    who = (call.entity.platform, call.user.id if call.user else "")
    return bool(who[1]) and who == (gathering.platform, gathering.created_by)


def _may_see(call: Call, gathering: Gathering) -> bool:
    """What nobody approved is between whoever added it and moderators."""
    if gathering.status is GatheringStatus.DRAFT:
        return False  # its buttons are all that there is
    is_settled = gathering.status in {GatheringStatus.APPROVED, GatheringStatus.CANCELLED}
    return is_settled or may_moderate(call) or is_owner(call, gathering)


COMMANDS = (add, list_planned, show, overview)
