"""Reads what to be reminded of and when; the time may stand before the words or behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.grammar import without_quotes
from waddlebot_sdk.times import Moment, looks_like_time, say_length, say_moment, take_moment
from waddlebot_sdk.times.words import MONTH, SHORT_WEEKDAY, WEEKDAY

_OPENING = re.compile(r"""(?:me\s+)?["“„]?""", re.IGNORECASE)
_LATER = re.compile(
    rf"""\s["”“]?\s*(?=(?:in|at|on|next|this|after|today|tonight|tomorrow|(?:the\s+)?day\s+after)\b
    |(?:{WEEKDAY}|{SHORT_WEEKDAY})\b
    |(?:{MONTH})\.?\s+\d
    |\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?:{MONTH})\b
    |\d{{1,2}}\.\d{{1,2}}\.
    |\d{{4}}-\d\d-\d\d
    |\d{{1,2}}:\d\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED_TIME = re.compile(r"""\bin\s+["“„](.+?)["”“]$""", re.IGNORECASE)
_MARKS = '"“”„'
_MOST_TRIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to be reminded of, and when; `said` is the time as it was understood."""

    words: str
    at: datetime
    said: str


def read_wish(text: str, *, now: datetime, zone: str) -> Wish | None:
    """`10m stretch`, `tomorrow 9:00 stretch` or `"stretch" in "10 minutes"`; None otherwise.

    Raises:
        NotUnderstood: what stands for the time looks like one and is none.
    """
    text = _QUOTED_TIME.sub(r"in \1", text)
    opening = _OPENING.match(text)
    start = text[opening.end() :] if opening else text
    if looks_like_time(start):
        try:
            found = take_moment(start, now=now, zone=zone)
        except NotUnderstood:
            # "24 hours are too few in 10m": the time may still stand at the end.
            if later := _time_last(text, now=now, zone=zone):
                return later
            raise
    else:
        found = take_moment(start, now=now, zone=zone)
    if found is not None and found.rest.strip(_MARKS):
        words = without_quotes(found.rest).lstrip(_MARKS + " \t\n,:")
        return _wish(words, found, now, zone)
    return _time_last(text, now=now, zone=zone)


def _time_last(text: str, *, now: datetime, zone: str) -> Wish | None:
    """The longest time at the end; what stands before it may not be another one.

    Raises:
        NotUnderstood: two times: `10m in 5 minutes`.
    """
    begun = [0]
    for place in list(_LATER.finditer(text))[-_MOST_TRIES:]:
        found = _whole_time(text[place.end() :], now=now, zone=zone)
        words = text[: place.start()].strip(_MARKS + " ")
        if found is not None and words:
            before = (text[start : place.start()].strip(_MARKS + " ") for start in begun)
            if any(_whole_time(one, now=now, zone=zone) for one in before):
                raise NotUnderstood("I read two times there. Say one, and the other in words.")
            return _wish(words, found, now, zone)
        begun.append(place.end())
    return None


def _whole_time(text: str, *, now: datetime, zone: str) -> Moment | None:
    """None where it is none, or not all of it is."""
    try:
        found = take_moment(text, now=now, zone=zone)
    except NotUnderstood:
        return None
    return None if found is None or found.rest else found


def _wish(words: str, found: Moment, now: datetime, zone: str) -> Wish:
    is_soon = found.seconds is not None
    said = (
        f"in {say_length(found.seconds or 0)}"
        if is_soon
        else say_moment(found.at, now=now, zone=zone)
    )
    return Wish(words=words.strip(), at=found.at, said=said)
