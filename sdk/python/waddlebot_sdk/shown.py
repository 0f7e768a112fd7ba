"""Times in answers, said so that each reader sees their own.

A module writes the moment as a mark; where the answer leaves, each platform words it: Discord and
Slack show every reader their own time, others the community's with the name of its zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum

SIGN = "\u2064"
"""Before a time of ours: what people typed that looks like one has none, and stays a text."""
_MARK = re.compile(SIGN + r"<t:(-?\d{1,12})(?::([tTdDfFsSR]))?>", re.ASCII)
_FIRST, _LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (1000, 9001))
"""Every zone has a date for what is between."""


class Shown(StrEnum):
    """How much of a moment is shown; the letters are Discord's."""

    MOMENT = "f"
    DAY = "D"
    DISTANCE = "R"


def show_time(at: datetime, shown: Shown = Shown.MOMENT) -> str:
    """A mark for this moment, to be put into the text of an answer: `<t:1795888800:f>` behind SIGN.

    `DISTANCE` is `in 3 hours` where the platform counts by itself.
    """
    return f"{SIGN}<t:{int(at.timestamp())}:{shown.value}>"


def word_times(
    text: str, *, time: Callable[[datetime, Shown], str], rest: Callable[[str], str]
) -> str:
    """The text with its marks worded by `time`, and what stands between them by `rest`."""

    def pieces() -> Iterator[str]:
        end = 0
        for mark in filter(_is_moment, _MARK.finditer(text)):
            yield rest(text[end : mark.start()])
            yield time(datetime.fromtimestamp(int(mark[1]), UTC), _shown(mark[2]))
            end = mark.end()
        yield rest(text[end:])

    return "".join(pieces())


def say_time(at: datetime, shown: Shown, *, now: datetime, zone: str) -> str:
    """For readers of one place: `Sat 28 Nov 2026, 19:20 (Europe/Berlin)`, `28 Nov 2026`."""
    # Its patterns cost a cold start more than all the rest of ingress, which words no time.
    from waddlebot_sdk.times import in_zone, say_length

    there = in_zone(at, zone)
    day = f"{there.day} {there:%b} {there.year}"
    if shown is Shown.DAY:
        return day
    if shown is Shown.DISTANCE:
        seconds = (at - now).total_seconds()
        length = say_length(abs(seconds), at_most=2)
        return f"in {length}" if seconds >= 0 else f"{length} ago"
    return f"{there:%a} {day}, {there:%H:%M} ({there.tzinfo})"


def _is_moment(mark: re.Match[str]) -> bool:
    """What somebody typed with our sign before it may be none."""
    return _FIRST <= int(mark[1]) < _LAST


def _shown(letter: str | None) -> Shown:
    if letter == Shown.DISTANCE:
        return Shown.DISTANCE
    return Shown.DAY if letter in {"d", "D"} else Shown.MOMENT
