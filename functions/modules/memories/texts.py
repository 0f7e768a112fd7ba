"""Every sentence that people read; nothing here decides anything."""

from __future__ import annotations

from datetime import datetime, timedelta

from functions.modules.memories.reminders import Reminder
from functions.modules.memories.store import Memory, MemoryKind, Page
from waddlebot_sdk import say_command
from waddlebot_sdk.pages import Pages
from waddlebot_sdk.shown import Shown, show_time
from waddlebot_sdk.times import say_length

PREVIEW_CHARACTERS = 40
BETWEEN = " · "
LIST_QUOTES = say_command("memories list quotes")
SEARCH = say_command("memories search <words>")
NAMES = {MemoryKind.QUOTE: "quote", MemoryKind.URL: "link", MemoryKind.NOTE: "note"}
HOW_TO_ADD = {
    MemoryKind.QUOTE: say_command("addquote <words>"),
    MemoryKind.URL: say_command("addurl <title> <address>"),
    MemoryKind.NOTE: say_command("addnote <title> <content>"),
}
NO_WORDS = "A quote wants words."

VERBS = (
    "add quote",
    "add url",
    "add note",
    "quote",
    "quotes",
    "urls",
    "note",
    "list",
    "search",
    "get",
    "edit",
    "delete",
    "remind",
    "reminders",
    "forget",
)


def kept(memory: Memory) -> str:
    return f"Kept as {NAMES[memory.kind]} #{memory.number}."


def shown(memory: Memory) -> str:
    return f"#{memory.number}: {_whole(memory)}"


def shown_with_story(memory: Memory) -> str:
    """With where it comes from and how often it was shown."""
    by = f" by {memory.created_by_name}" if memory.created_by_name else ""
    times = f"{memory.usage_count} time{'' if memory.usage_count == 1 else 's'}"
    kept_on = show_time(memory.created_at, Shown.DAY)
    return f"{shown(memory)} ({NAMES[memory.kind]}, kept{by} on {kept_on}, shown {times})"


def on_ticker(memory: Memory) -> str:
    return f"New quote #{memory.number}: {_whole(memory)}"


def changed(memory: Memory) -> str:
    return f"Changed. {shown(memory)}"


def deleted(memory: Memory) -> str:
    return f"Deleted {NAMES[memory.kind]} #{memory.number}: {_preview(memory)}"


def listed(found: Page, page: int, *, kind: MemoryKind | None, again: str, room: int) -> str:
    """`again` is what is typed before a page's number, `room` the characters of a message."""
    heading = f"{NAMES[kind].capitalize()}s" if kind else "Kept"
    lines = [f"#{memory.number} {_preview(memory)}" for memory in found.memories]
    pages = Pages(again=again, room=room, heading=f"{heading}: ", between=BETWEEN, end="")
    return pages.say(lines, page)


def none_with(kind: MemoryKind | None, words: str) -> str:
    return (
        f"No {NAMES[kind]} has '{_cut(words)}' in it."
        if kind
        else f"Nothing kept has '{_cut(words)}' in it."
    )


def none_yet(kind: MemoryKind | None) -> str:
    name = f"{NAMES[kind]}s" if kind else "quotes, links or notes"
    how = HOW_TO_ADD[kind or MemoryKind.QUOTE]
    return f"No {name} yet. A moderator adds one: {how}"


def no_such(kind: MemoryKind | None, number: int) -> str:
    return (
        f"There is no {NAMES[kind]} #{number}." if kind else f"There is nothing kept as #{number}."
    )


def no_number(typed: str) -> str:
    return f"'{_cut(typed)}' is not a number. Lists show the numbers, for example #3."


def no_kind(typed: str) -> str:
    return f"I keep quotes, urls and notes, not '{_cut(typed)}'. Try: {LIST_QUOTES}"


def no_part(memory_kind: MemoryKind, typed: str, parts: tuple[str, ...]) -> str:
    name = NAMES[memory_kind]
    return f"A {name} has no '{_cut(typed)}' to change. It has: {', '.join(parts)}."


def no_address(typed: str) -> str:
    return f"'{_cut(typed)}' is not a web address. Try https://example.org; only http and https."


def too_long(characters: int, most: int) -> str:
    return f"That is {characters} characters long; at most {most} can be kept."


def known_verbs(typed: str) -> str:
    whose = say_command("memories")
    start = f"'{_cut(typed)}' is nothing that {whose} does. It knows" if typed else "Say"
    return f"{start}: {', '.join(VERBS)}. Example: {LIST_QUOTES}"


def will_remind(when: str) -> str:
    return f"I will remind you {when}."


def reminder(reminder: Reminder) -> str:
    return f"⏰ Reminder for {reminder.user_name}: {reminder.words}"


def called(reminder: Reminder) -> str:
    """Without its words, where they may not be said."""
    return f"your reminder #{reminder.number}, asked for at {show_time(reminder.asked_at)}"


def reminders(open_ones: list[Reminder], page: int, *, now: datetime, again: str, room: int) -> str:
    lines = [f"#{one.number} {_due(one, now)}: {_cut(one.words)}" for one in open_ones]
    pages = Pages(again=again, room=room, heading="Your reminders: ", between=BETWEEN, end="")
    return pages.say(lines, page)


def no_reminders() -> str:
    return f"You have no reminders. Set one: {say_command('remind 10m stretch')}"


def forgotten(reminder: Reminder) -> str:
    return f"Reminder #{reminder.number} is off: {_cut(reminder.words)}"


def no_reminder(number: int) -> str:
    return f"You have no reminder #{number}. See yours: {say_command('reminders')}"


def _due(reminder: Reminder, now: datetime) -> str:
    """How long it takes; from a day on when it is."""
    left = reminder.remind_at - now
    if left >= timedelta(days=1):
        return show_time(reminder.remind_at)
    return f"in {say_length(left.total_seconds(), at_most=2)}"


def no_time() -> str:
    return (
        "I need a time first, such as 10m, 2h30m, 3 days or tomorrow 9:00, then what to say. "
        f"Example: {say_command('remind 10m stretch your legs')}"
    )


def too_soon_or_late() -> str:
    return (
        "I can remind you after 10 seconds at the soonest and after a year at the latest. "
        f"Example: {say_command('remind 10m stretch your legs')}"
    )


def too_many_reminders(most: int) -> str:
    return f"You have {most} reminders already. Drop one first: {say_command('forget <number>')}"


def _whole(memory: Memory) -> str:
    if memory.kind is MemoryKind.QUOTE:
        return f"{memory.content} — {memory.author}" if memory.author else memory.content
    if memory.kind is MemoryKind.NOTE:
        return f"{memory.title}: {memory.content}"
    description = f" ({memory.content})" if memory.content else ""
    return f"{memory.title}: {memory.url}{description}"


def _preview(memory: Memory) -> str:
    if memory.kind is MemoryKind.URL:
        return f"{_cut(memory.title)} {memory.url}"
    return _cut(memory.content if memory.kind is MemoryKind.QUOTE else memory.title)


def _cut(text: str) -> str:
    return text if len(text) <= PREVIEW_CHARACTERS else f"{text[: PREVIEW_CHARACTERS - 1]}…"
