"""The words that times are made of, and the patterns of each; English, whatever their size."""

from __future__ import annotations

from collections.abc import Iterable

MINUTE, HOUR, DAY = 60, 3_600, 86_400
UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), 7 * DAY),
    **dict.fromkeys(("mo", "month", "months"), 30 * DAY),
    **dict.fromkeys(("y", "year", "years"), 365 * DAY),
}
BELOW = {HOUR: MINUTE, MINUTE: 1, DAY: HOUR}
"""`1h30` is an hour and thirty of what comes below."""

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBERS = {
    **{word: number for number, word in enumerate(_ONES, start=1)},
    **{word: number for number, word in enumerate((*_TEENS, "eighteen", "nineteen"), start=10)},
    **{word: 10 * number for number, word in enumerate(_TENS, start=2)},
    **{
        f"{ten}{joint}{one}": 10 * tens + ones
        for tens, ten in enumerate(_TENS, start=2)
        for ones, one in enumerate(_ONES, start=1)
        for joint in (" ", "-")
    },
}
COUNTS = {"a": 1, "an": 1, **NUMBERS}
FRACTIONS = {"half": 0.5, "quarter": 0.25, "three quarters": 0.75}

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _any_of(words: Iterable[str]) -> str:
    """The longest first, so that none hides another."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(word.replace(" ", r"\s+") for word in longest_first)


UNIT = _any_of(UNITS)
NUMBER_WORD = _any_of(NUMBERS)
MONTH = _any_of((*_MONTH_NAMES, *MONTHS, "sept"))
WEEKDAY = _any_of(WEEKDAYS)
SHORT_WEEKDAY = "mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
"""`sun` and `sat` are words: they are days behind `on` and before a time alone."""

END = r"(?![\w.:]*\w)"
DIGITS = r"\d{1,7}(?:[.,]\d{1,2}(?!\d))?"
"""`1,500` may be a thousand and a half, or one and a half: it is neither here."""
COUNT = rf"(?:{DIGITS}|(?:{_any_of(COUNTS)})(?=\s+[a-z]{{2}}))"
"""Behind a word no unit is a single letter: `a D&D night` is no day."""
