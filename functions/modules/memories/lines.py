"""The line that somebody answers or reacts to, as far as it is told."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.modules.memories import typed
from functions.modules.memories.kept import Draft, MemoryKind
from waddlebot.domain.moments import read_moment
from waddlebot_sdk import Call, NotUnderstood

MOST_ID_CHARACTERS = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswered:
    """`message` and `user` are the platform's ids; address and time may not be told."""

    message: str
    user: str
    name: str
    text: str
    address: str
    said_at: datetime | None

    def as_quote(self) -> Draft:
        """Raises NotUnderstood: it is longer than a quote may be."""
        return Draft(
            kind=MemoryKind.QUOTE,
            content=typed.read_words(self.text),
            author=self.name[: typed.MOST_TITLE_CHARACTERS],
            message=self.message,
            said_by=self.user,
            address=self.address,
            said_at=self.said_at,
        )


def answered_line(call: Call) -> LineAnswered | None:
    """None where the command answers none; whoever tells events may tell anything of one."""
    return _line(call.data.get("replied_to"))


def line_reacted_to(call: Call) -> LineAnswered | None:
    """None where it is not kept here, or was deleted."""
    return _line(call.data.get("line"))


def _line(told: object) -> LineAnswered | None:
    if not isinstance(told, Mapping):
        return None
    line = LineAnswered(
        message=_text(told, "message_id"),
        user=_text(told, "user_id"),
        name=_text(told, "user_name"),
        text=_text(told, "text"),
        address=_address(_text(told, "address")),
        said_at=_moment(_text(told, "said_at")),
    )
    is_whole = line.message and line.text and len(line.message) <= MOST_ID_CHARACTERS
    return line if is_whole else None


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value.strip() if isinstance(value, str) else ""


def _address(text: str) -> str:
    with suppress(NotUnderstood):
        return typed.read_address(text) if text else ""
    return ""


def _moment(text: str) -> datetime | None:
    return read_moment(text) if text else None
