"""Hours of a day as moderators type them: `18:00-23:00`, `22-2` over midnight; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time

from waddlebot.domain.errors import Because, Refusal

MOST_HOURS = 5
_DAY = 24 * 60
_HOURS = re.compile(r"(\d{1,2})(?::(\d\d))?[-\u2013\u2014](\d{1,2})(?::(\d\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Hours:
    """From minute `begins` of a day to `ends`, which is no longer in them; the next day's where
    that is earlier.
    """

    begins: int
    ends: int

    @classmethod
    def read(cls, typed: str) -> Hours:
        """Raises ValueError: it is none."""
        found = _HOURS.fullmatch(typed)
        if found is None:
            raise ValueError(f"no hours: {typed[:20]!r}")
        hours = cls(_minute(found[1], found[2]), _minute(found[3], found[4]))
        if hours.begins % _DAY == hours.ends % _DAY:
            raise ValueError(f"no part of a day: {typed!r}")
        return hours

    def __contains__(self, minute: int) -> bool:
        if self.begins < self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends

    def __str__(self) -> str:
        return f"{_clock(self.begins)}-{_clock(self.ends)}"

    @property
    def said(self) -> str:
        return f"from {_clock(self.begins)} to {_clock(self.ends)}"


def looks_like_hours(typed: str) -> bool:
    return _HOURS.fullmatch(typed) is not None


def read_hours(typed: str) -> Hours:
    """Raises Refusal, with how they are written."""
    try:
        return Hours.read(typed)
    except ValueError:
        words = f"'{typed[:20]}' are no hours of a day. Say them like 18:00-23:00 or 22-2."
        raise Refusal(words, Because.WRONG, code="INVALID_WHEN", field="hours") from None


def hours_in(hours: Iterable[Hours], at: time) -> bool:
    """Whether one of them holds this time of day."""
    return any(at.hour * 60 + at.minute in one for one in hours)


def check_hours(hours: Sequence[Hours]) -> None:
    """Raises Refusal."""
    if len(hours) > MOST_HOURS:
        words = f"A command answers in {MOST_HOURS} spans of a day at most."
        raise Refusal(words, Because.WRONG, code="INVALID_WHEN", field="hours")


def _minute(hour: str, minute: str | None) -> int:
    """Raises ValueError."""
    found = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or found > _DAY:
        raise ValueError(f"no time of day: {hour}:{minute}")
    return found


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
