"""What is offered while somebody types a number or words: those that have the words in them."""

from __future__ import annotations

from collections.abc import Iterator

from functions.modules.memories import texts
from functions.modules.memories.store import Memories, Memory, MemoryKind
from waddlebot_sdk import Call, Choice
from waddlebot_sdk.completions import MOST_CHOICES, Completer
from waddlebot_sdk.pages import is_page

KINDS = ("quotes", "urls", "notes")


def numbers(kind: MemoryKind | None = None) -> Completer[Memories]:
    """Of this kind, or of all."""

    def offer(call: Call, memories: Memories) -> Iterator[Choice]:
        typed = call.text.strip().removeprefix("#")
        if is_page(typed) and (found := memories.find(call.community.id, int(typed))):
            yield from (_choice(one) for one in [found] if kind in {None, one.kind})
        page = memories.search(call.community.id, typed, kind=kind, limit=MOST_CHOICES)
        yield from map(_choice, page.memories)

    return offer


def _choice(memory: Memory) -> Choice:
    return Choice(str(memory.number), texts.shown(memory))
