"""Days and times of day, as people name them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, time, timedelta

from waddlebot_sdk.module import NotUnderstood
from waddlebot_sdk.times.words import END, MONTH, MONTHS, SHORT_WEEKDAY, WEEKDAY, WEEKDAYS

USUAL_TIME = time(9)
"""Of a day that is named without one."""
TONIGHT = time(20)
_END_OF_CALENDARS = 9000
"""So far that every zone still has a date for it."""
_PARTS_OF_DAYS = {
    "morning": USUAL_TIME,
    "afternoon": time(15),
    "evening": TONIGHT,
    "night": TONIGHT,
}

_I = re.ASCII | re.IGNORECASE
_CLOCK = re.compile(
    r"(?:at\s+)?(?:(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2}))?(?:\s*([ap])\.?m\b\.?)?"
    r"(?:\s*(?:o['\u2019]?clock|uhr)\b)?|(noon|midnight))" + END,
    _I,
)
PART_OF_DAY = re.compile(rf"(?:in\s+the\s+)?({'|'.join(_PARTS_OF_DAYS)})\b", _I)
_DAY_WORD = re.compile(
    rf"(?:(?:on|next|this)\s+)*(today|tonight|tomorrow|{WEEKDAY}){END}"
    rf"|(?:(?:on|next|this)\s+)+({SHORT_WEEKDAY})\b\.?"
    rf"|({SHORT_WEEKDAY})\.?(?=\s+(?:at\s+)?\d{{1,2}}(?:[:.h]\d\d|\s*[ap]\.?m\b|\s*$))",
    _I,
)
_AFTER_TOMORROW = re.compile(r"(?:the\s+)?day\s+after\s+tomorrow\b", _I)
_YEAR = r"(?:,?\s+(\d{4})(?![\d:.]))?"
_DAY_MONTH = re.compile(
    rf"(?:on\s+)?(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th|\.)?\s*(?:of\s+)?({MONTH})\.?{_YEAR}(?!\w)",
    _I,
)
_MONTH_DAY = re.compile(
    rf"(?:on\s+)?({MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}(?![\w:.])", _I
)
_NUMERIC = re.compile(r"(?:on\s+)?(\d{1,2})\.(\d{1,2})\.(\d{4})?(?!\w)", _I)
_ISO = re.compile(r"(?:on\s+)?(\d{4})-(\d{2})-(\d{2})(?:T(?=\d)|(?![\w-]))", _I)

Date = tuple[str | None, int, str]
"""Year, where one was said, month and day."""


def day_at(text: str, start: int, today: date) -> tuple[date | None, int]:
    """A day that is named there, and where its name ends. Raises NotUnderstood: no such day."""
    if later := _AFTER_TOMORROW.match(text, start):
        return today + timedelta(days=2), later.end()
    if word := _DAY_WORD.match(text, start):
        return _named_day(next(filter(None, word.groups())).lower(), today), word.end()
    for pattern, read in _DATES:
        if found := pattern.match(text, start):
            return _date(found, read(found), today), found.end()
    return None, start


def clock_at(text: str, start: int, *, behind_day: bool) -> tuple[time | None, int]:
    """A time of day that stands there, and where it ends.

    A number alone is one behind a day, where nothing follows: `tomorrow 8`, not `tomorrow 2 eggs`.

    Raises:
        NotUnderstood: it looks like one: `25:00`.
    """
    part = PART_OF_DAY.match(text, start) if behind_day else None
    if part:
        return _PARTS_OF_DAYS[part[1].lower()], part.end()
    clock = _CLOCK.match(text, start)
    is_last = clock is not None and not text[clock.end() :].strip()
    if clock is None or not (_is_surely_one(clock) or (behind_day and (clock[2] or is_last))):
        return None, start
    at = _time_of(clock)
    if at is None:
        raise NotUnderstood(f"'{clock[0].strip()}' is no time of a day.")
    return at, clock.end()


def _named_day(word: str, today: date) -> date:
    if word in {"today", "tonight"}:
        return today
    if word == "tomorrow":
        return today + timedelta(days=1)
    number = next(n for n, day in enumerate(WEEKDAYS) if day.startswith(word[:3]))
    return today + timedelta(days=(number - today.weekday()) % 7 or 7)


def _date(found: re.Match[str], parts: Date, today: date) -> date:
    """Without a year the next such day."""
    year, month, day = parts
    try:
        if year:
            return date(int(year), month, int(day) if int(year) < _END_OF_CALENDARS else 0)
        return _next_such_day(month, int(day), today)
    except ValueError as error:
        raise NotUnderstood(f"There is no day '{found[0].strip()}'.") from error


def _next_such_day(month: int, day: int, today: date) -> date:
    """29 February is years ahead. Raises ValueError: no year has it."""
    # Around a year of a hundred that does not leap, eight years have no such day.
    for year in range(today.year, today.year + 9):
        with suppress(ValueError):
            if (found := date(year, month, day)) >= today:
                return found
    raise ValueError(f"{day}.{month}.")


def _month(name: str) -> int:
    return MONTHS.index(name[:3].lower()) + 1


_DATES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Date]], ...] = (
    (_ISO, lambda found: (found[1], int(found[2]), found[3])),
    (_NUMERIC, lambda found: (found[3], int(found[2]), found[1])),
    (_DAY_MONTH, lambda found: (found[3], _month(found[2]), found[1])),
    (_MONTH_DAY, lambda found: (found[3], _month(found[1]), found[2])),
)


def _is_surely_one(clock: re.Match[str]) -> bool:
    """`20:00`, `8pm`, `at 8`, `8 o'clock`, `noon`; a number alone is none."""
    said = clock[0].lower()
    is_named = said.startswith("at ") or said.rstrip().endswith(("clock", "uhr"))
    return is_named or bool(clock[2] and ":" in said) or bool(clock[4] or clock[5])


def _time_of(clock: re.Match[str]) -> time | None:
    if clock[5]:
        return time(12) if clock[5].lower() == "noon" else time(0)
    hour, minute, second = int(clock[1]), int(clock[2] or 0), int(clock[3] or 0)
    if half := (clock[4] or "").lower():
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None
