"""When, in the zone of whoever typed it: `in 10 minutes`, `tomorrow 9:00`, `24 dec`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from waddlebot_sdk.module import NotUnderstood
from waddlebot_sdk.times.calendar import PART_OF_DAY, TONIGHT, USUAL_TIME, clock_at, day_at
from waddlebot_sdk.times.lengths import QUOTED, length_at, rest_at
from waddlebot_sdk.times.looks import check_rest, looks_like_time, not_read, which_unit

_UNTIL = re.compile(r"(?:until|till)\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*,?\s*(?:at\s+(?=noon|midnight))?", re.IGNORECASE)
_ZONE = re.compile(
    r"(?:utc|gmt|z\b|ce[sd]?t|(?-i:WE[SD]?T)|ee[sd]?t|[ecmpa][sd]t|bst|ist|jst|msk)(?:[+-]\d|\b)"
    r"|[+-]\d\d:?\d\d\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`at` in UTC, and what stands behind it; `seconds` where a length was typed."""

    at: datetime
    rest: str
    seconds: int | None = None


def take_moment(text: str, *, now: datetime, zone: str = "UTC") -> Moment | None:
    """When at the beginning of a text, in the zone (IANA) of whoever typed it.

    `in 10 minutes`, `at 20:00`, `tomorrow 9:00`, `next friday 18:30`, `until 24 dec`. A day
    without a time is at 9:00; a time without a day is its next one. None where none stands there.
    What stands in quotes is a time as a whole, or none: so a text may look like one.

    Raises:
        NotUnderstood: it looks like a time and is none, is over, does not exist that day,
            or a second time follows.
    """
    text = text.strip()
    if quoted := QUOTED.match(text):
        inside = _whole(quoted[1], now=now, zone=zone)
        return replace(inside, rest=rest_at(text, quoted.end())) if inside else None
    until = _UNTIL.match(text)
    start = until.end() if until else 0
    found = _named_at(text, start, now=now.astimezone(UTC), zone=_zone(zone))
    if found is None and until is None:
        found = _later(text, now.astimezone(UTC))
    if found is None and looks_like_time(text):
        raise not_read(text)
    if found is not None and found.rest:
        _check_clock(text, found)
        check_rest(text, found.rest)
    return found


def _whole(text: str, *, now: datetime, zone: str) -> Moment | None:
    """None where it is a text, whatever it looks like: it stands in quotes."""
    try:
        found = take_moment(text, now=now, zone=zone)
    except NotUnderstood:
        return None
    return None if found is None or found.rest else found


def say_moment(at: datetime, *, now: datetime, zone: str = "UTC") -> str:
    """As understood: `today at 20:00`, `on Friday 4 December at 18:30 (Europe/Berlin)`."""
    there, today = at.astimezone(_zone(zone)), now.astimezone(_zone(zone)).date()
    named = {today: "today", today + timedelta(days=1): "tomorrow"}.get(there.date())
    day = named or f"on {there:%A} {there.day} {there:%B}"
    year = "" if named or there.year == today.year else f" {there.year}"
    return f"{day}{year} at {there:%H:%M} ({zone})"


def say_until(at: datetime, *, now: datetime, zone: str = "UTC") -> str:
    """`until tomorrow at 09:00 (Europe/Berlin)`"""
    return f"until {say_moment(at, now=now, zone=zone).removeprefix('on ')}"


def _named_at(text: str, start: int, *, now: datetime, zone: ZoneInfo) -> Moment | None:
    """A day, a time of day, or both, whichever comes first."""
    there = now.astimezone(zone)
    day, end = day_at(text, start, there.date())
    if day is not None:
        at, clock_end = clock_at(text, _next(text, end), behind_day=True)
        end = end if at is None else clock_end
    else:
        at, end = clock_at(text, start, behind_day=False)
        if at is None:
            return None
        day, end = _day_behind(text, end, there.date())
    if day is None and at is not None:
        moment = _local(there.date(), at, zone)
        if moment <= now:
            moment = _local(there.date() + timedelta(days=1), at, zone)
    else:
        day = day or there.date()
        moment = _local(day, at or _usual(day, there), zone)
        if moment <= now:
            typed = text[:end].strip()
            if at is None and day == there.date():
                raise NotUnderstood(f"At what time {typed}? Say '{typed} 20:00', for example.")
            raise NotUnderstood(f"'{typed}' is over already.")
    if text[end : end + 1].strip(' \t\n,:;.!?)"”“'):
        raise not_read(text)
    return Moment(at=moment, rest=rest_at(text, end))


def _day_behind(text: str, end: int, today: date) -> tuple[date | None, int]:
    """`20:00 tomorrow`; what is only the beginning of a text is left."""
    day, day_end = day_at(text, _next(text, end), today)
    return (day, day_end) if day is not None else (None, end)


def _later(text: str, now: datetime) -> Moment | None:
    length = length_at(text)
    if length is None:
        return None
    if length.is_bare and length.rest:
        raise which_unit(text)
    later = now + timedelta(seconds=length.seconds)
    return Moment(at=later, rest=length.rest, seconds=length.seconds)


def _check_clock(typed: str, found: Moment) -> None:
    """Raises NotUnderstood: `20:00 UTC`, `at 8 in the evening`."""
    if _ZONE.match(found.rest):
        said = found.rest.split(maxsplit=1)[0]
        words = f"Times are in the zone of this community: say them without '{said[:10]}'."
        raise NotUnderstood(words)
    if found.seconds is None and PART_OF_DAY.match(found.rest):
        raise not_read(typed)


def _usual(day: date, there: datetime) -> time:
    return USUAL_TIME if day > there.date() else TONIGHT


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


def _next(text: str, end: int) -> int:
    between = _BETWEEN.match(text, end)
    return between.end() if between else end
