from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.modules.memories.when import Wish, read_wish
from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.times import say_length

SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def read(text: str) -> Wish | None:
    return read_wish(text, now=SATURDAY, zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "words", "after"),
    [
        ("1m stretch", "stretch", timedelta(minutes=1)),
        ("1h, 2m and 3s go", "go", timedelta(hours=1, minutes=2, seconds=3)),
        ('"2 hrs" eat "fish"', 'eat "fish"', timedelta(hours=2)),
        ("call Max in 2 weeks", "call Max", timedelta(weeks=2)),
        ("2mo renew", "renew", timedelta(days=60)),
        ('10m "in 5 minutes"', "in 5 minutes", timedelta(minutes=10)),
        ('10m "2 eggs"', "2 eggs", timedelta(minutes=10)),
        ("call Ana friday at 18:30", "call Ana", timedelta(days=6, hours=5, minutes=30)),
        ("call Ana fri 18:30", "call Ana", timedelta(days=6, hours=5, minutes=30)),
        ("call Ana 24 dec at 18:30", "call Ana", timedelta(days=26, hours=5, minutes=30)),
        ("call Ana the day after tomorrow", "call Ana", timedelta(days=1, hours=20)),
        ("call Ana at 20:00 tomorrow", "call Ana", timedelta(days=1, hours=7)),
        ("1h30 go", "go", timedelta(hours=1, minutes=30)),
        ("half an hour go", "go", timedelta(minutes=30)),
        ("tomorrow 9:00 call Ana", "call Ana", timedelta(hours=20)),
        ("call Ana tomorrow at 9:00", "call Ana", timedelta(hours=20)),
        ("stream at 20:00", "stream", timedelta(hours=7)),
        ("me next friday 18:30 to leave", "to leave", timedelta(days=6, hours=5, minutes=30)),
        ("2 eggs in 10 minutes", "2 eggs", timedelta(minutes=10)),
    ],
)
def test_a_wish_has_words_and_a_time(text: str, words: str, after: timedelta) -> None:
    wish = read(text)
    assert wish is not None
    assert (wish.words, wish.at - SATURDAY) == (words, after)


@pytest.mark.parametrize("text", ["", "10m", "stretch", "in 5m", "be in time", "tomorrow"])
def test_what_lacks_one_of_them_is_no_wish(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("10 meters to go", "tomorrow 25:00 go", "31 feb party", "90 go", "10m 2 eggs"),
        *("10m in 5 minutes", "call Ana tomorrow at 9:00 in 10 minutes", "10m 20:00 go"),
    ],
)
def test_what_looks_like_a_time_and_is_none_is_said(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read(text)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(NotUnderstood):
        wish = read(text)
        assert wish is None or wish.words


@given(st.integers(min_value=10, max_value=31_536_000))
def test_what_is_said_is_read_back_as_the_same_time(seconds: int) -> None:
    duration = timedelta(seconds=seconds)

    wish = read(f"in {say_length(seconds)} go")

    assert wish is not None
    assert (wish.words, wish.at - SATURDAY) == ("go", duration)


def test_only_the_largest_units_are_said_when_asked() -> None:
    assert say_length(93_780, at_most=2) == "1 day and 2 hours"
    assert say_length(0) == "0 seconds"
