"""What a chat box keeps of lines, and what pages are told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec


class ChatLine(msgspec.Struct, frozen=True, kw_only=True):
    """`name` and `whose` (`platform:id`) find it when it is deleted.

    `shown` is what pages get, `{"platform", "name", "parts", …}` as functions/router/chat_lines.py
    makes it; `at` is unix seconds.
    """

    name: str
    whose: str
    at: float
    shown: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """`kind` is `line`, `of` a person, `called` as a person is or `at` a place, `what` its name;
    all until `at`.

    Of a person who is `forgotten` nothing stays, not even that lines of theirs went.
    """

    kind: str
    what: str
    at: datetime


class ChatEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A line, or the numbers of those that are `gone`; `c` is its own, greater than the last.

    A line that was changed where it was written has another `c`, and is still known by the one that
    it `was` first: by that it goes as well.
    """

    c: int
    was: int = 0
    name: str = ""
    whose: str = ""
    at: float = 0.0
    shown: Mapping[str, Any] = {}
    gone: tuple[int, ...] = ()

    def told(self) -> dict[str, Any]:
        """To a page, which knows nobody's account: `{"c", "gone"}`, or `c` and what is shown, and
        `was` of what was changed.
        """
        if self.gone:
            return {"c": self.c, "gone": self.gone}
        return {"c": self.c, **({"was": self.was} if self.was else {}), **self.shown}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatNews:
    """`after` is the number of what was there before."""

    after: int
    entries: Sequence[ChatEntry]
