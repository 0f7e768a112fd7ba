"""Reads what people type: a number, and what is to happen when. Refuses in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.modules.calendar import refusals
from functions.modules.calendar.every import Dates, take_when
from functions.modules.calendar.recurrence import Series
from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.grammar import split_words, take_words
from waddlebot_sdk.seen_signs import seen_line
from waddlebot_sdk.times import take_moment

MOST_TITLE, MOST_PLACE, MOST_ABOUT, MOST_SEATS = 100, 100, 300, 100_000
FARTHEST = timedelta(days=730)
PARTS = ("title", "about", "place", "seats", "when")
_QUOTES = '"“„«'
_NUMBER = re.compile(r"#?(\d{1,9})", re.ASCII)
_SEATS = re.compile(r"(\d{1,6})(?:\s+seats?)?", re.ASCII | re.IGNORECASE)
_NO_SEATS = {"", "0", "none", "any", "all"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What somebody wants to happen; it has no number yet. Without `seats` everybody may come.

    `at` is the first date of a `series`.
    """

    at: datetime
    title: str
    about: str = ""
    place: str = ""
    seats: int | None = None
    series: Series | None = None


def read_number(text: str) -> int:
    """`3` or `#3`."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise NotUnderstood(refusals.no_number(text))
    return int(found[1])


def read_invitation(
    text: str, *, now: datetime, zone: str, in_words: Callable[[str], str]
) -> Invitation:
    """`tomorrow 20:00 Game night` or `"Game night" "2026-12-24 20:00" "Bring snacks" Discord 8`.

    Raises:
        NotUnderstood: there is no time, it is over or too far, or a part is too long.
    """
    title, behind = "", text.strip()
    found = take_when(behind, now=now, zone=zone)
    if found is None and behind[:1] and behind[:1] in _QUOTES:
        (title,), behind = take_words(behind, 1)
        found = take_when(behind, now=now, zone=zone)
    if found is None:
        raise NotUnderstood(refusals.no_time())
    more = found.rest
    if not title:
        title, more = _title_of(more)
    check_time(found.at, now=now)
    return _with_details(found, title, more, in_words)


def read_time(text: str, *, now: datetime, zone: str) -> datetime:
    """A moment, and nothing behind it."""
    found = take_moment(text, now=now, zone=zone)
    if found is None or found.rest:
        raise NotUnderstood(refusals.no_time())
    return check_time(found.at, now=now)


def check_time(at: datetime, *, now: datetime) -> datetime:
    if at - now > FARTHEST:
        raise NotUnderstood(refusals.too_far())
    return at


def read_title(text: str) -> str:
    """Raises NotUnderstood: nobody sees it, or it is too long."""
    title = _within(text, MOST_TITLE)
    if not title:
        raise NotUnderstood(refusals.no_title())
    return title


def read_place(text: str) -> str:
    return _within(text, MOST_PLACE)


def read_about(text: str) -> str:
    return _within(text, MOST_ABOUT)


def read_seats(text: str) -> int | None:
    """None where everybody may come: `none`, `0`."""
    if text.strip().lower() in _NO_SEATS:
        return None
    found = _SEATS.fullmatch(text.strip())
    if found is None or not 1 <= int(found[1]) <= MOST_SEATS:
        raise NotUnderstood(refusals.no_seats(text, MOST_SEATS))
    return int(found[1])


def _title_of(text: str) -> tuple[str, str]:
    """In quotes something may follow it; without them all of it is the title."""
    if text[:1] and text[:1] in _QUOTES:
        (title,), more = take_words(text, 1)
        return title, more
    return text, ""


def _with_details(when: Dates, title: str, more: str, in_words: Callable[[str], str]) -> Invitation:
    """Behind the title stand what it is about, the place and the seats, each where it is said."""
    words = list(split_words(more))
    seats = read_seats(words.pop()) if words and words[-1].isdigit() else None
    if len(words) > 2:
        raise NotUnderstood(refusals.too_many_details())
    about, place = (*words, "", "")[:2]
    return Invitation(
        at=when.at,
        series=when.series,
        title=read_title(in_words(title)),
        about=read_about(in_words(about)),
        place=read_place(in_words(place)),
        seats=seats,
    )


def _within(text: str, most: int) -> str:
    """One line, as people see it: nothing in it begins another one, or turns what follows."""
    line = seen_line(text, len(text))
    if len(line) > most:
        raise NotUnderstood(refusals.too_long(len(line), most))
    return line
