"""Reminders: set in chat, said in the same place when their time has come."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec

from functions.modules.memories import reminder_texts, typed
from functions.modules.memories.people import asking_later, asking_person
from functions.modules.memories.reminders import Reminder
from functions.modules.memories.repeating import Repeated, read_repeat, say_repeat
from functions.modules.memories.store import Memories
from functions.modules.memories.when import Wish, read_wish
from waddlebot.domain.unseen import is_blank
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, command, say_command
from waddlebot_sdk.pages import read_page
from waddlebot_sdk.times import Moment, say_length, say_moment, take_moment

SOONEST = timedelta(seconds=10)
LATEST = timedelta(days=365)
MOST_OPEN = 25
MOST_REPEATED = 5
_NUMBERED = re.compile(r"#?(\d{1,9})\s+(?=\S)")


@command(
    "remind <when> <words>",
    "Remind you: 10m, 2h30m, in 3 days, tomorrow 9:00, 24 dec, every day 9:00, every 2 weeks.",
    example="remind 10m stretch your legs",
    also=("memories remind", "mem remind"),
)
def remind(call: Call, memories: Memories) -> Answer:
    zone, now = call.community.time_zone, call.occurred_at
    repeated = read_repeat(typed.read_text(call.text), now=now, zone=zone, latest=LATEST)
    if repeated is not None:
        return _remind_again(call, memories, repeated)
    wish = _read_wish(call)
    _check_room(call, memories)
    memories.reminders.set(
        call.community.id,
        call.entity.id,
        by=asking_person(call),
        words=typed.read_words(call.in_words(wish.words)),
        at=wish.at,
        later=asking_later(call),
    )
    return Chat(reminder_texts.will_remind(wish.said))


def _remind_again(call: Call, memories: Memories, wish: Repeated) -> Answer:
    repeat = wish.repeat
    if is_blank(wish.words):
        raise NotUnderstood(reminder_texts.no_words_to_remind())
    if not repeat.first_at <= min(repeat.ends_at, call.occurred_at + LATEST):
        raise NotUnderstood(reminder_texts.never_comes())
    _check_room(call, memories, is_repeated=True)
    memories.reminders.set(
        call.community.id,
        call.entity.id,
        by=asking_person(call),
        words=typed.read_text(call.in_words(wish.words)),
        at=repeat.first_at,
        later=asking_later(call),
        repeat=repeat,
    )
    said = say_repeat(repeat, now=call.occurred_at, zone=call.community.time_zone)
    return Chat(reminder_texts.will_remind(said))


def _check_room(call: Call, memories: Memories, *, is_repeated: bool = False) -> None:
    """Raises NotUnderstood: this person waits for enough already."""
    known = memories.reminders.list_open(call.community.id, asking_person(call))
    if len(known) >= MOST_OPEN:
        raise NotUnderstood(reminder_texts.too_many_reminders(MOST_OPEN))
    if is_repeated and sum(one.repeat is not None for one in known) >= MOST_REPEATED:
        raise NotUnderstood(reminder_texts.too_many_repeated(MOST_REPEATED))


@command(
    "reminders [page]",
    "List what I will remind you of.",
    example="reminders",
    also=("memories reminders", "mem reminders"),
)
def reminders(call: Call, memories: Memories) -> Answer:
    open_ones = memories.reminders.list_open(call.community.id, asking_person(call))
    if not open_ones:
        return Chat(reminder_texts.no_reminders())
    is_private = any(one.is_private for one in open_ones)
    again = say_command("reminders")
    page = read_page(call.arguments.get("page", ""), again=again)
    room = find_abilities(call.entity.platform).most_characters
    said = reminder_texts.reminders(open_ones, page, now=call.occurred_at, again=again, room=room)
    # What was asked for privately is not told to all who read here.
    return Chat(said, private=is_private, secret=is_private)


@command(
    "forget <number>",
    "Drop one of your reminders.",
    example="forget 2",
    also=("memories forget", "mem forget"),
)
def forget(call: Call, memories: Memories) -> Answer:
    number = typed.read_number(call.arguments["number"])
    gone = memories.reminders.forget(call.community.id, number, asking_person(call))
    if gone is None:
        return Chat(reminder_texts.no_reminder(number))
    return Chat(reminder_texts.forgotten(gone), private=gone.is_private, secret=gone.is_private)


@command(
    "snooze <when>",
    "Have your last reminder said again later; a number before the time means another one.",
    example="snooze 10m",
    also=("memories snooze", "mem snooze"),
)
def snooze(call: Call, memories: Memories) -> Answer:
    number, wanted = _read_snooze(call)
    person = asking_person(call)
    found = memories.reminders.find_own(call.community.id, person, number)
    if found is None:
        raise NotUnderstood(
            reminder_texts.no_reminder(number) if number else reminder_texts.nothing_to_snooze()
        )
    _say_later(call, memories, found, wanted.at)
    now, zone = call.occurred_at, call.community.time_zone
    when = (
        f"in {say_length(wanted.seconds)}"
        if wanted.seconds is not None
        else say_moment(wanted.at, now=now, zone=zone)
    )
    said = reminder_texts.snoozed(found, when)
    return Chat(said, private=found.is_private, secret=found.is_private)


def _say_later(call: Call, memories: Memories, found: Reminder, at: datetime) -> None:
    """One that comes again goes on as it does: this time is one of its own, which is moved where
    it is put off once more. What was asked for privately stays so.
    """
    later, community, here = asking_later(call), call.community.id, call.entity.id
    if found.is_private:
        later = msgspec.structs.replace(later, private=True)
    by = asking_person(call)
    own = memories.reminders.find_put_off(community, by, found.number) if found.repeat else found
    if own is not None:
        memories.reminders.cancel_planned(community, own)
        memories.reminders.move(community, own.number, at=at, later=later, entity=here)
        return
    _check_room(call, memories)
    memories.reminders.set(
        community, here, by=by, words=found.words, at=at, later=later, instead_of=found.number
    )


def _read_snooze(call: Call) -> tuple[int | None, Moment]:
    """`10m`, `tomorrow 9:00`, `#3 10m`."""
    now, zone = call.occurred_at, call.community.time_zone
    text = call.arguments["when"].strip()
    numbered = _NUMBERED.match(text)
    found = _whole(text, now, zone)
    number = None
    if found is None and numbered:
        number, found = int(numbered[1]), _whole(text[numbered.end() :], now, zone)
    if found is None:
        raise NotUnderstood(reminder_texts.no_snooze(text))
    if not SOONEST <= found.at - now <= LATEST:
        raise NotUnderstood(reminder_texts.too_soon_or_late())
    return number, found


def _whole(text: str, now: datetime, zone: str) -> Moment | None:
    try:
        found = take_moment(text, now=now, zone=zone)
    except NotUnderstood:
        return None
    return None if found is None or found.rest else found


def remind_now(call: Call, memories: Memories) -> Answer:
    """The time has come. Said once: a reminder that is marked or forgotten stays silent."""
    number = int(call.data["reminder"])
    planned = call.data.get("at")
    due = memories.reminders.mark_said(
        call.community.id, number, at=call.occurred_at, planned=planned
    )
    if due is None:
        return None
    _go_on(call, memories, due)
    return Chat(reminder_texts.reminder(due), notifies=True, called=reminder_texts.called(due))


def _go_on(call: Call, memories: Memories, said: Reminder) -> None:
    """What would have come while nothing ran, up to now, is not said one after the other."""
    now, zone = max(call.occurred_at, call.deadline), call.community.time_zone
    at = said.repeat.after(now, zone) if said.repeat else None
    if at is not None:
        memories.reminders.move(
            call.community.id, said.number, at=at, later=asking_later(call), entity=said.entity_id
        )


def _read_wish(call: Call) -> Wish:
    zone = call.community.time_zone
    wish = read_wish(typed.read_text(call.text), now=call.occurred_at, zone=zone)
    if wish is None:
        raise NotUnderstood(reminder_texts.no_time())
    if not SOONEST <= wish.at - call.occurred_at <= LATEST:
        raise NotUnderstood(reminder_texts.too_soon_or_late())
    return wish


COMMANDS = (remind, reminders, forget, snooze)
