"""What several commands answer alike: one memory, a list of them, or that there is none."""

from __future__ import annotations

from functions.modules.memories import texts, typed
from functions.modules.memories.kept import MemoryKind, Page, WantedMemories, wanted
from functions.modules.memories.store import Memories
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Call, Chat, say_command
from waddlebot_sdk.pages import is_page, take_page

MOST_LISTED = 1000
"""Of the newest; who has more narrows it down."""


def long_form(words: str) -> tuple[str, str]:
    return (f"memories {words}", f"mem {words}")


def show_one(call: Call, memories: Memories, kind: MemoryKind) -> Chat:
    text = call.arguments.get("number-or-words", "")
    number = typed.number_in(text)
    if number is not None:
        found = memories.show(call.community.id, number, kind)
        return Chat(texts.shown(found)) if found else _none_of(call, memories, kind, number)
    asked = wanted(call.in_words(text), kind, language=call.community.language)
    found = memories.show_any(call.community.id, asked)
    return Chat(texts.shown(found)) if found else nothing(call, memories, asked)


def _none_of(call: Call, memories: Memories, kind: MemoryKind, number: int) -> Chat:
    other = memories.find(call.community.id, number)
    return Chat(texts.is_another(kind, other) if other else texts.no_such(kind, number))


def list_or_page(call: Call, memories: Memories, kind: MemoryKind) -> Chat:
    """`2` is a page, `waddle page 2` the second one of those with the word."""
    text, again = call.in_words(call.arguments.get("words", "")), say_command(call.command)
    if is_page(text):
        everything = wanted("", kind, language=call.community.language)
        return list_all(call, memories, everything, page=int(text), again=again)
    words, page = take_page(text)
    again = f"{again} {words} page" if words else again
    asked = wanted(words, kind, language=call.community.language)
    return list_all(call, memories, asked, page=page, again=again)


def list_all(
    call: Call, memories: Memories, asked: WantedMemories, *, page: int, again: str
) -> Chat:
    """`again` is what is typed before a page's number."""
    found = memories.search(call.community.id, asked, limit=MOST_LISTED)
    if not found.memories:
        return nothing(call, memories, asked)
    return say_list(call, found, texts.heading(asked.kind), page=page, again=again)


def say_list(call: Call, found: Page, heading: str, *, page: int, again: str) -> Chat:
    room = find_abilities(call.entity.platform).most_characters
    return Chat(texts.listed(found, page, heading=heading, again=again, room=room))


def nothing(call: Call, memories: Memories, asked: WantedMemories) -> Chat:
    """With what is near it, where somebody may have mistyped."""
    if not asked.is_narrowed:
        return Chat(texts.none_yet(asked.kind))
    near = memories.find_near(call.community.id, asked).memories if asked.words else ()
    return Chat(texts.none_with(asked, near))
