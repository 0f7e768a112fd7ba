from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waddlebot_sdk.grammar import parse_usage, split_words


def test_the_last_argument_takes_the_rest_as_it_was_typed() -> None:
    usage = parse_usage("remind <when> <words>")

    assert usage.bind("10m stretch  your legs") == {"when": "10m", "words": "stretch  your legs"}


def test_optional_arguments_may_be_left_out() -> None:
    usage = parse_usage("addurl <title> <address> [description]")

    assert usage.bind("Site example.org") == {"title": "Site", "address": "example.org"}
    assert usage.bind("Site") is None
    assert usage.bind("") is None
    assert usage.bind('"" " "') is None


def test_a_command_without_arguments_takes_none() -> None:
    assert parse_usage("reminders").bind("") == {}
    assert parse_usage("reminders").bind("now") is None


@pytest.mark.parametrize("typed", ['"Our site" x.org', "“Our site” x.org", "„Our site“ x.org"])
def test_straight_and_curly_quotes_hold_words_together(typed: str) -> None:
    assert split_words(typed) == ("Our site", "x.org")


def test_a_quote_that_is_never_closed_is_an_ordinary_character() -> None:
    assert split_words('5" nails') == ('5"', "nails")
    assert split_words('"open end') == ('"open', "end")


@pytest.mark.parametrize(
    ("usage", "complaint"),
    [
        ("<words>", "no command word"),
        ("add <words> quote", "stands after an argument"),
        ("add [author] <words>", "follows an optional argument"),
    ],
)
def test_a_grammar_that_cannot_work_is_refused(usage: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_usage(usage)


@given(st.text(max_size=80))
def test_no_line_breaks_the_grammar(text: str) -> None:
    bound = parse_usage("say <first> [rest]").bind(text)

    assert bound is None or set(bound) <= {"first", "rest"}
