"""For how long something is to last, as people type it: a length, or until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from waddlebot_sdk.grammar import without_quotes
from waddlebot_sdk.times import say_length, say_until, take_moment


@dataclass(frozen=True, slots=True, kw_only=True)
class HowLong:
    """`said` is how it was understood: `for 10 minutes`, `until tomorrow at 09:00 (UTC)`."""

    seconds: int
    until: datetime
    said: str
    rest: str


def take_how_long(text: str, *, now: datetime, zone: str) -> HowLong | None:
    """At the beginning of a text, and what stands behind it; None where no time stands there.

    Raises:
        NotUnderstood: it looks like a time and is none.
    """
    found = take_moment(text, now=now, zone=zone)
    if found is None:
        return None
    if found.seconds is not None:
        until, said = now + timedelta(seconds=found.seconds), f"for {say_length(found.seconds)}"
    else:
        until, said = found.at, say_until(found.at, now=now, zone=zone)
    seconds = ceil((until - now).total_seconds())
    return HowLong(seconds=seconds, until=until, said=said, rest=without_quotes(found.rest))
