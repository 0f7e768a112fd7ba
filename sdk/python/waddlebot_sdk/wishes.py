"""What a module wishes to have done besides answering: done where it `may`, else refused.

A wish is one more response: `return [Chat("Welcome!"), ShoutOut("@penguin_lagoon")]`. A platform
that has nothing of the kind does the nearest, or nothing, and the record says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

PERSON = re.compile(r"@?[\w-]{1,64}", re.ASCII)
MOST_PLACE = 200


class May(StrEnum):
    """The words of `Module.may` and of `may` in waddlebot.toml.

    `SEE_CHANNELS` is no wish: of the channels that a call is about the module is told what Twitch
    says (docs/adding-a-module.md).
    """

    ANNOUNCE = "announce"
    DELETE = "delete"
    REACT = "react"
    SAY_ELSEWHERE = "say_elsewhere"
    SEE_CHANNELS = "see_channels"
    SHOUT_OUT = "shout_out"


def read_may(words: Iterable[str]) -> frozenset[May]:
    """What this release knows of words that a newer one may have written."""
    return frozenset(May(word) for word in words if word in _KNOWN)


_KNOWN = frozenset(map(str, May))
STRANGERS_MAY = frozenset({May.ANNOUNCE, May.REACT, May.SHOUT_OUT})
"""What an owner can let a community function do; the rest is for modules of the house."""


@dataclass(frozen=True, slots=True)
class Announce:
    """Said so that everybody sees it; a line of its own where announcing is unknown."""

    text: str
    needs: ClassVar[May] = May.ANNOUNCE

    def to_wire(self) -> dict[str, Any]:
        """`{"response_action": "announce", "chat_message"}`"""
        return _wire(self.needs, chat_message=self.text)


@dataclass(frozen=True, slots=True)
class React:
    """An emoji at the line that the call is about: 🎂, or its name as `:cake:`."""

    emoji: str
    needs: ClassVar[May] = May.REACT

    def to_wire(self) -> dict[str, Any]:
        """`{"response_action": "react", "emoji"}`"""
        return _wire(self.needs, emoji=self.emoji)


@dataclass(frozen=True, slots=True)
class DeleteLine:
    """The line that the call is about goes."""

    needs: ClassVar[May] = May.DELETE

    def to_wire(self) -> dict[str, Any]:
        """`{"response_action": "delete"}`"""
        return _wire(self.needs)


@dataclass(frozen=True, slots=True)
class ShoutOut:
    """Another streamer is recommended: by the platform's id, or as `@login`."""

    person: str
    needs: ClassVar[May] = May.SHOUT_OUT

    def to_wire(self) -> dict[str, Any]:
        """`{"response_action": "shout_out", "person"}`"""
        return _wire(self.needs, person=self.person)


@dataclass(frozen=True, slots=True)
class SayElsewhere:
    """A line in another place of the same community: `place` is its id, as in `Call.entity.id`."""

    text: str
    place: str
    needs: ClassVar[May] = May.SAY_ELSEWHERE

    def to_wire(self) -> dict[str, Any]:
        """`{"response_action": "say_elsewhere", "chat_message", "place"}`"""
        return _wire(self.needs, chat_message=self.text, place=self.place)


Wish = Announce | React | DeleteLine | ShoutOut | SayElsewhere


def _wire(action: May, **fields: str) -> dict[str, Any]:
    return {"success": True, "response_action": action.value, **fields}
