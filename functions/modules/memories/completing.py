"""What is offered while somebody types a number or words: those that have the words in them."""

from __future__ import annotations

from collections.abc import Iterator

from functions.modules.memories import texts
from functions.modules.memories.kept import Memory, MemoryKind, wanted
from functions.modules.memories.store import Memories
from functions.modules.memories.typed import number_in
from waddlebot_sdk import Call, Choice
from waddlebot_sdk.completions import MOST_CHOICES, Completer

_KINDS = ("quotes", "urls", "notes")


def kinds(call: Call, memories: Memories) -> Iterator[str]:
    """And the community's categories."""
    yield from _KINDS
    yield from memories.categories.names(call.community.id)


def numbers(kind: MemoryKind | None = None) -> Completer[Memories]:
    """Of this kind, or of all."""

    def offer(call: Call, memories: Memories) -> Iterator[Choice]:
        typed = call.text.strip()
        number = number_in(typed)
        if number is not None and (found := memories.find(call.community.id, number)):
            yield from (_choice(one) for one in [found] if kind in {None, one.kind})
            typed = str(number)
        asked = wanted(typed, kind, language=call.community.language)
        page = memories.search(call.community.id, asked, limit=MOST_CHOICES)
        yield from map(_choice, page.memories)

    return offer


def _choice(memory: Memory) -> Choice:
    return Choice(str(memory.number), texts.offered(memory))
