"""Every sentence that people read; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from waddlebot_sdk import say_command
from waddlebot_sdk.pages import Pages
from waddlebot_sdk.shown import show_time

if TYPE_CHECKING:
    from functions.modules.calendar.gatherings import Gathering
    from functions.modules.calendar.guests import Tally

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
    "cancel",
    "approve",
    "reject",
)


def named(gathering: Gathering) -> str:
    return f"#{gathering.number} {gathering.title}"


def named_with_time(gathering: Gathering) -> str:
    return f"{named(gathering)}, {show_time(gathering.at)}"


def invites(gathering: Gathering) -> str:
    """What it is, and how to say that one comes."""
    come = say_command(f"event yes {gathering.number}")
    return f"{_whole(gathering)}. You come? {come}"


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
    return f"Rejected: {named(gathering)}{_because(gathering)}."


def became_of_it(gathering: Gathering, *, is_approved: bool) -> str:
    what = "approved" if is_approved else "rejected"
    by = f" by {gathering.approved_by_name}" if gathering.approved_by_name else ""
    return (
        f"{gathering.created_by_name}, your event {named(gathering)} was {what}{by}"
        f"{_because(gathering)}."
    )


def cancelled(gathering: Gathering, names: Sequence[str], tally: Tally) -> str:
    told = f" {_people(names, tally.yes)} had said yes." if tally.yes else ""
    return f"Cancelled: {named_with_time(gathering)}.{told}"


def changed(gathering: Gathering) -> str:
    return f"Changed. {_whole(gathering)}."


def shown(gathering: Gathering, tally: Tally, names: Sequence[str]) -> str:
    """All of it, who comes, and where it stands."""
    parts = [_whole(gathering), _taken(gathering, tally)]
    if names:
        parts.append(_people(names, tally.yes))
    parts += [f"{count} {word}" for count, word in _others(tally) if count]
    if gathering.status != "approved":
        parts.append(f"{gathering.status}{_because(gathering)}")
    elif gathering.created_by_name:
        parts.append(f"by {gathering.created_by_name}")
    return BETWEEN.join(parts)


def listed(found: Sequence[Gathering], page: int, *, heading: str, again: str, room: int) -> str:
    lines = [
        f"#{one.number} {_cut(one.title)} {show_time(one.at)}{_seats(one, ', ')}" for one in found
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


def called(gathering: Gathering) -> str:
    """Without its title, where that may not be said."""
    return f"news of event #{gathering.number}"


def no_such(number: int) -> str:
    return f"There is no event #{number}. See them: {LIST}"


def not_open(gathering: Gathering) -> str:
    if gathering.status == "pending":
        return f"{named(gathering)} still waits for a moderator."
    return f"{named(gathering)} is {gathering.status}{_because(gathering)}."


def began(gathering: Gathering) -> str:
    return f"{named(gathering)} has begun already, {show_time(gathering.at)}."


def not_pending(gathering: Gathering) -> str:
    return f"{named(gathering)} waits for nobody: it is {gathering.status}."


def not_yours(gathering: Gathering) -> str:
    by = gathering.created_by_name or "whoever added it"
    return f"Only {by} and moderators change {named(gathering)}."


def was_read(part: str) -> str:
    return f"A moderator has approved it as it is: ask one to change the {part}."


def too_few_seats(taken: int) -> str:
    come = "1 person comes" if taken == 1 else f"{taken} people come"
    return f"{come} already: there cannot be fewer seats."


def too_many_open(most: int) -> str:
    return f"{most} events are planned already. Cancel one first: {LIST}"


def too_many_pending(most: int) -> str:
    return f"{most} events of yours wait for a moderator already."


def no_number(typed: str) -> str:
    return f"'{_cut(typed)}' is no number of an event. {LIST} shows them, for example #3."


def no_list(typed: str) -> str:
    return f"'{_cut(typed)}' is no list. There are: coming, pending, rejected, cancelled."


def no_part(typed: str, parts: Sequence[str]) -> str:
    return f"An event has no '{_cut(typed)}' to change. It has: {', '.join(parts)}."


def no_time() -> str:
    return (
        "When is it? Begin with that, such as friday 20:00, in 2 hours or 2026-12-24 18:00, then "
        f"say what it is. Example: {EXAMPLE}"
    )


def no_title() -> str:
    return f"What is it? Say that behind the time. Example: {EXAMPLE}"


def too_far() -> str:
    return "That is too far away: an event is two years ahead at most."


def no_seats(typed: str, most: int) -> str:
    return f"'{_cut(typed)}' is no number of seats. Say 1 to {most}, or none."


def too_many_details() -> str:
    example = 'event add friday 20:00 "Game night" "Bring snacks" Discord 8'
    return (
        "Behind the title stand what it is about, the place and the seats, each in quotes where "
        f"it has several words. Example: {say_command(example)}"
    )


def too_long(characters: int, most: int) -> str:
    return f"That is {characters} characters long; at most {most} can be kept."


def known_verbs(typed: str) -> str:
    whose = say_command("event")
    start = f"'{_cut(typed)}' is nothing that {whose} does. It knows" if typed else "Say"
    return f"{start}: {', '.join(VERBS)}. Example: {EXAMPLE}"


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


def _because(gathering: Gathering) -> str:
    return f": {gathering.rejection_reason}" if gathering.rejection_reason else ""


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CUT else f"{text[: MOST_CUT - 1]}…"
