"""How long: `90`, `10m`, `1h30`, `1.5h`, `half an hour`, `two days and 3 hours`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from waddlebot_sdk.times.looks import check_rest, looks_like_time, no_length, which_unit
from waddlebot_sdk.times.words import (
    BELOW,
    COUNT,
    COUNTS,
    DAY,
    DIGITS,
    END,
    FRACTIONS,
    HOUR,
    MINUTE,
    NUMBER_WORD,
    UNIT,
    UNITS,
)

MOST_SECONDS = 100 * 365 * DAY
"""More than a century is a century: whoever asked for less refuses it all the same."""

_I = re.ASCII | re.IGNORECASE
_LEAD = re.compile(r"(?:in|for|after)\s+", _I)
_UNIT = rf"({UNIT})(?![a-z])"
_PART = re.compile(rf"({COUNT})\s*{_UNIT}", _I)
_NEXT_PART = re.compile(
    # `a second warning` behind a time is no second.
    rf"(?:(?:\s*,)?\s+and\s+(?:(an?)\s+(?!second)|({COUNT})\s*)"
    rf"|(?:\s*,)?\s*({DIGITS}|(?!one\s)(?:{NUMBER_WORD})(?=\s))\s*){_UNIT}",
    _I,
)
_BARE_TAIL = re.compile(rf"(?:(\d{{1,2}}){END}|\s+(\d{{1,2}})$)", _I)
_A_PART_OF = r"(?:an?\s+|one\s+)?(half|quarter)|(three\s+quarters)"
_FRACTION = re.compile(rf"(?:{_A_PART_OF})\s+(?:of\s+)?(?:an?\s+)?{_UNIT}", _I)
_MIXED = re.compile(rf"({COUNT})\s+and\s+an?\s+(half|quarter)\s+{_UNIT}", _I)
_AND_A_HALF = re.compile(
    rf"\s+and\s+an?\s+(half|quarter)(?!\s+(?:of\s+)?(?:an?\s+)?(?:{UNIT})\b){END}", _I
)
_NUMBER = re.compile(r"\d{1,7}(?!\S)", _I)
_STOP = re.compile(r"""\s|$|[,:;.!?)"”“]+(?:\s|$)""")
_FROM_NOW = re.compile(r"\s+from\s+now\b", _I)
QUOTED = re.compile(r"""["“”„](.*?)["”“](?=\s|$)""", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """So many `seconds`, and what stands behind them; `is_bare`: a number without a unit."""

    seconds: int
    rest: str
    is_bare: bool = False


def read_length(text: str) -> int | None:
    """Seconds, where the whole text says how long: `90`, `10m`, `1h30`, `half an hour`, `a day`.

    A number alone is seconds. None where it is no such time.
    """
    found = length_at(text.strip())
    return found.seconds if found and not found.rest else None


def take_length(text: str) -> Length | None:
    """How long at the beginning of a text: `10 minutes No adverts`; None where none stands there.

    What stands in quotes is a time as a whole, or none: so a text may look like one.

    Raises:
        NotUnderstood: it looks like a time and is none: `10:99 x`, `90 x` (ninety what?),
            or a second time follows.
    """
    text = text.strip()
    quoted = QUOTED.match(text)
    if quoted:
        seconds = read_length(quoted[1])
        return (
            None if seconds is None else Length(seconds=seconds, rest=rest_at(text, quoted.end()))
        )
    found = length_at(text)
    if found is None and looks_like_time(text):
        raise no_length(text)
    if found is not None and found.rest:
        if found.is_bare:
            raise which_unit(text)
        check_rest(text, found.rest)
    return found


def say_length(seconds: float, *, at_most: int = 4) -> str:
    """`2 hours and 30 minutes`; of the units that there are, only the largest `at_most`."""
    rest = max(int(seconds), 0)
    parts: list[str] = []
    for unit, size in (("day", DAY), ("hour", HOUR), ("minute", MINUTE), ("second", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    *first, last = parts[:at_most] or ["0 seconds"]
    return f"{', '.join(first)} and {last}" if first else last


def length_at(text: str) -> Length | None:
    """None where what begins like one does not end like one: `10m-20m`, `1h30x`."""
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    number = _NUMBER.match(text, start)
    if number and not _PART.match(text, start) and not _MIXED.match(text, start):
        return Length(seconds=int(number[0]), rest=rest_at(text, number.end()), is_bare=True)
    seconds, end = _fraction_at(text, start) or _parts_at(text, start)
    if end == start or not _STOP.match(text, end):
        return None
    from_now = _FROM_NOW.match(text, end)
    end = from_now.end() if from_now else end
    rest = rest_at(text, end)
    # `a second time` is the time after the first one.
    is_ordinal = bool(rest) and text[start:end].lower().split() == ["a", "second"]
    seconds = min(seconds, MOST_SECONDS)
    return Length(seconds=round(seconds), rest=rest, is_bare=is_ordinal and not lead)


def rest_at(text: str, end: int) -> str:
    return text[end:].lstrip(" \t\n,:;.").rstrip()


def _fraction_at(text: str, start: int) -> tuple[float, int] | None:
    """`half an hour`, `three quarters of an hour`, `two and a half hours`."""
    if fraction := _FRACTION.match(text, start):
        words = " ".join((fraction[1] or fraction[2]).lower().split())
        return FRACTIONS[words] * UNITS[fraction[3].lower()], fraction.end()
    if mixed := _MIXED.match(text, start):
        count = _count(mixed[1]) + FRACTIONS[mixed[2].lower()]
        return count * UNITS[mixed[3].lower()], mixed.end()
    return None


def _parts_at(text: str, start: int) -> tuple[float, int]:
    """What the parts add up to, and where they end: `1h30`, `2 days, 3 hours and 5 minutes`."""
    part = _PART.match(text, start)
    if part is None:
        return 0.0, start
    smallest = UNITS[part[2].lower()]
    seconds, end = _count(part[1]) * smallest, part.end()
    while True:
        if half := _AND_A_HALF.match(text, end):
            return seconds + FRACTIONS[half[1].lower()] * smallest, half.end()
        tail = _BARE_TAIL.match(text, end)
        if tail and smallest in BELOW:
            return seconds + int(tail[1] or tail[2]) * BELOW[smallest], tail.end()
        part = _NEXT_PART.match(text, end)
        if part is None or UNITS[part[4].lower()] >= smallest:
            return seconds, end
        smallest = UNITS[part[4].lower()]
        seconds += _count(part[1] or part[2] or part[3]) * smallest
        end = part.end()


def _count(word: str) -> float:
    known = COUNTS.get(" ".join(word.lower().split()))
    return float(word.replace(",", ".")) if known is None else known
