"""How something comes back, in words: `every other Friday at 20:00, 10 times`."""

from __future__ import annotations

from datetime import datetime

from functions.modules.calendar.recurrence import Series
from waddlebot_sdk.times.words import WEEKDAYS

_DAYS = {day[:2].upper(): day.capitalize() for day in WEEKDAYS}
_WORKDAYS = "MO,TU,WE,TH,FR"
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def say(series: Series) -> str:
    """Of a rule that `every.py` made; its time is the wall's in its zone."""
    parts = dict(part.split("=", 1) for part in series.rule.split(";"))
    words = f"{_often(parts, series.first)} at {series.first:%H:%M}"
    if "COUNT" in parts:
        times = int(parts["COUNT"])
        return f"{words}, {'once' if times == 1 else f'{times} times'}"
    if "UNTIL" in parts:
        last = datetime.strptime(parts["UNTIL"][:8], "%Y%m%d")  # noqa: DTZ007 - a wall's date
        return f"{words} until {last.day} {last:%b %Y}"
    return words


def _often(parts: dict[str, str], first: datetime) -> str:
    interval, unit = int(parts.get("INTERVAL", "1")), _UNITS[parts["FREQ"]]
    every = f"every {unit}" if interval == 1 else f"every {interval} {unit}s"
    days = parts.get("BYDAY", "")
    if unit == "week":
        return _weekly(every if interval > 1 else "", days or f"{first:%a}"[:2].upper())
    if unit == "month":
        return f"{every} on the {_of_month(days, parts.get('BYMONTHDAY', str(first.day)))}"
    return f"{every} on {first.day} {first:%B}" if unit == "year" else every


def _weekly(every: str, days: str) -> str:
    if days == _WORKDAYS:
        named = "weekday"
    else:
        *more, last = [_DAYS[day] for day in days.split(",")]
        named = f"{', '.join(more)} and {last}" if more else last
    return f"{every} on {named}" if every else f"every {named}"


def _of_month(days: str, date: str) -> str:
    if days:
        number = int(days[:-2])
        return f"{'last' if number < 0 else _nth(number)} {_DAYS[days[-2:]]}"
    return "last day" if date == "-1" else _nth(int(date))


def _nth(number: int) -> str:
    ending = "th" if 10 < number < 20 else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"
