"""Random rules in twelve zones, with moved and cancelled dates, equal to an expander of others.

CALENDAR_RULES=10000 tries more of them, CALENDAR_SEED=… the same again.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from random import Random, SystemRandom
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from recurring_ical_events import of

from functions.modules.calendar.recurrence import Series, begin

ZONES = (
    *("UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo"),
    *("America/St_Johns", "Asia/Kolkata", "Asia/Tokyo", "Australia/Lord_Howe", "Africa/Cairo"),
    *("Pacific/Auckland", "Pacific/Apia"),
)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SEED = int(os.environ.get("CALENDAR_SEED", SystemRandom().randrange(10**9)))
RULES, PARTS = int(os.environ.get("CALENDAR_RULES", "1000")), 4
HORIZON = timedelta(days=400)


def a_rule(dice: Random) -> str:
    interval = dice.choice(("", "", ";INTERVAL=2", ";INTERVAL=3", ";INTERVAL=5"))
    days = ",".join(sorted(dice.sample(DAYS, dice.randint(1, 3)), key=DAYS.index))
    nth = f"{dice.choice((1, 2, 3, 4, -1)):+d}{dice.choice(DAYS)}"
    date = dice.choice((*range(1, 32), -1))
    kind = dice.choice(
        (
            *("FREQ=DAILY", "FREQ=WEEKLY", f"FREQ=WEEKLY;BYDAY={days}", "FREQ=YEARLY"),
            *(f"FREQ=MONTHLY;BYDAY={nth}", f"FREQ=MONTHLY;BYMONTHDAY={date}"),
        )
    )
    freq, _, rest = kind.partition(";")
    return f"{freq}{interval}{';' if rest else ''}{rest}"


def a_series(dice: Random) -> Series:
    typed = datetime(2025, 1, 1) + timedelta(  # noqa: DTZ001 - of a wall
        days=dice.randrange(700), minutes=dice.choice((0, 30, 45)) + 60 * dice.randrange(24)
    )
    until = typed + timedelta(days=dice.randrange(1, 900))
    ends = dice.choice(("", f";COUNT={dice.randint(1, 40)}", f";UNTIL={until:%Y%m%d}T235959"))
    series = begin(a_rule(dice), ends, typed, dice.choice(ZONES))
    return series if series is not None and series.coming(BEGINNING, 1) else a_series(dice)


BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)


def with_changes(series: Series, dice: Random) -> Series:
    dates = series.coming(BEGINNING, 12)
    changed = dice.sample(dates, min(len(dates), dice.randint(0, 3)))
    changes = {
        one.original: dice.choice((None, one.at + timedelta(minutes=15 * dice.randint(1, 400))))
        for one in changed
    }
    return Series(rule=series.rule, first=series.first, zone=series.zone, changes=changes)


def written(series: Series) -> str:
    """As a calendar of others reads it."""
    zone = ZoneInfo(series.zone)
    rule = ";".join(_in_utc(part, zone) for part in series.rule.split(";"))
    stamp = "DTSTAMP:20250101T000000Z"
    gone = [f"EXDATE{_at(one, zone)}" for one, moved in series.changes.items() if moved is None]
    moved = [
        line
        for one, to in series.changes.items()
        if to is not None
        for line in (
            *("BEGIN:VEVENT", "UID:a", stamp, f"RECURRENCE-ID{_at(one, zone)}"),
            *(f"DTSTART:{to:%Y%m%dT%H%M%SZ}", "DURATION:PT0S", "END:VEVENT"),
        )
    ]
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", "BEGIN:VEVENT", "UID:a", stamp),
        *(f"DTSTART{_at(series.first, zone)}", "DURATION:PT0S", f"RRULE:{rule}", *gone),
        *("END:VEVENT", *moved, "END:VCALENDAR", ""),
    )
    return "\r\n".join(lines)


def _at(wall: datetime, zone: ZoneInfo) -> str:
    return f";TZID={zone.key}:{wall:%Y%m%dT%H%M%S}"


def _in_utc(part: str, zone: ZoneInfo) -> str:
    name, _, value = part.partition("=")
    if name != "UNTIL":
        return part
    there = datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=zone)
    return f"UNTIL={there.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def expanded_by_others(series: Series, until: datetime) -> list[datetime]:
    calendar = Calendar.from_ical(written(series))
    found = of(calendar).between(BEGINNING, until)
    starts = (event["DTSTART"].dt for event in found)
    return sorted(one.astimezone(UTC) for one in starts if one.astimezone(UTC) < until)


@pytest.mark.parametrize("part", range(PARTS))
def test_random_rules_are_expanded_as_by_others(part: int) -> None:
    print(f"CALENDAR_SEED={SEED}")
    dice = Random(SEED + part)  # noqa: S311 - a die
    for number in range(RULES // PARTS):
        series = with_changes(a_series(dice), dice)
        until = series.at(series.first) + HORIZON
        ours = [one.at for one in series.coming(BEGINNING, 1000) if one.at < until]
        theirs = expanded_by_others(series, until)
        assert ours == theirs, (f"CALENDAR_SEED={SEED}", part, number, series)
