"""Moments as machines write them (RFC 3339), far enough from where calendars end."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_FIRST, _LAST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_MOST_CHARACTERS = 64
_FRACTION = re.compile(r"(\.\d{6})\d+")


def read_moment(text: str) -> datetime | None:
    """In UTC, as is one without a zone; None where it is no such moment.

    Twitch writes up to nine decimals, datetime holds six.
    """
    try:
        read = datetime.fromisoformat(_FRACTION.sub(r"\1", text[:_MOST_CHARACTERS]))
        return within_reach((read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def within_reach(moment: datetime) -> datetime | None:
    """None where some zone has no date for it, or a length of time could not be added."""
    return moment if _FIRST <= moment <= _LAST else None
