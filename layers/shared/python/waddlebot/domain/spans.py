"""`30s`, `10m`, `2h`, `1d`: how moderators write how long."""

from __future__ import annotations

import re

_UNITS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
_SPAN = re.compile(r"(\d{1,7})([smhd])", re.ASCII | re.IGNORECASE)


def read_span(text: str) -> int | None:
    """Seconds; None where it is no such time."""
    span = _SPAN.fullmatch(text)
    return int(span[1]) * _UNITS[span[2].lower()] if span else None
