"""Reads how something comes back, as people say it: `every other friday 20:00`, `10 times`.

The time is the house's one reader's; here stand the words around it alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from functions.modules.calendar import refusals
from functions.modules.calendar.recurrence import Series, begin
from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.times import Moment, in_zone, take_moment
from waddlebot_sdk.times.words import SHORT_WEEKDAY, WEEKDAY, WEEKDAYS

DAYS = tuple(day[:2].upper() for day in WEEKDAYS)
FREQUENCIES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1} | {
    f"{number}{ending}": number
    for number, ending in enumerate(("st", "nd", "rd", "th", "th"), start=1)
}
MOST_INTERVAL, MOST_TIMES, MOST_YEARS = 99, 500, 10
_I = re.IGNORECASE
_DAY = rf"(?:{WEEKDAY}|{SHORT_WEEKDAY})"
_DAYS = rf"(?P<days>weekday|(?:{_DAY}(?:s|\b)(?:\s*(?:,|&|and\b)\s*)*)+)"
_NTH = "|".join(ORDINALS)
_OF_MONTH = r"(?:\s+(?:of\s+)?(?:the|each|every)\s+month)?"
_INTERVAL = r"(?:(?P<interval>other|\d{1,3})\s+)?"
_BEHIND = r"(?=[\s,]|$)"
_DAILY = re.compile(r"(?P<unit>dai|week|month|year)ly" + _BEHIND, _I)
_FORMS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(rf"every\s+{form}{_BEHIND}", _I)
    for form in (
        rf"(?P<nth>{_NTH})\s+(?P<of>{_DAY}){_OF_MONTH}",
        rf"(?P<date>\d{{1,2}})(?:st|nd|rd|th){_OF_MONTH}(?!\s+{_DAY}\b)",
        rf"{_INTERVAL}(?P<unit>month)s?\s+on\s+the\s+(?P<nth>{_NTH})\s+(?P<of>{_DAY})",
        rf"{_INTERVAL}(?P<unit>month)s?\s+on\s+the\s+(?P<date>\d{{1,2}})(?:st|nd|rd|th)?",
        rf"{_INTERVAL}(?P<unit>month)s?\s+on\s+the\s+(?P<date>last)\s+day",
        rf"{_INTERVAL}(?P<unit>week)s?\s+on\s+{_DAYS}",
        rf"{_INTERVAL}(?P<unit>day|week|month|year)s?",
        rf"{_INTERVAL}{_DAYS}",
    )
)
_ENDS = re.compile(
    r"(?<!\S)(?:(?:for\s+)?(?P<times>\d{1,4})\s+times\b|(?P<until>until|till)\s)", _I
)
_LIKE_A_RULE = re.compile(rf"(?:every|each|bi-?weekly|fortnightly|(?:{WEEKDAY})s)\b", _I)
_QUOTE = re.compile(r'["“„«]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When something is, and what stands behind; `series` where it comes back."""

    at: datetime
    rest: str
    series: Series | None = None


def take_when(text: str, *, now: datetime, zone: str) -> Dates | None:
    """`tomorrow 20:00 …` or `every friday 18:30 until 24 dec …`; None where no time stands there.

    Raises:
        NotUnderstood: it looks like one and is none, or what comes back never does.
    """
    found = _phrase(text)
    if found is None:
        once = take_moment(text, now=now, zone=zone)
        if once is None and _LIKE_A_RULE.match(text):
            raise NotUnderstood(refusals.no_rule())
        return None if once is None else Dates(at=once.at, rest=once.rest)

    def read(words: str) -> Moment | None:
        return take_moment(words, now=now, zone=zone)

    first, ends, rest = _first_and_end(text[found.end() :].lstrip(" ,"), read, zone)
    if ends and (_ENDS.match(rest) and (rest[:1].isdigit() or read(rest))):
        raise NotUnderstood(refusals.one_end())
    series = begin(_rule(found), ends, _wall(first, zone), zone)
    if series is None or not (dates := series.coming(now, 1)):
        raise NotUnderstood(refusals.never_comes())
    return Dates(at=dates[0].at, rest=rest, series=series)


def _phrase(text: str) -> re.Match[str] | None:
    return next((found for form in (_DAILY, *_FORMS) if (found := form.match(text))), None)


def _first_and_end(
    text: str, read: Callable[[str], Moment | None], zone: str
) -> tuple[datetime, str, str]:
    """The first moment, how it ends as a part of the rule, and what stands behind both."""
    quote = _QUOTE.search(text)
    for end in _ENDS.finditer(text, 0, quote.start() if quote else len(text)):
        first = read(text[: end.start()].rstrip(" ,"))
        if first is None or first.rest:
            break  # it is a word of the title
        if end["times"]:
            return first.at, _times(int(end["times"])), text[end.end() :].lstrip(" ,")
        last = read(text[end.start() :])
        if last is not None:
            return first.at, _until(last.at, first.at, zone), last.rest
    found = read(text)
    if found is None:
        raise NotUnderstood(refusals.no_time_of_series())
    return found.at, "", found.rest


def _times(count: int) -> str:
    if not 1 <= count <= MOST_TIMES:
        raise NotUnderstood(refusals.no_times(MOST_TIMES))
    return f";COUNT={count}"


def _until(last: datetime, first: datetime, zone: str) -> str:
    """That whole day."""
    if last < first:
        raise NotUnderstood(refusals.ends_before())
    if last - first > MOST_YEARS * timedelta(days=366):  # each of its dates is looked at
        raise NotUnderstood(refusals.ends_too_late(MOST_YEARS))
    return f";UNTIL={_wall(last, zone):%Y%m%d}T235959"


def _rule(found: re.Match[str]) -> str:
    return ";".join(_parts({name: text or "" for name, text in found.groupdict().items()}))


def _parts(said: dict[str, str]) -> Iterator[str]:
    unit = said.get("unit", "").lower().replace("dai", "day")
    days, date, nth = said.get("days", ""), said.get("date", "").lower(), said.get("nth", "")
    yield f"FREQ={FREQUENCIES[unit or ('week' if days else 'month')]}"
    if interval := said.get("interval", "").lower():
        yield f"INTERVAL={_interval(interval)}"
    if days:
        yield f"BYDAY={','.join(_days(days))}"
    if nth:
        yield f"BYDAY={ORDINALS[nth.lower()]:+d}{said['of'][:2].upper()}"
    if date:
        yield f"BYMONTHDAY={-1 if date == 'last' else _date(date)}"


def _interval(said: str) -> int:
    number = 2 if said == "other" else int(said)
    if not 1 <= number <= MOST_INTERVAL:
        raise NotUnderstood(refusals.no_interval(MOST_INTERVAL))
    return number


def _date(said: str) -> int:
    if not 1 <= int(said) <= 31:
        raise NotUnderstood(refusals.no_such_day(said))
    return int(said)


def _days(said: str) -> list[str]:
    if said.lower() == "weekday":
        return list(DAYS[:5])
    named = {found[0][:2].upper() for found in re.finditer(_DAY, said, _I)}
    return [day for day in DAYS if day in named]


def _wall(moment: datetime, zone: str) -> datetime:
    """In a zone that this machine does not know it is UTC's, as everywhere."""
    return in_zone(moment.astimezone(UTC), zone).replace(tzinfo=None)


def known_zone(name: str) -> str:
    """UTC where this machine does not know it."""
    zone = in_zone(datetime(2026, 1, 1, tzinfo=UTC), name).tzinfo
    return zone.key if isinstance(zone, ZoneInfo) else "UTC"
