"""How long and when, as people type it; what is not understood is refused, and no word is lost."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

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
        ("1h 30 push-ups", 3_600, "30 push-ups"),
        ("a day off", 86_400, "off"),
        ("90", 90, ""),
    ],
)
def test_a_length_stands_before_a_text(text: str, seconds: int, rest: str) -> None:
    found = take_length(text)
    assert found is not None
    assert (found.seconds, found.rest) == (seconds, rest)


@pytest.mark.parametrize("text", ["No adverts", "mind your words", "1st rule", "a dog", "10mb"])
def test_a_text_is_no_length(text: str) -> None:
    assert take_length(text) is None


@pytest.mark.parametrize("text", ["90 No adverts", "10:99 x", "in 10 x", "1/2 x", "31.2. x"])
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
    ],
)
def test_a_moment_is_read_in_the_communitys_zone(text: str, at: str, rest: str) -> None:
    found = take_moment(text, now=SATURDAY, zone=BERLIN)
    assert found is not None
    local = datetime.fromisoformat(f"{at}:00+01:00").astimezone(UTC)
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
