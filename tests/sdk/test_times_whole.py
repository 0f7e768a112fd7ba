"""A time is read whole or refused: no part of it becomes a text, and no text a time."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.times import looks_like_time, read_length, take_length, take_moment

SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
WORD = "zebra"
LENGTHS = st.sampled_from(
    [
        *("10m", "10 m", "10 minutes", "1h30", "1h30m", "1.5h", "half an hour", "a day", "1w"),
        *("two hours", "90 s", "a quarter of an hour", "two and a half hours", "twenty minutes"),
        *("1h30x", "1h2h", "-5m", "1,500s", "½ hour", "10 minuts", "99999999m", "10分", "PT5M"),
    ]
)
MOMENTS = st.sampled_from(
    [
        *("tomorrow 9:00", "at 20:00", "next friday 18:30", "24 dec", "8pm", "2026-12-24 18:30"),
        *("at 8 o'clock", "24.12. 18:30", "tomorrow", "tomorrow evening", "dec 24th", "on friday"),
        *("25:00", "31 feb", "13pm", "tomorrow 24:30", "12/24", "half past eight", "yesterday"),
    ]
)
LEADS = st.sampled_from(["", "", "in ", "for ", "after ", "about ", "until "])
JOINTS = st.sampled_from([" ", ", ", " and ", " or ", " to ", "-", " - ", " + ", "/"])
TIMES = st.builds(
    lambda first, more: first + "".join(joint + lead + time for joint, lead, time in more),
    st.builds(str.__add__, LEADS, st.one_of(LENGTHS, MOMENTS)),
    st.lists(st.tuples(JOINTS, LEADS, st.one_of(LENGTHS, MOMENTS)), max_size=2),
)


@settings(max_examples=600)
@given(TIMES)
def test_a_time_before_a_text_is_read_whole_or_refused(times: str) -> None:
    for rest in _rests(f"{times} {WORD}"):
        assert rest == WORD


@settings(max_examples=600)
@given(TIMES)
def test_a_time_alone_leaves_nothing_behind(times: str) -> None:
    for rest in _rests(times):
        assert rest == ""


def _rests(text: str) -> list[str]:
    """What each reader leaves; one that takes all for a text leaves all."""
    found = []
    readers = (take_length, lambda typed: take_moment(typed, now=SATURDAY, zone="Europe/Berlin"))
    for take in readers:
        try:
            read = take(text)
        except NotUnderstood:
            continue
        found.append(text if read is None else read.rest)
    return found


@given(st.text(st.characters(categories=["L", "Zs"]), max_size=40), st.integers(1, 500))
def test_what_stands_in_quotes_is_a_text_as_a_whole(words: str, count: int) -> None:
    assert take_length(f'"{count} {words} {WORD}"') is None


@given(
    st.integers(1, 3_000_000), st.sampled_from(["{}s", "{} s", "{} seconds", "for {} sec", "{}"])
)
def test_every_spelling_of_seconds_is_as_many(seconds: int, spelt: str) -> None:
    assert read_length(spelt.format(seconds)) == seconds


@settings(max_examples=300)
@given(st.text(max_size=60))
def test_what_is_read_looks_like_a_time(text: str) -> None:
    """So whoever asks before reading never takes for a text what the reader would understand."""
    try:
        found = take_length(text)
    except NotUnderstood:
        return
    if found is not None and not text.lstrip().startswith(tuple('"“”„')):
        assert looks_like_time(text)


def test_long_lines_are_read_at_once() -> None:
    began = datetime.now(UTC)
    for line in ("1m " * 9_000, "-" * 30_000, "in " * 9_000 + "1", "and " * 9_000, "1" * 30_000):
        with contextlib.suppress(NotUnderstood):
            take_length(line)
    assert datetime.now(UTC) - began < timedelta(seconds=15)
