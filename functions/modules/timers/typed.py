"""Reads what people type of a timer: its name, its rhythm and its text. Refuses in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from functions.modules.timers import texts
from functions.modules.timers.rhythm import (
    LEAST_SECONDS,
    MOST_LINES,
    MOST_SECONDS,
    TimerRhythm,
    is_cron,
)
from waddlebot.domain.unseen import is_blank
from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.grammar import take_words, without_quotes
from waddlebot_sdk.times import read_length

MOST_NAME, MOST_TEXT = 30, 400
_NAME = re.compile(rf"[^\W_][\w-]{{0,{MOST_NAME - 1}}}")
_I = re.IGNORECASE
_EVERY = re.compile(r"(?:every|each)\s+", _I)
_LENGTHS = tuple(re.compile(rf"\S+(?:\s+\S+){{{more}}}(?=\s|$)") for more in (3, 2, 1, 0))
"""Four words (`2 hours 30 minutes`) before one."""
_CRON = re.compile(r"cron\s+(?P<quote>[\"“”]?)(?P<fields>\S+(?:\s+\S+){4})(?P=quote)(?=\s|$)", _I)
_AFTER = re.compile(r"(?:and\s+)?after\s+(?P<lines>\d{1,6})\s+(?:lines?|messages?)(?=\s|$)", _I)
_LIVE = re.compile(r"(?:live(?:\s+only)?|(?P<always>always))(?=\s|$)", _I)
_JITTER = re.compile(r"(?:give\s+or\s+take|jitter|±)\s*(?=\S)", _I)
_NUMBERED = re.compile(r"#?(?P<number>\d{1,3})\s+(?=\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTimer:
    """`rhythm` as it was or as it is wanted now; `text` is empty where none was typed.

    `when` is whether a rhythm was typed, `number` which of its texts is meant.
    """

    name: str
    rhythm: TimerRhythm
    text: str = ""
    when: bool = False
    number: int | None = None


def read_name(typed: str) -> str:
    """As all names are kept: in small letters. Raises NotUnderstood."""
    name = typed.strip().casefold()
    if not _NAME.fullmatch(name):
        raise NotUnderstood(texts.no_name(typed))
    return name


def take_name(typed: str) -> tuple[str, str]:
    """`(name, rest)`; the rest as it was typed. Raises NotUnderstood."""
    words, rest = take_words(typed, 1)
    return read_name(words[0] if words else ""), rest


def read_new(typed: str, *, now: datetime, zone: str) -> WantedTimer:
    """`socials every 15m after 5 lines live Follow us`. Raises NotUnderstood."""
    wanted = read_change(typed, TimerRhythm(), now=now, zone=zone)
    if not (wanted.rhythm.every or wanted.rhythm.cron):
        raise NotUnderstood(texts.no_rhythm())
    if not wanted.text:
        raise NotUnderstood(texts.no_text())
    return wanted


def read_change(typed: str, before: TimerRhythm, *, now: datetime, zone: str) -> WantedTimer:
    """What stands there of a rhythm, put into the one before; then the text. Raises NotUnderstood.

    What stands in quotes is the text as a whole, whatever it begins with.
    """
    name, rest = take_name(typed)
    rhythm, behind = _take_rhythm(rest, before, now=now, zone=zone)
    is_when = behind != rest
    found = None if is_when else _NUMBERED.match(behind)
    text = read_text(behind[found.end() :] if found else behind)
    number = int(found["number"]) if found else None
    return WantedTimer(name=name, rhythm=rhythm, text=text, when=is_when, number=number)


def read_text(typed: str) -> str:
    """In one line. Raises NotUnderstood: it is too long."""
    text = " ".join(without_quotes(typed.strip()).split())
    if len(text) > MOST_TEXT:
        raise NotUnderstood(texts.too_long(MOST_TEXT))
    return "" if is_blank(text) else text


def _take_rhythm(
    rest: str, rhythm: TimerRhythm, *, now: datetime, zone: str
) -> tuple[TimerRhythm, str]:
    while True:
        if every := _EVERY.match(rest):
            seconds, end = _every_at(rest, every.end())
            rhythm = replace(rhythm, every=seconds, cron="")
        elif cron := _CRON.match(rest):
            rhythm, end = (
                replace(rhythm, every=0, cron=_cron(cron["fields"], now, zone)),
                cron.end(),
            )
        elif after := _AFTER.match(rest):
            rhythm, end = replace(rhythm, after_lines=_lines(after["lines"])), after.end()
        elif live := _LIVE.match(rest):
            rhythm, end = replace(rhythm, live_only=not live["always"]), live.end()
        elif jitter := _JITTER.match(rest):
            seconds, end = _jitter_at(rest, jitter.end())
            rhythm = replace(rhythm, jitter=seconds)
        else:
            return _checked(rhythm), rest
        rest = rest[end:].lstrip(" ,:\t\n")


def _every_at(rest: str, start: int) -> tuple[int, int]:
    found = _length_at(rest, start)
    if found is None:
        raise NotUnderstood(texts.no_length(rest[start:]))
    if not LEAST_SECONDS <= found[0] <= MOST_SECONDS:
        raise NotUnderstood(texts.too_often_or_rare())
    return found


def _jitter_at(rest: str, start: int) -> tuple[int, int]:
    found = _length_at(rest, start)
    if found is None:
        raise NotUnderstood(texts.no_jitter(rest[start:]))
    return found


def _length_at(rest: str, start: int) -> tuple[int, int] | None:
    """Seconds, and where it ends. A number at its end begins the text: `15m 2 for 1`."""
    for words in _LENGTHS:
        found = words.match(rest, start)
        if found is None or found[0].split()[-1].isdigit():
            continue
        typed = found[0].rstrip(",:")
        seconds = read_length(typed)
        if seconds is None:
            seconds = read_length(f"1 {typed}")  # every hour
        if seconds is not None:
            return seconds, found.end()
    return None


def _cron(fields: str, now: datetime, zone: str) -> str:
    fields = " ".join(fields.split())
    if not is_cron(fields, now, zone):
        raise NotUnderstood(texts.no_cron(fields))
    return fields


def _lines(typed: str) -> int:
    if not 1 <= int(typed) <= MOST_LINES:
        raise NotUnderstood(texts.no_lines(MOST_LINES))
    return int(typed)


def _checked(rhythm: TimerRhythm) -> TimerRhythm:
    """Raises NotUnderstood: it would come at once, or anywhen."""
    if rhythm.jitter > (rhythm.every or 3600) / 2:
        raise NotUnderstood(texts.too_much_jitter())
    return rhythm
