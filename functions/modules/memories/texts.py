"""Every sentence that people read; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from functions.modules.memories.categories import MemoryCategory
from functions.modules.memories.kept import Memory, MemoryKind, Page, WantedMemories
from waddlebot_sdk import say_command
from waddlebot_sdk.pages import Pages
from waddlebot_sdk.shown import Shown, show_time

PREVIEW_CHARACTERS = 40
BETWEEN = " · "
LIST_QUOTES = say_command("memories list quotes")
LIST_ALL = say_command("memories list")
SEARCH = say_command("memories search <words>")
NAMES = {MemoryKind.QUOTE: "quote", MemoryKind.URL: "link", MemoryKind.NOTE: "note"}
LISTS = {
    MemoryKind.QUOTE: say_command("quotes"),
    MemoryKind.URL: say_command("urls"),
    MemoryKind.NOTE: say_command("memories list notes"),
}
HOW_TO_ADD = {
    MemoryKind.QUOTE: say_command("addquote <words>"),
    MemoryKind.URL: say_command("addurl <title> <address>"),
    MemoryKind.NOTE: say_command("addnote <title> <content>"),
}
NO_WORDS = "A quote wants words."
NOTHING_TO_SEE = "There is nothing in it that people could read. Say it in words."
OR_A_LINE = f"{NO_WORDS} Or answer a line with {say_command('addquote')}, which keeps that one."
KEPT_MEANWHILE = "That line was kept as a quote a moment ago."
ON_THIS_DAY = "Said on this day: "
ADD_CATEGORY = say_command("memories category add <name>")

VERBS = (
    "add quote",
    "add url",
    "add note",
    "quote",
    "quotes",
    "onthisday",
    "urls",
    "note",
    "list",
    "search",
    "get",
    "edit",
    "delete",
    "categories",
    "category add",
    "category drop",
    "remind",
    "reminders",
    "forget",
    "snooze",
    "memo",
    "memos",
    "memos drop",
    "react",
    "top",
    "pin",
    "import",
)


def kept(memory: Memory) -> str:
    return f"Kept as {NAMES[memory.kind]} #{memory.number}."


def kept_before(memory: Memory) -> str:
    return f"That line is {NAMES[memory.kind]} #{memory.number} already."


def shown(memory: Memory) -> str:
    return f"#{memory.number}: {_whole(memory)}"


def shown_with_story(memory: Memory, reactions: str) -> str:
    """With where it comes from, what it is filed under and how often it was shown."""
    by = f" by {memory.created_by_name}" if memory.created_by_name else ""
    times = f"{memory.usage_count} time{'' if memory.usage_count == 1 else 's'}"
    kept_on = show_time(memory.created_at, Shown.DAY)
    filed = f", in {memory.category}" if memory.category else ""
    tags = "".join(f" #{tag}" for tag in memory.tags)
    where = f" {memory.address}" if memory.address else ""
    story = f"{NAMES[memory.kind]}{filed}, kept{by} on {kept_on}, shown {times}"
    return f"{shown(memory)} ({story}){reactions}{tags}{where}"


def offered(memory: Memory) -> str:
    """Where nobody puts a reader's own time for a day: in lists of choices, on the overlay."""
    return f"#{memory.number}: {_whole(memory, is_dated=False)}"


def on_ticker(memory: Memory) -> str:
    return f"New quote {offered(memory)}"


def changed(memory: Memory) -> str:
    return f"Changed. {shown(memory)}"


def deleted(memory: Memory) -> str:
    return f"Deleted {NAMES[memory.kind]} #{memory.number}: {_preview(memory)}"


def heading(kind: MemoryKind | None) -> str:
    return f"{NAMES[kind].capitalize()}s: " if kind else "Kept: "


def listed(found: Page, page: int, *, heading: str, again: str, room: int) -> str:
    """`again` is what is typed before a page's number, `room` the characters of a message."""
    lines = [line(memory) for memory in found.memories]
    pages = Pages(again=again, room=room, heading=heading, between=BETWEEN, end="")
    return pages.say(lines, page)


def none_with(asked: WantedMemories, near: Sequence[Memory]) -> str:
    """`near` have words like those that were typed."""
    whose = f"No {NAMES[asked.kind]}" if asked.kind else "Nothing kept"
    what = [f"'{cut(asked.words)}' in it"] if asked.words else []
    what += [f"the tag #{tag}" for tag in asked.tags]
    what += [f"the category {asked.category}"] if asked.category else []
    alike = f" Near it: {BETWEEN.join(map(line, near))}" if near else ""
    list_ = LISTS[asked.kind] if asked.kind else LIST_ALL
    return f"{whose} has {' and '.join(what)}.{alike or f' See what there is: {list_}'}"


def nothing_on_this_day(now: datetime) -> str:
    return f"No quote of an earlier year was said on the day that is {show_time(now, Shown.DAY)}."


