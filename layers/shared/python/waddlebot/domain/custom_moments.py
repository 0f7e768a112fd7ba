"""Moments that texts of other bots count to: `Dec 25 2026 12:00:00 AM EST`; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_DAYS = ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y", "%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %I %p")
FORMS = tuple(f"{day}{time}" for day in _DAYS for time in _TIMES)
MOST_CHARACTERS = 60
"""Nothing longer is one, and nothing longer is read."""

_HOURS = {
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "JST": 9,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})")
_CLOCK = re.compile(r"\s*['\"]?\d{1,2}(?::\d{2}|\s*[ap]m)", re.IGNORECASE)
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
MOST_UNITS = 3


def read_moment(text: str, zone: str) -> datetime | None:
    """`zone` is where it is meant that names none; None for what is no moment."""
    text = " ".join(text.strip("'\" ").replace(",", " ").split())
    if not text or len(text) > MOST_CHARACTERS:
        return None
    found, (bare, _, last) = _in_form(text), text.rpartition(" ")
    if found is None and bare and (at := _zone(last)):
        within = _in_form(bare)
        return within.replace(tzinfo=at) if within else None
    return found and (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone)))


def read_next(text: str, zone: str, now: datetime) -> datetime | None:
    """The same, where a time without a day is the next that comes."""
    return read_moment(text, zone) or min(
        (at for at in _daily(text, zone, now) if at > now), default=None
    )


def read_last(text: str, zone: str, now: datetime) -> datetime | None:
    """The same, where a time without a day is the last that was."""
    return read_moment(text, zone) or max(
        (at for at in _daily(text, zone, now) if at <= now), default=None
    )


def _daily(text: str, zone: str, now: datetime) -> Iterator[datetime]:
    """`5:00 PM EST` of the days around."""
    if not _CLOCK.match(text):
        return
    for days in (-2, -1, 0, 1, 2):
        day = now + timedelta(days=days)
        if at := read_moment(f"{day:%Y-%m-%d} {text}", zone):
            yield at


def in_words(span: timedelta) -> str:
    """`3 days 4 hours 5 minutes`: the largest parts of it, none of them nothing; never negative."""
    left, said = max(0, int(span.total_seconds())), list[str]()
    for length, name in _UNITS:
        many, left = divmod(left, length)
        if many:
            said.append(f"{many:,} {name}{'' if many == 1 else 's'}")
    return " ".join(said[:MOST_UNITS]) or "0 seconds"


def _in_form(text: str) -> datetime | None:
    with suppress(ValueError):
        return datetime.fromisoformat(text)
    for form in FORMS:
        with suppress(ValueError):
            return datetime.strptime(text, form)  # noqa: DTZ007 - its zone is put to it above
    return None


def _zone(name: str) -> tzinfo | None:
    if found := _OFFSET.fullmatch(name):
        minutes = int(found["hours"]) * 60 + int(found["minutes"])
        minutes = -minutes if found["sign"] == "-" else minutes
        return timezone(timedelta(minutes=minutes)) if abs(minutes) < 24 * 60 else None
    if name.upper() in _HOURS:
        hours = _HOURS[name.upper()]
        return timezone(timedelta(hours=hours)) if hours else UTC
    with suppress(ValueError, OSError, KeyError):
        return ZoneInfo(name)
    return None
