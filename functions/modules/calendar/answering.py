"""Yes, maybe and no: typed or pressed, on every platform into one list."""

from __future__ import annotations

from collections.abc import Callable

from functions.modules.calendar import refusals, telling, texts
from functions.modules.calendar.commands import (
    check_room,
    hold_open,
    long_form,
    said_of_new,
    status_for,
)
from functions.modules.calendar.completing import pending, upcoming
from functions.modules.calendar.gathering import Gathering, GatheringStatus
from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.guests import Coming
from functions.modules.calendar.people import asking_guest
from functions.modules.calendar.typed import read_about
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command


@command(
    "event yes <number>",
    "Say that you come; where all seats are taken you wait for one.",
    example="event yes 3",
    also=("event join", *long_form("yes"), *long_form("join")),
    completes={"number": upcoming},
)
def yes(call: Call, gatherings: Gatherings) -> Answer:
    return Chat(_answered(call, gatherings, call.arguments["number"], Coming.YES))


@command(
    "event maybe <number>",
    "Say that you come perhaps.",
    example="event maybe 3",
    also=long_form("maybe"),
    completes={"number": upcoming},
)
def maybe(call: Call, gatherings: Gatherings) -> Answer:
    return Chat(_answered(call, gatherings, call.arguments["number"], Coming.MAYBE))


@command(
    "event no <number>",
    "Say that you do not come; your seat goes to whoever waits longest.",
    example="event no 3",
    also=("event leave", *long_form("no"), *long_form("leave")),
    completes={"number": upcoming},
)
def no(call: Call, gatherings: Gatherings) -> Answer:
    return Chat(_answered(call, gatherings, call.arguments["number"], Coming.NO))


@command(
    "event approve <number>",
    "Let an event be planned that waits for it.",
    example="event approve 3",
    also=long_form("approve"),
    role=Role.MODERATOR,
    completes={"number": pending},
)
def approve(call: Call, gatherings: Gatherings) -> Answer:
    settled = _settle(call, gatherings, call.arguments["number"], GatheringStatus.APPROVED)
    return Chat(texts.approved(settled))


@command(
    "event reject <number> [reason]",
    "Refuse an event that waits; whoever added it reads the reason.",
    example="event reject 3 we stream that evening",
    also=long_form("reject"),
    role=Role.MODERATOR,
    completes={"number": pending},
)
def reject(call: Call, gatherings: Gatherings) -> Answer:
    number, reason = call.arguments["number"], call.in_words(call.arguments.get("reason", ""))
    settled = _settle(call, gatherings, number, GatheringStatus.REJECTED, reason)
    return Chat(texts.rejected(settled))


def pressed(coming: Coming) -> Callable[[Call, Gatherings], Answer]:
    """A button below an event; what came of it is for whoever pressed."""

    def answer(call: Call, gatherings: Gatherings) -> Answer:
        text = _answered(call, gatherings, str(call.data["context"]), coming)
        return Chat(text, private=True)

    return answer


def approved_by_button(call: Call, gatherings: Gatherings) -> Answer:
    number = str(call.data["context"])
    settled = _settle(call, gatherings, number, GatheringStatus.APPROVED)
    return Chat(texts.approved(settled), in_place=True)


def rejected_by_button(call: Call, gatherings: Gatherings) -> Answer:
    number = str(call.data["context"])
    settled = _settle(call, gatherings, number, GatheringStatus.REJECTED)
    return Chat(texts.rejected(settled), in_place=True)


def kept_by_button(call: Call, gatherings: Gatherings) -> Answer:
    """What comes back, once its dates were seen."""
    held = _draft(call, gatherings)
    check_room(call, gatherings, besides=held.number)
    now, name = call.occurred_at, asking_guest(call).name
    return said_of_new(gatherings.settle(held, status_for(call), by=name, now=now), now=now)


def dropped_by_button(call: Call, gatherings: Gatherings) -> Answer:
    held = _draft(call, gatherings)
    gatherings.drop(held)
    return Chat(texts.dropped(held), in_place=True)


def _draft(call: Call, gatherings: Gatherings) -> Gathering:
    """Raises NotUnderstood: it was kept or dropped meanwhile."""
    number = int(call.data["context"])
    held = gatherings.hold(call.community.id, number, now=call.occurred_at)
    if held is None or held.status is not GatheringStatus.DRAFT:
        raise NotUnderstood(refusals.no_draft(number))
    return held


def _answered(call: Call, gatherings: Gatherings, number: str, wanted: Coming) -> str:
    held = hold_open(call, gatherings, number)
    if held.status is not GatheringStatus.APPROVED:
        raise NotUnderstood(refusals.not_open(held))
    guests, person = gatherings.guests, asking_guest(call)
    coming = guests.answer(held.id, person, wanted, seats=held.seats)
    telling.move_up(gatherings, held, now=call.occurred_at)
    if coming is Coming.YES:
        return texts.you_come(held, guests.count(held.id))
    if coming is Coming.MAYBE:
        return texts.you_may_come(held)
    waiting = guests.find(held.id, person.platform, person.id)
    if coming is Coming.WAITING and waiting:
        return texts.you_wait(held, guests.place_in_line(waiting))
    return texts.you_do_not_come(held)


def _settle(
    call: Call, gatherings: Gatherings, number: str, status: GatheringStatus, reason: str = ""
) -> Gathering:
    held = hold_open(call, gatherings, number)
    if held.status is not GatheringStatus.PENDING:
        raise NotUnderstood(refusals.not_pending(held))
    name = asking_guest(call).name
    settled = gatherings.settle(
        held, status, by=name, reason=read_about(reason), now=call.occurred_at
    )
    telling.verdict(gatherings, settled, now=call.occurred_at)
    return settled


COMMANDS = (yes, maybe, no, approve, reject)