def none_yet(kind: MemoryKind | None) -> str:
    name = f"{NAMES[kind]}s" if kind else "quotes, links or notes"
    how = HOW_TO_ADD[kind or MemoryKind.QUOTE]
    return f"No {name} yet. A moderator adds one: {how}"


def no_such(kind: MemoryKind | None, number: int) -> str:
    if kind is None:
        return f"There is nothing kept as #{number}. See what there is: {LIST_ALL}"
    return f"There is no {NAMES[kind]} #{number}. See those there are: {LISTS[kind]}"


def is_another(kind: MemoryKind, found: Memory) -> str:
    """Quotes, links and notes share their numbers."""
    how = say_command(f"memories get {found.number}")
    return f"#{found.number} is a {NAMES[found.kind]}, no {NAMES[kind]}. See it: {how}"


def no_number(typed: str) -> str:
    return f"'{cut(typed)}' is not a number. Lists show the numbers, for example #3."


def no_kind(typed: str, categories: Sequence[str]) -> str:
    filed = f", in the categories {', '.join(categories)}" if categories else ""
    return f"I keep quotes, urls and notes{filed}, not '{cut(typed)}'. Try: {LIST_QUOTES}"


def no_tag(typed: str, most: int) -> str:
    return (
        f"'{cut(typed)}' is no tag. One is a word of letters, digits, - and _ with at most "
        f"{most} characters. Example: {say_command('memories edit 3 tags raid, funny')}"
    )


def too_many_tags(most: int) -> str:
    return f"A memory has at most {most} tags."


def categories(known: Sequence[MemoryCategory]) -> str:
    if not known:
        return f"There are no categories yet. A moderator makes one: {ADD_CATEGORY}"
    told = (
        f"{one.name} ({one.kept}){f': {one.description}' if one.description else ''}"
        for one in known
    )
    return f"Categories: {BETWEEN.join(told)}"


def category_made(name: str) -> str:
    how = say_command(f"memories edit <number> category {name}")
    return f"There is a category {name} now. Put something in it: {how}"


def category_changed(name: str) -> str:
    return f"The category {name} has that description now."


def category_dropped(name: str, were_in_it: int) -> str:
    kept = f"; {were_in_it} in it stay kept" if were_in_it else ""
    return f"The category {name} is gone{kept}."


def no_category(name: str, known: Sequence[str]) -> str:
    there = f"There are: {', '.join(known)}." if known else "There are none yet."
    return f"There is no category '{cut(name)}'. {there} A moderator makes one: {ADD_CATEGORY}"


def no_category_name(typed: str) -> str:
    return (
        f"A category is called by one word of at most 32 letters, not '{cut(typed)}'. "
        f"Example: {say_command('memories category add wisdom')}"
    )


def is_a_kind(name: str) -> str:
    return (
        f"'{name}' is what everything of that kind is listed by. Call the category something else: "
        f"{say_command('memories category add wisdom')}"
    )


def too_many_categories(most: int) -> str:
    how = say_command("memories category drop <name>")
    return f"There are {most} categories already. Drop one first: {how}"


def no_part(memory_kind: MemoryKind, typed: str, parts: tuple[str, ...]) -> str:
    name = NAMES[memory_kind]
    return f"A {name} has no '{cut(typed)}' to change. It has: {', '.join(parts)}."


def no_address(typed: str) -> str:
    return f"'{cut(typed)}' is not a web address. Try https://example.org; only http and https."


def too_long(characters: int, most: int) -> str:
    return f"That is {characters} characters long; at most {most} can be kept. Shorten it."


def known_verbs(typed: str) -> str:
    whose = say_command("memories")
    start = f"'{cut(typed)}' is nothing that {whose} does. It knows" if typed else "Say"
    return f"{start}: {', '.join(VERBS)}. Example: {LIST_QUOTES}"


def _whole(memory: Memory, *, is_dated: bool = True) -> str:
    if memory.kind is MemoryKind.QUOTE:
        author = f" — {memory.author}" if memory.author else ""
        at = memory.said_at if is_dated else None
        said = f", {show_time(at, Shown.DAY)}" if at else ""
        game = f" [{memory.game}]" if memory.game else ""
        return f"{memory.content}{author}{said}{game}"
    if memory.kind is MemoryKind.NOTE:
        return f"{memory.title}: {memory.content}"
    description = f" ({memory.content})" if memory.content else ""
    return f"{memory.title}: {memory.url}{description}"


def line(memory: Memory) -> str:
    return f"#{memory.number} {_preview(memory)}"


def _preview(memory: Memory) -> str:
    if memory.kind is MemoryKind.URL:
        return f"{cut(memory.title)} {memory.url}"
    return cut(memory.content if memory.kind is MemoryKind.QUOTE else memory.title)


def cut(text: str) -> str:
    """On one line of a list."""
    text = " ".join(text.split())
    return text if len(text) <= PREVIEW_CHARACTERS else f"{text[: PREVIEW_CHARACTERS - 1]}…"
