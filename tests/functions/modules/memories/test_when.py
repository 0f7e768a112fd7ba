from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.modules.memories.when import Wish, in_words, read_wish


@pytest.mark.parametrize(
    ("text", "words", "after"),
    [
        ("1m stretch", "stretch", timedelta(minutes=1)),
        ("1h, 2m and 3s go", "go", timedelta(hours=1, minutes=2, seconds=3)),
        ('"2 hrs" eat "fish"', 'eat "fish"', timedelta(hours=2)),
        ("call Max in 2 weeks", "call Max", timedelta(weeks=2)),
        ("2mo renew", "renew", timedelta(days=60)),
        ("10m in 5 minutes", "in 5 minutes", timedelta(minutes=10)),
    ],
)
def test_a_wish_has_words_and_a_time(text: str, words: str, after: timedelta) -> None:
    assert read_wish(text) == Wish(words=words, after=after)


@pytest.mark.parametrize("text", ["", "10m", "stretch", "10 meters to go", "in 5m", "be in time"])
def test_what_lacks_one_of_them_is_no_wish(text: str) -> None:
    assert read_wish(text) is None


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    wish = read_wish(text)

    assert wish is None or wish.words


@given(st.integers(min_value=10, max_value=31_536_000))
def test_what_is_said_is_read_back_as_the_same_time(seconds: int) -> None:
    duration = timedelta(seconds=seconds)

    assert read_wish(f"in {in_words(duration)} go") == Wish(words="go", after=duration)


def test_only_the_largest_units_are_said_when_asked() -> None:
    duration = timedelta(days=1, hours=2, minutes=3)

    assert in_words(duration, at_most=2) == "1 day and 2 hours"
    assert in_words(timedelta(0)) == "0 seconds"
