"""What a community keeps, and how it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from functions.modules.memories.tags import take_tags
from waddlebot.platforms.mentions import without_marks


class MemoryKind(StrEnum):
    QUOTE = "quote"
    URL = "url"
    NOTE = "note"


KINDS = {
    "quote": MemoryKind.QUOTE,
    "url": MemoryKind.URL,
    "link": MemoryKind.URL,
    "note": MemoryKind.NOTE,
}
"""As people type them, with an `s` or without."""


def find_kind(typed: str) -> MemoryKind | None:
    return KINDS.get(typed.lower().removesuffix("s"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """`created_by_name` is empty where the person who added it was forgotten.

    `address` is where a line stands that was kept as a quote; `said_at` is known of those, and of
    quotes that were brought in with a date.
    """

    number: int
    kind: MemoryKind
    title: str
    content: str
    url: str
    author: str
    category: str
    tags: tuple[str, ...]
    game: str
    address: str
    said_at: datetime | None
    created_by_name: str
    usage_count: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody wants to keep; it has no number yet. `message` and `said_by` are ids."""

    kind: MemoryKind
    title: str = ""
    content: str = ""
    url: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    game: str = ""
    message: str = ""
    said_by: str = ""
    address: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedMemories:
    """`language` (BCP 47) is the one whose stems words are compared by."""

    kind: MemoryKind | None = None
    words: str = ""
    tags: tuple[str, ...] = ()
    category: str = ""
    language: str = "en"

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.tags or self.category)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The first memories found, and how many there are in all."""

    memories: tuple[Memory, ...]
    total: int


def wanted(typed: str, kind: MemoryKind | None, *, language: str) -> WantedMemories:
    """`#raid waddle` is what has that tag and that word."""
    tags, words = take_tags(typed)
    return WantedMemories(kind=kind, words=words, tags=tags, language=language)


def memory_of(row: Mapping[str, Any]) -> Memory:
    """Releases before kept what chat programs write for a time, a label or an emoji."""
    return Memory(
        number=row["number"],
        kind=MemoryKind(row["kind"]),
        title=without_marks(row["title"], now=row["created_at"]),
        content=without_marks(row["content"], now=row["created_at"]),
        url=row["url"],
        author=without_marks(row["author"], now=row["created_at"]),
        category=row["category"],
        tags=tuple(row["tags"]),
        game=row["game"],
        address=row["address"],
        said_at=row["said_at"],
        created_by_name=row["created_by_name"],
        usage_count=row["usage_count"],
        created_at=row["created_at"],
    )
