"""Times in the letters that texts of other bots have: `h:mm A`, `dddd D MMMM`, `LT` (moment.js)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

USUAL = "HH:mm"

_PART = re.compile(
    r"\[([^\]]*)\]|LTS|LT|LL|L|YYYY|YY|MMMM|MMM|MM|M|dddd|ddd|DD|D|HH|H|hh|h|mm|m|ss|s|A|a|ZZ|Z|z"
)
_PARTS: Mapping[str, Callable[[datetime], str]] = {
    "LTS": lambda at: f"{at.hour % 12 or 12}:{at:%M:%S} {at:%p}",
    "LT": lambda at: f"{at.hour % 12 or 12}:{at:%M} {at:%p}",
    "LL": lambda at: f"{at:%B} {at.day}, {at.year}",
    "L": lambda at: f"{at:%m/%d/%Y}",
    "YYYY": lambda at: f"{at.year:04}",
    "YY": lambda at: f"{at:%y}",
    "MMMM": lambda at: f"{at:%B}",
    "MMM": lambda at: f"{at:%b}",
    "MM": lambda at: f"{at:%m}",
    "M": lambda at: str(at.month),
    "dddd": lambda at: f"{at:%A}",
    "ddd": lambda at: f"{at:%a}",
    "DD": lambda at: f"{at:%d}",
    "D": lambda at: str(at.day),
    "HH": lambda at: f"{at:%H}",
    "H": lambda at: str(at.hour),
    "hh": lambda at: f"{at:%I}",
    "h": lambda at: str(at.hour % 12 or 12),
    "mm": lambda at: f"{at:%M}",
    "m": lambda at: str(at.minute),
    "ss": lambda at: f"{at:%S}",
    "s": lambda at: str(at.second),
    "A": lambda at: f"{at:%p}",
    "a": lambda at: f"{at:%p}".lower(),
    "ZZ": lambda at: f"{at:%z}",
    "Z": lambda at: f"{at:%z}",
    "z": lambda at: f"{at:%Z}",
}


def in_format(at: datetime, form: str) -> str:
    """`20:15` where it says nothing; what stands in `[…]` is said as it is."""
    return _PART.sub(lambda part: _said(part, at), form or USUAL)


def _said(part: re.Match[str], at: datetime) -> str:
    return str(part[1]) if part[1] is not None else _PARTS[part[0]](at)
