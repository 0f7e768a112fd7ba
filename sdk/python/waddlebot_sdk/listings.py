"""A titled list: each platform shows it in its own dress, and as text where it has none for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MOST_ENTRIES = 50
MOST_NAME_CHARACTERS = 100
MOST_ABOUT_CHARACTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """`about` says in half a line what `name` is; it may be empty."""

    name: str
    about: str = ""

    def as_text(self) -> str:
        return f"{self.name}: {self.about}" if self.about else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """`more` stands below: where to find the rest, say. All of it is text, without marks."""

    title: str
    entries: tuple[ListEntry, ...]
    more: str = ""

    def as_text(self) -> str:
        """Line by line, for where lists have no dress."""
        return "\n".join(
            filter(None, (self.title, *map(ListEntry.as_text, self.entries), self.more))
        )

    def texts(self) -> Iterator[str]:
        """All that is read in it."""
        yield self.title
        for entry in self.entries:
            yield from (entry.name, entry.about)
        yield self.more

    def reworded(self, reword: Callable[[str], str]) -> Listing:
        """The same list in other words."""
        entries = (
            ListEntry(name=reword(one.name), about=reword(one.about)) for one in self.entries
        )
        return Listing(title=reword(self.title), entries=tuple(entries), more=reword(self.more))

    def to_wire(self) -> dict[str, Any]:
        """`{"title", "entries": [{"name", "about"}], "more"}`."""
        entries = [{"name": one.name, "about": one.about} for one in self.entries]
        return {"title": self.title, "entries": entries, "more": self.more}

    @classmethod
    def from_wire(cls, wire: object) -> Listing:
        """Raises ValueError: the sentence is for the module's developer.

        `wire` is JSON of a stranger; too long texts are cut.
        """
        if not isinstance(wire, Mapping) or not isinstance(wire.get("entries"), list):
            raise ValueError("listing is an object with title and entries")  # noqa: TRY004
        if not 1 <= len(wire["entries"]) <= MOST_ENTRIES:
            raise ValueError(f"a listing has 1 to {MOST_ENTRIES} entries")
        return cls(
            title=_text(wire, "title", MOST_NAME_CHARACTERS),
            entries=tuple(map(_entry, wire["entries"])),
            more=_text(wire, "more", MOST_ABOUT_CHARACTERS, needed=False),
        )


def _entry(wire: object) -> ListEntry:
    if not isinstance(wire, Mapping):
        raise ValueError("an entry of a listing is an object with name and about")  # noqa: TRY004
    return ListEntry(
        name=_text(wire, "name", MOST_NAME_CHARACTERS),
        about=_text(wire, "about", MOST_ABOUT_CHARACTERS, needed=False),
    )


def _text(wire: Mapping[str, Any], name: str, most: int, *, needed: bool = True) -> str:
    """On one line; what is too long is cut."""
    value = wire.get(name) or ""
    if not isinstance(value, str) or (needed and not value.strip()):
        raise ValueError(f"{name} of a listing must be text")
    line = " ".join(value.replace("\0", "").split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
