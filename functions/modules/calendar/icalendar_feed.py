"""A community's events as programs for calendars read them (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration, vRecur

from functions.modules.calendar.gathering import Gathering, GatheringStatus
from functions.modules.calendar.recurrence import Series

AN_HOUR = timedelta(hours=1)
"""What has no end is a line that nobody sees; and programs look again so often."""


def write(name: str, gatherings: Sequence[Gathering], *, most_bytes: int) -> str:
    """`name` is the community's. Times of what comes back are the wall's, with its zone.

    The last ones are left out where all would be longer than `most_bytes`.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//WaddleBot//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", AN_HOUR, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(AN_HOUR))
    room = most_bytes
    for one in gatherings:
        events = tuple(_events(one))
        room -= sum(len(event.to_ical()) for event in events)
        if room < 0:
            break
        for event in events:
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
    event.add("duration", AN_HOUR)
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
