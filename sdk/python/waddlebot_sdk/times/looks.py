"""What looks like a time, understood or not, and what is said of one that is not."""

from __future__ import annotations

import re

from waddlebot_sdk.module import NotUnderstood
from waddlebot_sdk.times.words import COUNT, MONTH, NUMBER_WORD, SHORT_WEEKDAY, UNIT, WEEKDAY

_NEAR = r"about|around|roughly|approximately|at\s+least|at\s+most|up\s+to|max\.?|nearly|almost"
_LEADS = rf"(?:(?:(?:in|for|after|until|till|by|from|every|{_NEAR})\s+|[-+~≈<>]\s*)*)"
_CALENDAR = rf"""
    (?:on\s+)?\d{{1,4}}[/.:-]\d{{1,2}}
    |(?:on\s+)?(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th|\.)?\s*(?:of\s+)?(?:{MONTH})\b
    |(?:on\s+)?(?:{MONTH})\.?\s+\d
    |at\s+(?:\d|(?:{NUMBER_WORD}|noon|midnight)\b)
    |\d{{1,2}}\s*[ap]\.?m\b
    |(?:(?:the\s+)?day\s+after\s+)?(?:today|tonight|tomorrow|tmrw|yesterday)\b
    |(?:(?:on|next|this|last|until|till)\s+)+(?:{WEEKDAY}|{SHORT_WEEKDAY})\b
    |(?:next|this|last)\s+(?:week|weekend|month|year)\b
    |(?:until|till)\s+(?:noon|midnight)\b
    |(?:half|quarter)\s+(?:past|to)\b
"""
_SPAN = rf"""
    {COUNT}\s*(?:{UNIT})(?![a-z])
    |(?:an?\s+|one\s+|three\s+)?(?:half|quarters?)\s+(?:of\s+)?(?:an?\s+)?(?:{UNIT})\b
    |{COUNT}\s+and\s+an?\s+(?:half|quarter)\b
    |(?:a\s+|one\s+)?(?:couple|few|several|hundred|thousand|dozen)\s+(?:of\s+|more\s+)*(?:{UNIT})\b
    |(?:{NUMBER_WORD})\s+(?:more\s+)?(?:{UNIT})\b
    |\d+\s*(?:mi|se|ho|da|we|mo|ye|hr)[a-z]*
    |\d+[,;:]?(?=\s|$)
    |\d+\s*['"\u2032\u2033]
    |\d+\s*(?:{UNIT})(?![a-z])
    |\d*[.,]\d+\s*(?:{UNIT})\b
    |[½¼¾]
    |\d+[½¼¾]
    |PT?\d+[YMWDHS]
    |(?:for\s+)?(?:forever|permanently|indefinitely)\b
    |for\s+(?:ever|good|life)\b
"""
_FLAGS = re.IGNORECASE | re.VERBOSE
_LIKE_WHEN = re.compile(rf"{_LEADS}(?:{_CALENDAR})", _FLAGS)
_LIKE_LENGTH = re.compile(rf"{_LEADS}(?:{_SPAN})", _FLAGS)
_OTHER_LETTERS = re.compile(rf"{_LEADS}\d+[^\W\d_a-z]", re.IGNORECASE)
"""`10分`, `5мин`."""
_JOINT = re.compile(r"(?:\s|[,&+\u2013\u2014/-]|(?:and|or|to|plus)\s)*", re.IGNORECASE)
_GOES_ON = re.compile(
    rf"(?:(?:ago|earlier|before|each|more)\b|and\s+an?\s+(?:half|quarter)\b"
    rf"|(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)\b"
    rf"|from\s+(?:now|today|tomorrow|{WEEKDAY})\b|o['\u2019]?clock\b|[ap]\.?m\b\.?)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")


def looks_like_time(text: str) -> bool:
    """Whether somebody surely meant a time, understood or not."""
    start = text.lstrip()
    return any(one.match(start) for one in (_LIKE_WHEN, _LIKE_LENGTH, _OTHER_LETTERS))


def check_rest(typed: str, rest: str) -> None:
    """What stands behind a time may not look like more of it. Raises NotUnderstood."""
    behind = rest[_joint_end(rest) :]
    if _GOES_ON.match(behind) or looks_like_time(behind):
        raise not_read(typed)


def which_unit(text: str) -> NotUnderstood:
    number = _NUMBER.search(text)
    count = number[0][:7] if number else text.split(maxsplit=1)[0]
    return NotUnderstood(
        f"{count} what? Say {count}s, {count}m or {count}h; a text goes into quotes."
    )


def not_read(text: str) -> NotUnderstood:
    said = _beginning(text)
    return NotUnderstood(
        f"I cannot read '{said}' as a time. Say 10m, 1h30, half an hour, tomorrow 9:00, at 20:00 "
        "or 24 dec; a text goes into quotes."
    )


def no_length(text: str) -> NotUnderstood:
    """Of a text that looks like a time, where how long is asked."""
    said, start = _beginning(text), text.lstrip()
    if _LIKE_WHEN.match(start) and not _LIKE_LENGTH.match(start):
        why = f"'{said}' says when, and I need how long."
    else:
        why = f"I cannot read '{said}' as how long."
    return NotUnderstood(f"{why} Say 90s, 10m, 1h30, half an hour or a day; a text goes in quotes.")


def _beginning(text: str) -> str:
    return " ".join(text.split()[:3])[:40]


def _joint_end(text: str) -> int:
    joint = _JOINT.match(text)
    return joint.end() if joint else 0
