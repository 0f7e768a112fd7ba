"""Reads how often something comes again, and says when it does next."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from functions.modules.memories import reminder_texts
from functions.modules.memories.when import read_wish
from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.times import Moment, looks_like_time, say_moment, take_moment
from waddlebot_sdk.times.moments import in_zone
from waddlebot_sdk.times.words import SHORT_WEEKDAY, WEEKDAY, WEEKDAYS

UNITS = ("hour", "day", "week", "month", "year")
MOST_EVERY = 1000
MOST_TIMES = 1000
_MOST_TRIES = 12
_ADVERBS = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
}
_SHORT = {"h": "hour", "hr": "hour", "d": "day", "w": "week", "wk": "week", "mo": "month"}
_EVERY = re.compile(
    rf"""(?:me\s+)?(?:every\s+(?=(?P<weekday>{WEEKDAY}|{SHORT_WEEKDAY})\b)
    |(?:(?P<adverb>{"|".join(_ADVERBS)})
        |every\s+(?:(?P<other>other)\s+|(?P<count>\d{{1,4}})\s*)?
            (?P<unit>{"|".join(UNITS)}|(?<=\d)(?:{"|".join(_SHORT)})|(?<=\d\s)(?:{"|".join(_SHORT)}))s?)
    (?=[\s,]|$))""",
    re.IGNORECASE | re.VERBOSE,
)
_TOO_OFTEN = re.compile(
    r"(?:me\s+)?every\s+(?:other\s+|\d{1,4}\s*)(?:m|mins?|minutes?|s|secs?|seconds?)(?=[\s,]|$)",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"\s,?\s*(?=(?:every|{'|'.join(_ADVERBS)})\b)", re.IGNORECASE)
_ME = re.compile(r"me\s+(?:to\s+)?", re.IGNORECASE)
_ANOTHER_DAY = re.compile(
    rf"(?:and|or|&|\+|/)\s*(?:on\s+)?(?:{WEEKDAY}|{SHORT_WEEKDAY})s?\b"
    rf"|(?:{WEEKDAY})\b|(?:{SHORT_WEEKDAY})\s+\d",
    re.IGNORECASE,
)
_MARKS = '"“”„«» ,'
_UNTIL = re.compile(r",?\s+(?=until\s)", re.IGNORECASE)
_TIMES = re.compile(r",?\s+(?P<times>\d{1,4})\s+times$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_AT = re.compile(r"\s*,?\s*(?:on\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRhythm:
    """Every so many of a unit, from `first_at` on; no more after `ends_at`."""

    unit: str
    every: int
    first_at: datetime
    ends_at: datetime

    def after(self, now: datetime, zone: str) -> datetime | None:
        """The next time, by the clocks of this zone; what was missed is not made up for."""
        first, turn = in_zone(self.first_at, zone), self._turns_before(now)
        while (at := self._nth(first, turn)) <= now:
            turn += 1
        return at if at <= self.ends_at else None

    def last_of(self, times: int, zone: str) -> datetime:
        return self._nth(in_zone(self.first_at, zone), times - 1)

    def _turns_before(self, now: datetime) -> int:
        """So many at least are over, two left for months of 31 days and years of 366."""
        days = {"hour": 1 / 24, "day": 1, "week": 7, "month": 31, "year": 366}[self.unit]
        over = (now - self.first_at) / timedelta(days=days * self.every)
        return max(0, int(over) - 2)

    def _nth(self, first: datetime, turn: int) -> datetime:
        """`first` in its zone: a day is a day of its clocks, however long that is."""
        step = turn * self.every
        if self.unit == "hour":
            return self.first_at + timedelta(hours=step)
        if self.unit in {"month", "year"}:
            day = _months_later(first.date(), step * (12 if self.unit == "year" else 1))
        else:
            day = first.date() + timedelta(days=step * (7 if self.unit == "week" else 1))
        return datetime.combine(day, first.time(), first.tzinfo).astimezone(UTC)

    def said(self) -> str:
        return say_every(self.unit, self.every)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """How often, and the words that stood behind."""

    repeat: ReminderRhythm
    words: str


def say_every(unit: str, every: int) -> str:
    return f"every {unit}" if every == 1 else f"every {every} {unit}s"


def read_repeat(text: str, *, now: datetime, zone: str, latest: timedelta) -> Repeated | None:
    """`every day 9:00 drink`, `every 2 weeks stretch until 24 dec`, `every monday 20:00 stream`,
    `weekly clean up, 5 times`, also behind the words: `drink every day at 9:00`; None where it is
    none of that. Without an end it has that of `latest`.

    Raises:
        NotUnderstood: it is one, and half of it cannot be used.
    """
    found = _begun_with(text, now=now, zone=zone, latest=latest)
    return found or _ended_with(text, now=now, zone=zone, latest=latest)


def _ended_with(text: str, *, now: datetime, zone: str, latest: timedelta) -> Repeated | None:
    """`drink water every day at 9:00`: what stands behind the words says how often, all of it.

    A time before the words is when it comes once, whatever they say: `10m every day`.
    """
    if looks_like_time(text):
        return None
    for place in reversed(list(_BEHIND.finditer(text))[-_MOST_TRIES:]):
        words = _ME.sub("", text[: place.start()].strip(_MARKS), count=1)
        found = _begun_with(text[place.end() :], now=now, zone=zone, latest=latest)
        if found is not None and not found.words and words:
            return Repeated(repeat=found.repeat, words=words)
    return None


def _begun_with(text: str, *, now: datetime, zone: str, latest: timedelta) -> Repeated | None:
    too_often = _TOO_OFTEN.match(text)
    if too_often and not _is_once(text[too_often.end() :], now=now, zone=zone):
        raise NotUnderstood(reminder_texts.too_often())
    every = _EVERY.match(text)
    if every is None:
        return None
    behind, until = _until(_day_in_full(every, text[every.end() :]), now=now, zone=zone)
    times = _TIMES.search(behind)
    behind = behind[: times.start()] if times else behind
    unit = _unit(every)
    count = 2 if every["other"] else int(every["count"] or 1)
    if not 1 <= count <= MOST_EVERY:
        raise NotUnderstood(reminder_texts.not_so_seldom(MOST_EVERY, unit))
    first = _first(behind, now=now, zone=zone)
    if first is None and _is_once(behind, now=now, zone=zone):
        return None
    latest_at = now + latest
    if first is not None and _ANOTHER_DAY.match(first.rest):
        raise NotUnderstood(reminder_texts.one_day_each())
    repeat = ReminderRhythm(
        unit=unit,
        every=count,
        first_at=first.at if first else now,
        ends_at=min(until.at, latest_at) if until else latest_at,
    )
    if first is None:
        repeat = _begun_later(repeat, zone)
    if times:
        repeat = _ended(repeat, int(times["times"]), zone)
    return Repeated(repeat=repeat, words=(first.rest if first else behind).strip(" ,"))


def say_repeat(repeat: ReminderRhythm, *, now: datetime, zone: str) -> str:
    first = say_moment(repeat.first_at, now=now, zone=zone)
    last = say_moment(repeat.ends_at, now=now, zone=zone).removeprefix("on ")
    return f"{repeat.said()}, first {first}, until {last}"


def _unit(every: re.Match[str]) -> str:
    if every["weekday"]:
        return "week"
    if every["adverb"]:
        return _ADVERBS[every["adverb"].lower()]
    unit = every["unit"].lower()
    return _SHORT.get(unit, unit)


def _day_in_full(every: re.Match[str], behind: str) -> str:
    """`fri` alone may be a word, and is a day behind `every`."""
    short = every["weekday"]
    if not short:
        return behind
    day = next(one for one in WEEKDAYS if one.startswith(short[:3].lower()))
    return f"{day}{behind[len(short) :]}"


def _until(text: str, *, now: datetime, zone: str) -> tuple[str, Moment | None]:
    """The last `until` behind which stands a time and nothing else."""
    for place in reversed(list(_UNTIL.finditer(text))):
        found = _whole(text[place.end() :], now=now, zone=zone)
        if found is not None:
            return text[: place.start()], found
    return text, None


def _whole(text: str, *, now: datetime, zone: str) -> Moment | None:
    """None where it is none: `until it ends`. Raises NotUnderstood: `until 32 dec`."""
    try:
        found = take_moment(text, now=now, zone=zone)
    except NotUnderstood:
        if _DIGIT.search(text):
            raise
        return None
    return None if found is None or found.rest else found


def _first(text: str, *, now: datetime, zone: str) -> Moment | None:
    """A day or a time of day; a length is none, `every day in 5 minutes` says nothing."""
    begun = _AT.match(text)
    found = take_moment(text[begun.end() if begun else 0 :], now=now, zone=zone)
    if found is None or found.seconds is None:
        return found
    raise NotUnderstood(reminder_texts.not_how_long())


def _is_once(behind: str, *, now: datetime, zone: str) -> bool:
    """`daily standup in 10m` is what somebody calls it: the time stands at the end."""
    try:
        return read_wish(behind, now=now, zone=zone) is not None
    except NotUnderstood:
        return False


def _begun_later(repeat: ReminderRhythm, zone: str) -> ReminderRhythm:
    """It comes for the first time when the first of its times is over."""
    second = repeat.last_of(2, zone)
    return ReminderRhythm(
        unit=repeat.unit, every=repeat.every, first_at=second, ends_at=repeat.ends_at
    )


def _ended(repeat: ReminderRhythm, times: int, zone: str) -> ReminderRhythm:
    if not 1 <= times <= MOST_TIMES:
        raise NotUnderstood(reminder_texts.not_so_many_times(MOST_TIMES, times))
    try:
        ends = min(repeat.ends_at, repeat.last_of(times, zone))
    except (ValueError, OverflowError):  # calendars end before that
        ends = repeat.ends_at
    return ReminderRhythm(
        unit=repeat.unit, every=repeat.every, first_at=repeat.first_at, ends_at=ends
    )


def _months_later(day: date, months: int) -> date:
    """31 January and a month is the last of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
