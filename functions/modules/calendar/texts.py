"""Every sentence that people read; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from functions.modules.calendar import saying_rules
from waddlebot_sdk import say_command
from waddlebot_sdk.pages import Pages
from waddlebot_sdk.shown import show_time
from waddlebot_sdk.times import say_length

if TYPE_CHECKING:
    from functions.modules.calendar.gathering import Gathering
    from functions.modules.calendar.guests import Tally
    from functions.modules.calendar.reminders import EventReminder

BETWEEN = " · "
MOST_CUT = 40
ADD = say_command("event add <when> <title>")
EXAMPLE = say_command("event add tomorrow 20:00 Game night")
LIST = say_command("event list")

VERBS = (
    "add",
    "list",
    "show",
    "yes",
    "maybe",
    "no",
    "edit",
    "move",
    "cancel",
    "approve",
    "reject",
    "feed",
)


def named(gathering: Gathering) -> str:
    return f"#{gathering.number} {gathering.title}"


def named_with_time(gathering: Gathering) -> str:
    """Of what comes back the next one."""
    if gathering.series is None:
        return f"{named(gathering)}, {show_time(gathering.at)}"
    return f"{named(gathering)}, {rule_of(gathering)}, next {show_time(gathering.at)}"


def invites(gathering: Gathering) -> str:
    """What it is, and how to say that one comes."""
    come = say_command(f"event yes {gathering.number}")
    return f"{_whole(gathering)}. You come? {come}"


def preview(draft: Gathering, *, now: datetime, dates: int) -> str:
    """Its next dates, and that nothing is kept yet."""
    coming = draft.series.coming(now, dates + 1) if draft.series else []
    shown = ", ".join(show_time(one.at) for one in coming[:dates])
    more = " and so on" if len(coming) > dates else ""
    return f"{draft.title}, {rule_of(draft)}: {shown}{more}. Shall I keep it?"


def dropped(draft: Gathering) -> str:
    return f"Dropped: {draft.title}."


def date_cancelled(gathering: Gathering, at: datetime) -> str:
    return f"Cancelled: {named(gathering)} on {show_time(at)}, that one date."


def date_moved(gathering: Gathering, at: datetime, to: datetime) -> str:
    return f"Moved: {named(gathering)} from {show_time(at)} to {show_time(to)}, that one date."


def waits(gathering: Gathering) -> str:
    number = gathering.number
    approve, reject = (say_command(f"event {verb} {number}") for verb in ("approve", "reject"))
    return (
        f"{named_with_time(gathering)} waits for a moderator: {approve} or {reject}. "
        "You read here what became of it."
    )


def approved(gathering: Gathering) -> str:
    return f"Approved: {invites(gathering)}"


def rejected(gathering: Gathering) -> str:
    return f"Rejected: {named(gathering)}{because(gathering)}."


def became_of_it(gathering: Gathering, *, is_approved: bool) -> str:
    what = "approved" if is_approved else "rejected"
    by = f" by {gathering.approved_by_name}" if gathering.approved_by_name else ""
    return (
        f"{gathering.created_by_name}, your event {named(gathering)} was {what}{by}"
        f"{because(gathering)}."
    )


def cancelled(gathering: Gathering, names: Sequence[str], tally: Tally) -> str:
    told = f" {_people(names, tally.yes)} had said yes." if tally.yes else ""
    return f"Cancelled: {named_with_time(gathering)}.{told}"


def taken_back(gathering: Gathering) -> str:
    return f"Taken back: {named(gathering)}. Nobody had approved it."


def news(
    name: str, gathering: Gathering, was: datetime, at: datetime | None, *, is_whole: bool
) -> str:
    """For the person of that name, or for all there who come."""
    number = gathering.number
    whom = f"{name}, " if name else "For all who come: "
    what = f"{whom}{named(gathering)}"
    only = "" if is_whole else ", that one date"
    if at is None:
        see = say_command("event list" if is_whole else f"event show {number}")
        return f"{what} of {show_time(was)} is cancelled{only}. See what is planned: {see}"
    no = say_command(f"event no {number}")
    stop = f"You cannot? {no}" if is_whole else f"See it: {say_command(f'event show {number}')}"
    return f"{what} of {show_time(was)} is moved{only}: it is {show_time(at)} now. {stop}"


def changed(gathering: Gathering) -> str:
    return f"Changed. {_whole(gathering)}."


def shown(gathering: Gathering, tally: Tally, names: Sequence[str]) -> str:
    """All of it, who comes, and where it stands."""
    parts = [_whole(gathering), _taken(gathering, tally)]
    if names:
        parts.append(_people(names, tally.yes))
    parts += [f"{count} {word}" for count, word in _others(tally) if count]
    if gathering.status != "approved":
        parts.append(f"{gathering.status}{because(gathering)}")
    elif gathering.created_by_name:
        parts.append(f"by {gathering.created_by_name}")
    return BETWEEN.join(parts)


def listed(found: Sequence[Gathering], page: int, *, heading: str, again: str, room: int) -> str:
    lines = [
        f"#{one.number} {cut(one.title)} {show_time(one.at)}{_listed_rule(one)}{_seats(one, ', ')}"
        for one in found
    ]
    pages = Pages(again=again, room=room, heading=f"{heading}: ", between=BETWEEN, end="")
    return pages.say(lines, page)


def none_planned() -> str:
    return f"Nothing is planned. Add something: {ADD}"


def none_waits() -> str:
    return "No event waits for a moderator."


def you_come(gathering: Gathering, tally: Tally) -> str:
    return f"You come to {named_with_time(gathering)}. {_taken(gathering, tally)}."


def you_wait(gathering: Gathering, turn: int) -> str:
    seats = "The only seat" if gathering.seats == 1 else f"All {gathering.seats} seats"
    are = "is" if gathering.seats == 1 else "are"
    return (
        f"{seats} of {named(gathering)} {are} taken. You wait as number {turn}, and I call you "
        f"when one comes free. No longer? {say_command(f'event no {gathering.number}')}"
    )


def you_may_come(gathering: Gathering) -> str:
    return f"Maybe you come to {named_with_time(gathering)}. No seat is kept for that."


def you_do_not_come(gathering: Gathering) -> str:
    return f"You do not come to {named_with_time(gathering)}."


def moved_up(name: str, gathering: Gathering) -> str:
    stop = say_command(f"event no {gathering.number}")
    return f"{name}, a seat came free: you come to {named_with_time(gathering)}. You cannot? {stop}"


def reminds(gathering: Gathering, reminder: EventReminder, tally: Tally) -> str:
    come = say_command(f"event yes {gathering.number}")
    place = f" at {gathering.place}" if gathering.place else ""
    if not reminder.before:
        return f"⏰ Now: {named(gathering)}{place}. {_taken(gathering, tally)}."
    length = say_length(reminder.before.total_seconds())
    return (
        f"⏰ In {length}: {named(gathering)}{place}, {show_time(reminder.date)}. "
        f"{_taken(gathering, tally)}. You come? {come}"
    )


def feed(address: str) -> str:
    new = say_command("event feed new")
    return (
        f"All that is planned, for your calendar: {address} What you come to: {address}?mine=1 "
        f"Whoever has the address reads it; {new} ends it."
    )


def no_such_feed() -> str:
    return f"This address is none, or not any more. {say_command('event feed')} gives you one."


def called(gathering: Gathering) -> str:
    """Without its title, where that may not be said."""
    return f"news of event #{gathering.number}"


def known_verbs(typed: str) -> str:
    whose = say_command("event")
    start = f"'{cut(typed)}' is nothing that {whose} does. It knows" if typed else "Say"
    return f"{start}: {', '.join(VERBS)}. Example: {EXAMPLE}"


def rule_of(gathering: Gathering) -> str:
    return saying_rules.say(gathering.series) if gathering.series else ""


def _listed_rule(gathering: Gathering) -> str:
    return f" ({rule_of(gathering)})" if gathering.series else ""


def _whole(gathering: Gathering) -> str:
    about = f": {gathering.about}" if gathering.about else ""
    place = f"at {gathering.place}" if gathering.place else ""
    parts = (f"{named_with_time(gathering)}{about}", place, _seats(gathering, ""))
    return BETWEEN.join(filter(None, parts))


def _taken(gathering: Gathering, tally: Tally) -> str:
    if gathering.seats is not None:
        return f"{tally.yes} of {gathering.seats} seats taken"
    return f"{tally.yes} {'comes' if tally.yes == 1 else 'come'}"


def _seats(gathering: Gathering, before: str) -> str:
    if gathering.seats is None:
        return ""
    return f"{before}{gathering.seats} seat{'' if gathering.seats == 1 else 's'}"


def _others(tally: Tally) -> tuple[tuple[int, str], ...]:
    return (
        (tally.waiting, "wait" if tally.waiting > 1 else "waits"),
        (tally.maybe, "maybe"),
        (tally.no, "no"),
    )


def _people(names: Sequence[str], count: int) -> str:
    rest = count - len(names)
    return ", ".join(names) + (f" and {rest} more" if rest > 0 else "")


def because(gathering: Gathering) -> str:
    return f": {gathering.rejection_reason}" if gathering.rejection_reason else ""


def cut(text: str) -> str:
    return text if len(text) <= MOST_CUT else f"{text[: MOST_CUT - 1]}…"
