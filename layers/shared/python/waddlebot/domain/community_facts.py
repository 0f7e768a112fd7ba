"""All that a community decided, as facts: what two states differ in is what two dicts differ in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from waddlebot_sdk.own_words import in_usual_words

Key = tuple[Any, ...]
Facts = Mapping[Key, Any]
"""By kind (a FactKind) and what it is about: the rest of the key."""
MODERATORS_CHANNEL = "moderators_channel"
EVENTS_CHANNEL = "events_channel"
CHANNELS = (MODERATORS_CHANNEL, EVENTS_CHANNEL)
"""Settings that name a place of the community."""


def _as_it_is(_key: Key, value: Any) -> str:
    return str(value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactKind:
    """One sort of what is decided. There is one of each: it is itself, and equal to no other.

    `name` is how people read it, and what it is about behind that, unless `described` says it.
    `shown` says its value. `place` says where a fact stands in the text form of some.
    A kind that is `whole` says all with its key; the value is where it stands among its like,
    or how all of those are to stand.
    """

    name: str
    place: Callable[[Key, Facts], str] = field(repr=False)
    described: Callable[..., str] | None = field(default=None, repr=False)
    shown: Callable[[Key, Any], str] = field(default=_as_it_is, repr=False)
    whole: bool = False

    def describe(self, *about: Any) -> str:
        return self.described(*about) if self.described else " ".join([self.name, *map(str, about)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`before` is None where there was nothing, `after` where nothing is to be."""

    key: Key
    before: Any
    after: Any

    @property
    def kind(self) -> FactKind:
        kind: FactKind = self.key[0]
        return kind

    @property
    def words(self) -> str:
        """`+ rule contains “free nitro”, block`, `~ setting prefix: ! becomes ?`"""
        what = in_usual_words(self.kind.describe(*self.key[1:]))
        if self.before is None:
            return f"+ {what}{self._value(self.after)}"
        if self.after is None:
            return f"- {what}{self._value(self.before)}"
        if self.kind.whole:
            return f"~ {what}"
        was, becomes = (self.kind.shown(self.key, one) for one in (self.before, self.after))
        return f"~ {what}: {was} becomes {becomes}"

    def _value(self, value: Any) -> str:
        is_told = value is True or value == () or self.kind.whole
        return "" if is_told else f": {self.kind.shown(self.key, value)}"


def at(path: str) -> Callable[[Key, Facts], str]:
    """`commands.{}.called`: with what a key is about in it."""
    return lambda key, _facts: path.format(*key[1:])


def among_rows(name: str) -> Callable[[Key, Facts], str]:
    """`limits[3]`: the third of its kind; of what is none of these, the list."""

    def place(key: Key, facts: Facts) -> str:
        alike = [one for one in facts if one[0] is key[0]]
        return f"{name}[{alike.index(key) + 1}]" if key in facts else name

    return place


def in_place(place: str | None) -> str:
    """` in twitch:channel:7`, or nothing where it is everywhere."""
    return f" in {place}" if place else ""
