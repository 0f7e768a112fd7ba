"""Reminders: set in chat, said in the same place when their time has come."""

from __future__ import annotations

from datetime import timedelta

from functions.modules.memories import texts, typed
from functions.modules.memories.people import asking_later, asking_person
from functions.modules.memories.store import Memories
from functions.modules.memories.when import Wish, read_wish
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, command, say_command
from waddlebot_sdk.pages import read_page

SOONEST = timedelta(seconds=10)
LATEST = timedelta(days=365)
MOST_OPEN = 25


@command(
    "remind <when> <words>",
    "Remind you: 10m, 2h30m, in 3 days, tomorrow 9:00, at 20:00, 24 dec.",
    example="remind 10m stretch your legs",
    also=("memories remind", "mem remind"),
)
def remind(call: Call, memories: Memories) -> Answer:
    wish = _read_wish(call)
    person = asking_person(call)
    if len(memories.reminders.list_open(call.community.id, person)) >= MOST_OPEN:
        raise NotUnderstood(texts.too_many_reminders(MOST_OPEN))
    memories.reminders.set(
        call.community.id,
        call.entity.id,
        by=person,
        words=typed.read_text(call.in_words(wish.words)),
        at=wish.at,
        later=asking_later(call),
    )
    return Chat(texts.will_remind(wish.said))


@command(
    "reminders [page]",
    "List what I will remind you of.",
    example="reminders",
    also=("memories reminders", "mem reminders"),
)
def reminders(call: Call, memories: Memories) -> Answer:
    open_ones = memories.reminders.list_open(call.community.id, asking_person(call))
    if not open_ones:
        return Chat(texts.no_reminders())
    again = say_command("reminders")
    page = read_page(call.arguments.get("page", ""), again=again)
    room = find_abilities(call.entity.platform).most_characters
    return Chat(texts.reminders(open_ones, page, now=call.occurred_at, again=again, room=room))


@command(
    "forget <number>",
    "Drop one of your reminders.",
    example="forget 2",
    also=("memories forget", "mem forget"),
)
def forget(call: Call, memories: Memories) -> Answer:
    number = typed.read_number(call.arguments["number"])
    gone = memories.reminders.forget(call.community.id, number, asking_person(call))
    return Chat(texts.forgotten(gone) if gone else texts.no_reminder(number))


def remind_now(call: Call, memories: Memories) -> Answer:
    """The time has come. Said once: a reminder that is marked or forgotten stays silent."""
    number = int(call.data["reminder"])
    due = memories.reminders.mark_sent(call.community.id, number, at=call.occurred_at)
    if due is None:
        return None
    return Chat(texts.reminder(due), notifies=True, called=texts.called(due))


def _read_wish(call: Call) -> Wish:
    zone = call.community.time_zone
    wish = read_wish(typed.read_text(call.text), now=call.occurred_at, zone=zone)
    if wish is None:
        raise NotUnderstood(texts.no_time())
    if not SOONEST <= wish.at - call.occurred_at <= LATEST:
        raise NotUnderstood(texts.too_soon_or_late())
    return wish


COMMANDS = (remind, reminders, forget)
