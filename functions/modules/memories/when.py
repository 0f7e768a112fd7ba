"""Reads how long from now, and says how long: `2h30m`, `in 30 minutes`, `1 hour and 5 minutes`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

_SECONDS = {
    "month": 30 * 86_400,
    "mo": 30 * 86_400,
    "week": 7 * 86_400,
    "w": 7 * 86_400,
    "day": 86_400,
    "d": 86_400,
    "hour": 3600,
    "hr": 3600,
    "h": 3600,
    "minute": 60,
    "min": 60,
    "m": 60,
    "second": 1,
    "sec": 1,
    "s": 1,
}
_SPOKEN = ("day", "hour", "minute", "second")
_PART = rf"(\d{{1,7}})\s*({'|'.join(_SECONDS)})s?(?![^\W\d_])"
_DURATION = re.compile(rf"{_PART}(?:(?:\s*,)?(?:\s+and)?\s*{_PART})*", re.ASCII | re.IGNORECASE)
_ONE_PART = re.compile(_PART, re.ASCII | re.IGNORECASE)
_OPENING = re.compile(r"""(?:me\s+)?(?:in\s+)?["“„]?""", re.IGNORECASE)
_LAST_IN = re.compile(r"""(.*\S)\s+in\s+["“„]?(.+?)["”“]?""", re.IGNORECASE | re.DOTALL)
_MARKS = '"“”„'


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to be reminded of, and after how long."""

    words: str
    after: timedelta


def read_wish(text: str) -> Wish | None:
    """`10m stretch`, `in 10 minutes stretch` or `"stretch" in "10 minutes"`; None otherwise."""
    return _time_first(text) or _time_last(text)


def in_words(duration: timedelta, *, at_most: int = len(_SPOKEN)) -> str:
    """`2 hours and 30 minutes`; of the units that there are, only the largest `at_most`."""
    rest = max(int(duration.total_seconds()), 0)
    parts: list[str] = []
    for unit in _SPOKEN:
        count, rest = divmod(rest, _SECONDS[unit])
        if count:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    *first, last = parts[:at_most] or ["0 seconds"]
    return f"{', '.join(first)} and {last}" if first else last


def _time_first(text: str) -> Wish | None:
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    found = _DURATION.match(text, start)
    if found is None:
        return None
    words = text[found.end() :].lstrip(_MARKS + " \t\n,:")
    return Wish(words=words.strip(), after=_added_up(found.group())) if words else None


def _time_last(text: str) -> Wish | None:
    found = _LAST_IN.fullmatch(text)
    if found is None:
        return None
    words, duration = found.groups()
    if not _DURATION.fullmatch(duration.strip()):
        return None
    return Wish(words=words.strip(_MARKS + " "), after=_added_up(duration))


def _added_up(duration: str) -> timedelta:
    seconds = sum(
        int(count) * _SECONDS[unit.lower()] for count, unit in _ONE_PART.findall(duration)
    )
    return timedelta(seconds=seconds)
