"""A community's events as programs for calendars read them (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vRecur

from functions.modules.calendar.gathering import Gathering, GatheringStatus
from functions.modules.calendar.recurrence import Series


def write(name: str, gatherings: Sequence[Gathering]) -> str:
    """`name` is the community's. Times of what comes back are the wall's, with its zone."""
    calendar = Calendar()
    calendar.add("prodid", "-//WaddleBot//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for one in gatherings:
        for event in _events(one):
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return str(calendar.to_ical(), "utf-8")


def _events(gathering: Gathering) -> Iterator[Event]:
    series = gathering.series
    event = _event(gathering)
    if series is None:
        event.add("dtstart", gathering.at)
        yield event
        return
    zone = ZoneInfo(series.zone)
    event.add("dtstart", series.first.replace(tzinfo=zone))
    event.add("rrule", vRecur.from_ical(_rule(series, zone)))
    for original, moved in series.changes.items():
        if moved is None:
            event.add("exdate", original.replace(tzinfo=zone))
    yield event
    for original, moved in series.changes.items():
        if moved is not None:
            yield _moved(gathering, original.replace(tzinfo=zone), moved)


def _event(gathering: Gathering) -> Event:
    """Its UID stays for as long as it is kept, its SEQUENCE grows with each change."""
    event = Event()
    event.add("uid", f"event-{gathering.id}@waddlebot")
    event.add("dtstamp", gathering.updated_at)
    event.add("last-modified", gathering.updated_at)
    event.add("sequence", gathering.sequence)
    event.add("summary", gathering.title)
    is_cancelled = gathering.status is GatheringStatus.CANCELLED
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if gathering.about:
        event.add("description", gathering.about)
    if gathering.place:
        event.add("location", gathering.place)
    return event


def _moved(gathering: Gathering, original: datetime, to: datetime) -> Event:
    event = _event(gathering)
    event.add("recurrence-id", original)
    event.add("dtstart", to.astimezone(UTC))
    return event


def _rule(series: Series, zone: ZoneInfo) -> str:
    """Beside a zone UNTIL is in UTC."""
    return ";".join(_in_utc(part, zone) for part in series.rule.split(";"))


def _in_utc(part: str, zone: ZoneInfo) -> str:
    name, _, value = part.partition("=")
    if name != "UNTIL":
        return part
    there = datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=zone)
    return f"UNTIL={there.astimezone(UTC):%Y%m%dT%H%M%SZ}"
