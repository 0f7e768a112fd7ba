"""How long and when, as people type it; what is not understood is refused, and no word is lost."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.times import (
    looks_like_time,
    read_length,
    say_length,
    say_moment,
    take_length,
    take_moment,
)

SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)  # 13:00 in Berlin
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("10m", 600),
        ("10 m", 600),
        ("10 minutes", 600),
        ("10 Minutes", 600),
        ("1h30", 5_400),
        ("1h30m", 5_400),
        ("1h 30m", 5_400),
        ("2m30", 150),
        ("1.5h", 5_400),
        ("1,5h", 5_400),
        ("half an hour", 1_800),
        ("an hour and a half", 5_400),
        ("a day", 86_400),
        ("two hours", 7_200),
        ("1w", 604_800),
        ("in 10 minutes", 600),
        ("for 10m", 600),
        ("2 days, 3 hours and 5 minutes", 183_900),
        ("1mo", 2_592_000),
        ("1h 30", 5_400),
        ("a half hour", 1_800),
        ("a quarter of an hour", 900),
        ("three quarters of an hour", 2_700),
        ("two and a half hours", 9_000),
        ("a day and a half", 129_600),
        ("twenty-five minutes", 1_500),
        ("forty  five minutes", 2_700),
        ("one hour and one minute", 3_660),
        ("a day and an hour", 90_000),
        ("10 minutes from now", 600),
    ],
)
def test_a_length_is_read(text: str, seconds: int) -> None:
    assert read_length(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", "m", "10x", "10mb", "ten", "10m x", "-5m", "1h2h", "99999999999m", "1h30x", "٣m", "a"],
)
def test_what_is_no_length_is_none(text: str) -> None:
    assert read_length(text) is None


@pytest.mark.parametrize(
    ("text", "seconds", "rest"),
    [
        ("10m No adverts", 600, "No adverts"),
        ("10 minutes No adverts", 600, "No adverts"),
        ("for 1h30: no", 5_400, "no"),
        ("10 min. No adverts", 600, "No adverts"),
        ('1h "30 push-ups"', 3_600, '"30 push-ups"'),
        ('"10 minutes" No adverts', 600, "No adverts"),
        ("a day off", 86_400, "off"),
        ("90", 90, ""),
    ],
)
def test_a_length_stands_before_a_text(text: str, seconds: int, rest: str) -> None:
    found = take_length(text)
    assert found is not None
    assert (found.seconds, found.rest) == (seconds, rest)


@pytest.mark.parametrize(
    "text",
    [
        "No adverts",
        "mind your words",
        "1st rule",
        "a dog",
        "a D&D night",
        "10mb",
        "18+ only",
        '"90 adverts a day"',
        '"10 minutes of fame"',
        "After all this",
        "Forget it",
        "Days like these",
    ],
)
def test_a_text_is_no_length(text: str) -> None:
    assert take_length(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("90 No adverts", "90, no", "10:99 x", "in 10 x", "1/2 x", "31.2. x"),
        *(
            "1h 30 push-ups",
            "10m 5m x",
            "10m and 5m x",
            "1h2h",
            "1h30x",
            "10m-20m",
            "10m\u201320m x",
        ),
        *(
            "10 to 20 minutes",
            "10m or 20m",
            "10m ago",
            "10 min second warning",
            "1 day and a half hour",
        ),
        *("-5m", "~10m", "1,500s", ".5h", "1½h", "10分 x", "٣m x", "10 мин x", "10mintues x"),
        *("about 10m", "for a couple of hours", "a few minutes", "a hundred minutes x", "PT10M"),
        *("two hours two days", "10m a second warning", "a second time", "10m half an hour"),
        *("forever", "for good", "permanently", "10m 20:00", "10m tomorrow", "10' x"),
        *("until tomorrow x", "tomorrow 9:00", "at 20:00", "next friday 18:30", "24 dec", "8pm x"),
    ],
)
def test_what_looks_like_a_length_and_is_none_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        take_length(text)


@pytest.mark.parametrize(
    ("text", "at", "rest"),
    [
        ("in 10 minutes stretch", "2026-11-28 13:10", "stretch"),
        ("10m stretch", "2026-11-28 13:10", "stretch"),
        ("at 20:00 stream", "2026-11-28 20:00", "stream"),
        ("20:00 stream", "2026-11-28 20:00", "stream"),
        ("at 9:00", "2026-11-29 09:00", ""),
        ("8pm stream", "2026-11-28 20:00", "stream"),
        ("at 8", "2026-11-29 08:00", ""),
        ("noon", "2026-11-29 12:00", ""),
        ("tomorrow 9:00 call", "2026-11-29 09:00", "call"),
        ("tomorrow at 8", "2026-11-29 08:00", ""),
        ("tomorrow", "2026-11-29 09:00", ""),
        ("tonight", "2026-11-28 20:00", ""),
        ("next friday 18:30", "2026-12-04 18:30", ""),
        ("friday", "2026-12-04 09:00", ""),
        ("saturday 12:00", "2026-12-05 12:00", ""),
        ("24 dec", "2026-12-24 09:00", ""),
        ("24 dec 18:30 gifts", "2026-12-24 18:30", "gifts"),
        ("dec 24 18:30", "2026-12-24 18:30", ""),
        ("24th of December 2027", "2027-12-24 09:00", ""),
        ("24.12. 18:30", "2026-12-24 18:30", ""),
        ("2026-12-24 18:30", "2026-12-24 18:30", ""),
        ("2026-12-24T18:30", "2026-12-24 18:30", ""),
        ("1 jan", "2027-01-01 09:00", ""),
        ("tomorrow call Ana", "2026-11-29 09:00", "call Ana"),
        ("20:00 tomorrow call Ana", "2026-11-29 20:00", "call Ana"),
        ("at 8pm on friday", "2026-12-04 20:00", ""),
        ("8 p.m. call", "2026-11-28 20:00", "call"),
        ("8 o'clock call", "2026-11-29 08:00", "call"),
        ("the day after tomorrow 10:00 call", "2026-11-30 10:00", "call"),
        ("tomorrow evening", "2026-11-29 20:00", ""),
        ("fri 18:30 call", "2026-12-04 18:30", "call"),
        ("on tue", "2026-12-01 09:00", ""),
        ("tomorrow at noon", "2026-11-29 12:00", ""),
        ("until tomorrow 9:00 no adverts", "2026-11-29 09:00", "no adverts"),
        ("sept 1 call", "2027-09-01 09:00", "call"),
        ("20:00 West coast night", "2026-11-28 20:00", "West coast night"),
        ("29 feb 20:00 leap", "2028-02-29 20:00", "leap"),
        ("29.2. 20:00 leap", "2028-02-29 20:00", "leap"),
    ],
)
def test_a_moment_is_read_in_the_communitys_zone(text: str, at: str, rest: str) -> None:
    found = take_moment(text, now=SATURDAY, zone=BERLIN)
    assert found is not None
    local = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)
    assert (found.at, found.rest) == (local, rest)


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow 25:00",
        "at 25",
        "13pm",
        "31 feb",
        "30.2.",
        "today 8:00",
        "2026-11-27 08:00",
        "2027-03-28 02:30",
        "12/24 18:00",
        "in a",
        "in 5 pushups",
        "2 eggs",
        *("tomorrow 2 eggs", "tomorrow 9:00 10:00 call", "20:00 UTC stream", "tomorrow 8 PST x"),
        *("20:00 WEST call", "20:00 est call"),
        *("at 8 in the evening", "20:00 tomorrow evening x", "in 10分 x"),
        *("until 10m", "at eight x", "half past eight", "yesterday", "next week x", "last friday"),
        *("9999-12-31 23:00 x", "2026-12-24T18:30Z", "at 8am-10am", "tomorrow 9:00-10:00"),
    ],
)
def test_what_looks_like_a_moment_and_is_none_is_refused(text: str) -> None:
    if text == "in a":
        assert take_moment(text, now=SATURDAY, zone=BERLIN) is None
        return
    with pytest.raises(NotUnderstood):
        take_moment(text, now=SATURDAY, zone=BERLIN)


@pytest.mark.parametrize(
    "text", ["stretch", "a quote", "in the morning", "for Ana", "mayor wins", "at home", "monday"]
)
def test_what_people_say_is_no_time_unless_it_is_a_day(text: str) -> None:
    assert looks_like_time(text) is False


def test_of_two_equal_times_the_first_is_meant() -> None:
    found = take_moment(
        "25.10.2027 02:30", now=datetime(2027, 1, 1, tzinfo=UTC), zone="Europe/Berlin"
    )
    assert found is not None
    autumn = take_moment(
        "31.10.2027 02:30", now=datetime(2027, 1, 1, tzinfo=UTC), zone="Europe/Berlin"
    )
    assert autumn is not None
    assert autumn.at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_it_is_said_back_as_understood() -> None:
    assert say_length(5_400) == "1 hour and 30 minutes"
    assert say_moment(SATURDAY + timedelta(hours=7), now=SATURDAY, zone=BERLIN) == (
        "today at 20:00 (Europe/Berlin)"
    )
    assert say_moment(SATURDAY + timedelta(days=6), now=SATURDAY, zone=BERLIN) == (
        "on Friday 4 December at 13:00 (Europe/Berlin)"
    )


@given(st.text(max_size=60))
def test_nothing_typed_breaks_the_reader(text: str) -> None:
    read_length(text)
    for take in (take_length, lambda typed: take_moment(typed, now=SATURDAY, zone=BERLIN)):
        with contextlib.suppress(NotUnderstood):
            take(text)


@given(
    st.integers(1, 5_000), st.sampled_from(["s", "m", "h", "d", "w"]), st.text("abc ", max_size=9)
)
def test_no_word_is_lost(count: int, unit: str, words: str) -> None:
    found = take_length(f"{count}{unit} say {words}")
    if found is not None:
        assert found.rest == f"say {words}".rstrip()
