"""Reads how long and when, as people type it: one grammar for rules, limits, labels, reminders.

It is strict: what looks like a time and is not understood is refused with a sentence, never taken
as text, and no word is lost on the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from waddlebot_sdk.module import NotUnderstood

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), _MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), _HOUR),
    **dict.fromkeys(("d", "day", "days"), _DAY),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), 7 * _DAY),
    **dict.fromkeys(("mo", "month", "months"), 30 * _DAY),
    **dict.fromkeys(("y", "year", "years"), 365 * _DAY),
}
_BELOW = {_HOUR: _MINUTE, _MINUTE: 1, _DAY: _HOUR}
"""`1h30` is an hour and thirty of what comes below."""
_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_COUNTS = {
    **dict.fromkeys(("a", "an", "one"), 1),
    **dict(zip(("two", "three", "four", "five", "six"), range(2, 7), strict=True)),
    **dict(zip(("seven", "eight", "nine", "ten", "eleven", "twelve"), range(7, 13), strict=True)),
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
USUAL_TIME = time(9)
"""Of a day that is named without one."""
_MOST_SECONDS = 100 * 365 * _DAY

_END = r"(?![\w.:]*\w)"
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_COUNT = rf"(?:\d{{1,7}}(?:[.,]\d{{1,3}})?|(?:{'|'.join(_COUNTS)})(?=\s))"
_PART = re.compile(rf"({_COUNT})\s*({_UNIT})(?![^\W\d_])", re.ASCII | re.IGNORECASE)
_BARE_TAIL = re.compile(rf"(\d{{1,2}}){_END}", re.ASCII)
_JOINT = re.compile(r"(?:\s*,)?(?:\s+and\s+|\s*)", re.IGNORECASE)
_HALF = re.compile(rf"half\s+(?:an?\s+)?({_UNIT}){_END}", re.ASCII | re.IGNORECASE)
_AND_A_HALF = re.compile(rf"\s+and\s+a\s+half{_END}", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,7}", re.ASCII)
_LEAD = re.compile(r"(?:in|for|after)\s+", re.IGNORECASE)

_CLOCK = re.compile(
    r"(?:at\s+)?(?:(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2}))?\s*(am|pm)?|(noon|midnight))" + _END,
    re.ASCII | re.IGNORECASE,
)
_DAY_WORD = re.compile(
    rf"(?:(?:on|next|this)\s+)*(today|tonight|tomorrow|{'|'.join(_WEEKDAYS)})" + _END,
    re.IGNORECASE,
)
_MONTH = "|".join((*_MONTH_NAMES, *_MONTHS))
_YEAR = r"(?:,?\s+(\d{4})(?![\d:.]))?"
_DAY_MONTH = re.compile(
    rf"(?:on\s+)?(\d{{1,2}})(?:st|nd|rd|th|\.)?\s*(?:of\s+)?({_MONTH})\.?{_YEAR}(?!\w)",
    re.ASCII | re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"(?:on\s+)?({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}(?![\w:.])",
    re.ASCII | re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?:on\s+)?(\d{1,2})\.(\d{1,2})\.(\d{4})?(?!\w)", re.ASCII | re.IGNORECASE)
_ISO = re.compile(r"(?:on\s+)?(\d{4})-(\d{2})-(\d{2})(?:T|\b)", re.ASCII | re.IGNORECASE)
_LOOKS_LIKE = re.compile(
    rf"""(?:in|for|after)\s+(?:\d|half\b|(?:{"|".join(_COUNTS)})\s+(?:{_UNIT})\b)
    |at\s+\d
    |(?:on\s+)?\d{{1,4}}[/.:-]\d{{1,2}}
    |\d+(?:[.,]\d+)?\s*(?:{_UNIT})(?!\w)
    |\d{{1,7}}(?:\s|$)
    |\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?:{_MONTH})\b
    |(?:{_MONTH})\.?\s+\d
    |(?:today|tonight|tomorrow)\b
    |(?:on|next|this)\s+(?:{"|".join(_WEEKDAYS)})\b
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """So many `seconds`, and what stands behind them; `is_bare`: a number without a unit."""

    seconds: int
    rest: str
    is_bare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`at` in UTC, and what stands behind it; `seconds` where a length was typed."""

    at: datetime
    rest: str
    seconds: int | None = None


def read_length(text: str) -> int | None:
    """Seconds, where the whole text says how long: `90`, `10m`, `1h30`, `half an hour`, `a day`.

    A number alone is seconds. None where it is no such time.
    """
    found = _length_at(text.strip())
    return found.seconds if found and not found.rest else None


def take_length(text: str) -> Length | None:
    """How long at the beginning of a text: `10 minutes No adverts`; None where none stands there.

    Raises:
        NotUnderstood: it looks like a time and is none: `10:99 x`, `90 x` (ninety what?).
    """
    found = _length_at(text.lstrip())
    if found is not None and found.is_bare and found.rest:
        raise NotUnderstood(_which_unit(text))
    if found is None and looks_like_time(text):
        raise NotUnderstood(_not_read(text))
    return found


def take_moment(text: str, *, now: datetime, zone: str = "UTC") -> Moment | None:
    """When at the beginning of a text, in the zone (IANA) of whoever typed it.

    `in 10 minutes`, `at 20:00`, `tomorrow 9:00`, `next friday 18:30`, `24 dec`. A day without a
    time is at 9:00; a time without a day is its next one. None where none stands there.

    Raises:
        NotUnderstood: it looks like a time and is none, is over, or does not exist that day.
    """
    text = text.lstrip()
    found = _moment_at(text, now=now.astimezone(UTC), zone=_zone(zone))
    if found is None and looks_like_time(text):
        raise NotUnderstood(_not_read(text))
    return found


def looks_like_time(text: str) -> bool:
    """Whether somebody surely meant a time, understood or not."""
    return _LOOKS_LIKE.match(text.lstrip()) is not None


def say_length(seconds: float, *, at_most: int = 4) -> str:
    """`2 hours and 30 minutes`; of the units that there are, only the largest `at_most`."""
    rest = max(int(seconds), 0)
    parts: list[str] = []
    for unit, size in (("day", _DAY), ("hour", _HOUR), ("minute", _MINUTE), ("second", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    *first, last = parts[:at_most] or ["0 seconds"]
    return f"{', '.join(first)} and {last}" if first else last


def say_moment(at: datetime, *, now: datetime, zone: str = "UTC") -> str:
    """As understood: `today at 20:00`, `on Friday 4 December at 18:30 (Europe/Berlin)`."""
    there, today = at.astimezone(_zone(zone)), now.astimezone(_zone(zone)).date()
    named = {today: "today", today + timedelta(days=1): "tomorrow"}.get(there.date())
    day = named or f"on {there:%A} {there.day} {there:%B}"
    year = "" if named or there.year == today.year else f" {there.year}"
    return f"{day}{year} at {there:%H:%M} ({zone})"


def _length_at(text: str) -> Length | None:
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    half = _HALF.match(text, start)
    if half:
        return _length(_UNITS[half[1].lower()] / 2, text[half.end() :])
    seconds, end = _parts_at(text, start)
    if end == start:
        number = _NUMBER.match(text, start)
        is_alone = number is not None and not text[number.end() : number.end() + 1].strip()
        if not number or not is_alone:
            return None
        return replace(_length(int(number[0]), text[number.end() :]), is_bare=True)
    return _length(seconds, text[end:])


def _parts_at(text: str, start: int) -> tuple[float, int]:
    """What the parts add up to, and where they end: `1h30`, `2 days, 3 hours and 5 minutes`."""
    seconds, end, smallest = 0.0, start, float("inf")
    at = start
    while (part := _PART.match(text, at)) and _UNITS[part[2].lower()] < smallest:
        smallest = _UNITS[part[2].lower()]
        seconds += _count(part[1]) * smallest
        end = part.end()
        half = _AND_A_HALF.match(text, end)
        if half:
            return seconds + smallest / 2, half.end()
        tail = _BARE_TAIL.match(text, end)
        if tail and smallest in _BELOW:
            return seconds + int(tail[1]) * _BELOW[int(smallest)], tail.end()
        joint = _JOINT.match(text, end)
        at = joint.end() if joint else end
    is_cut_off = end > start and text[end : end + 1].isalnum()
    return (0.0, start) if is_cut_off else (seconds, end)


def _length(seconds: float, rest: str) -> Length:
    """More than a century is a century: whoever asked for less refuses it all the same."""
    return Length(seconds=round(min(seconds, _MOST_SECONDS)), rest=_rest(rest))


def _count(word: str) -> float:
    known = _COUNTS.get(word.lower())
    return float(word.replace(",", ".")) if known is None else known


def _moment_at(text: str, *, now: datetime, zone: ZoneInfo) -> Moment | None:
    there = now.astimezone(zone)
    day, end = _day_at(text, there)
    if day is not None:
        clock = _CLOCK.match(text, end + _blanks(text, end))
        at = _time_of(clock) if clock else None
        rest = text[clock.end() if clock and at is not None else end :]
        if clock and at is None:
            raise NotUnderstood(f"'{clock[0].strip()}' is no time of a day.")
        if at is None and looks_like_time(rest) and not rest[:1].isalpha():
            raise NotUnderstood(_not_read(text))
        moment = _local(day, at or _usual(day, there), zone)
        if moment <= now:
            raise NotUnderstood(f"'{text[:40].strip()}' is over already.")
        return Moment(at=moment, rest=_rest(rest))
    clock = _CLOCK.match(text)
    if clock and _is_surely_a_clock(clock):
        at = _time_of(clock)
        if at is None:
            raise NotUnderstood(f"'{clock[0].strip()}' is no time of a day.")
        moment = _local(there.date(), at, zone)
        if moment <= now:
            moment = _local(there.date() + timedelta(days=1), at, zone)
        return Moment(at=moment, rest=_rest(text[clock.end() :]))
    length = take_length(text)
    if length is None:
        return None
    later = now + timedelta(seconds=length.seconds)
    return Moment(at=later, rest=length.rest, seconds=length.seconds)


def _day_at(text: str, there: datetime) -> tuple[date | None, int]:
    """A day that is named at the beginning, and where its name ends."""
    word = _DAY_WORD.match(text)
    if word:
        return _named_day(word[1].lower(), there.date()), word.end()
    for pattern, read in _DATES:
        found = pattern.match(text)
        if found:
            return _date(found, read(found), there.date()), found.end()
    return None, 0


def _named_day(word: str, today: date) -> date:
    if word in {"today", "tonight"}:
        return today
    if word == "tomorrow":
        return today + timedelta(days=1)
    ahead = (_WEEKDAYS.index(word) - today.weekday()) % 7
    return today + timedelta(days=ahead or 7)


def _date(found: re.Match[str], parts: tuple[str | None, int, str], today: date) -> date:
    """Without a year the next such day."""
    year, month, day = parts
    try:
        if year:
            return date(int(year), month, int(day))
        this_year = date(today.year, month, int(day))
        return this_year if this_year >= today else date(today.year + 1, month, int(day))
    except ValueError as error:
        raise NotUnderstood(f"There is no day '{found[0].strip()}'.") from error


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


_DATES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str | None, int, str]]], ...]
_DATES = (
    (_ISO, lambda found: (found[1], int(found[2]), found[3])),
    (_NUMERIC, lambda found: (found[3], int(found[2]), found[1])),
    (_DAY_MONTH, lambda found: (found[3], _month(found[2]), found[1])),
    (_MONTH_DAY, lambda found: (found[3], _month(found[1]), found[2])),
)


def _is_surely_a_clock(clock: re.Match[str]) -> bool:
    """`20:00`, `8pm`, `at 8`, `noon`; a number alone is none."""
    said = clock[0].lower()
    return said.startswith("at ") or bool(clock[2] and ":" in said) or bool(clock[4] or clock[5])


def _time_of(clock: re.Match[str]) -> time | None:
    if clock[5]:
        return time(12) if clock[5].lower() == "noon" else time(0)
    hour, minute, second = int(clock[1]), int(clock[2] or 0), int(clock[3] or 0)
    half = (clock[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _usual(day: date, there: datetime) -> time:
    return USUAL_TIME if day > there.date() else time(20)


def _local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Of two equal times in autumn the first; what spring leaves out is refused."""
    moment = datetime.combine(day, at, zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise NotUnderstood(f"There is no {at:%H:%M} on {day.day} {day:%B} in {zone.key}.")
    return moment.astimezone(UTC)


def in_zone(at: datetime, zone: str) -> datetime:
    """In UTC where the zone is none that this machine knows."""
    return at.astimezone(_zone(zone))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _rest(text: str) -> str:
    return text.lstrip(" \t\n,:").rstrip()


def _blanks(text: str, start: int) -> int:
    return len(text[start:]) - len(text[start:].lstrip(" ,"))


def _which_unit(text: str) -> str:
    number = _NUMBER.search(text)
    count = number[0] if number else text.split(maxsplit=1)[0]
    return f"{count} what? Say {count}s, {count}m or {count}h; a text goes into quotes."


def _not_read(text: str) -> str:
    said = " ".join(text.split()[:3])[:40]
    return (
        f"I cannot read '{said}' as a time. Say 10m, 1h30, half an hour, tomorrow 9:00, at 20:00 "
        "or 24 dec; a text goes into quotes."
    )
