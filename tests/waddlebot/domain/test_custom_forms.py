"""What texts of custom commands reckon and decide; and what nobody means well in them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waddlebot.domain.custom_meanings import Calling
from waddlebot.domain.custom_texts import MOST_CHARACTERS
from waddlebot.domain.custom_variables import check_text, tell
from waddlebot.domain.errors import Refusal
from waddlebot_sdk.own_words import in_usual_words

MOST = 500
SECONDS_AT_MOST = 1.0
"""Of the CPU; what is measured takes a hundredth of it."""


def said(text: str, typed: str = "", counted: dict[str, int] | None = None) -> str:
    counts = {} if counted is None else counted

    def count(counter: str, by: int) -> int:
        counts[counter] = counts.get(counter, 0) + by
        return counts[counter]

    calling = Calling(
        command="hello",
        typed=typed,
        user="Ana",
        user_id="42",
        level="user",
        channel="The Pond",
        platform="twitch",
        now=datetime(2026, 7, 1, 18, 5, 9, tzinfo=UTC),
        zone="UTC",
        chance=Random(7),  # noqa: S311
        count=count,
    )
    check_text(text)
    return tell(text, calling, most=MOST)


def refused(text: str) -> str:
    with pytest.raises(Refusal) as refusal:
        check_text(text)
    return in_usual_words(refusal.value.say)


@pytest.mark.parametrize(
    ("text", "typed", "what"),
    [
        ("$(math 1 + 2 * $(1))", "4", "9"),
        ("${math 1+1}", "", "2"),
        ("$(calc (1 + 2) * 3)", "", "9"),
        ("$(math 0.1 + 0.2)", "", "0.3"),
        ("$(math 10 / 4)", "", "2.5"),
        ("$(math 10 / 3)", "", "3.333333"),
        ("$(math round(10 / 3) + ceil(0.1) + floor(1.9) + abs(-2))", "", "7"),
        ("$(math 7 % 3)", "", "1"),
        ("$(math -2 ^ 2)", "", "-4"),
        ("$(math 2 ^ 3 ^ 2)", "", "512"),
        ("$(math 2 ^ -1 * 4)", "", "2"),
        ("$(math 8 - 3 - 2)", "", "3"),
        ("$(math 2 * -$(1))", "-3", "6"),
        ("$(math -0 * 1)", "", "0"),
        ("$(math $(count deaths +2) * 10)", "", "20"),
        ("$(math $(1|5) + 1)", "", "6"),
        ("$(math $(math 1 + 1) * 2)", "", "4"),
    ],
)
def test_sums_are_exact(text: str, typed: str, what: str) -> None:
    assert said(text, typed) == what


@pytest.mark.parametrize(
    ("text", "typed", "what"),
    [
        ("It is $(math 1 / $(1)).", "0", "It is (nothing can be divided by zero)."),
        ("$(math 1 % $(1))", "0", "(nothing can be divided by zero)"),
        ("$(math 9^9^9)", "", "(behind ^ stands a whole number up to 100)"),
        ("$(math 9^99)", "", "(that number is too big)"),
        ("$(math 2^$(1))", "0.5", "(behind ^ stands a whole number up to 100)"),
        ("$(math 0^0)", "", "(that is no number)"),
        ("$(math 0^-1)", "", "(nothing can be divided by zero)"),
        ("$(math $(1) * $(1))", "9" * 15, "(that number is too big)"),
        ("$(math $(1) + 1)", "", "(a number is missing)"),
        ("$(math $(1) + 1)", "two", "('two' is no number)"),
        ("$(math $(query) * 2)", "1+1", "('1+1' is no number)"),
        ("$(math 2 * $(query))", "3) + (4", "('3) + (4' is no number)"),
        *(
            ("$(math $(1) + 1)", typed, f"('{typed[:20]}' is no number)")
            for typed in ("1e999999", "NaN", "Infinity", "0x10", "1_000", "٣", "9" * 16, "--1")
        ),
    ],
)
def test_what_comes_to_no_number_says_why_in_its_place(text: str, typed: str, what: str) -> None:
    assert said(text, typed) == what


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("$(math)", "a number is missing at its end"),
        ("$(math 1 +)", "a number is missing at its end"),
        ("$(math 1 ** 2)", "a number is missing before '*'"),
        ("$(math ())", "a number is missing before ')'"),
        ("$(math 1 2)", "a sign between two numbers is missing"),
        ("$(math $(1)$(2))", "a sign between two numbers is missing"),
        ("${math (1}", "a bracket opens or closes alone"),
        ("${math 1)}", "a bracket opens or closes alone"),
        ("$(math a + 1)", "'a' is neither a number nor"),
        ("$(math __import__)", "'_' is neither a number nor"),
        ("$(math 1" + " + 1" * 101 + ")", "it has more than 100 signs"),
        ("$(math " + "9" * 16 + ")", "a number has 15 digits at most"),
        ("$(if)", "'then' is missing"),
        ("$(if $(1) == yes)", "'then' is missing"),
        ("$(if then x)", "one side of a comparison is missing"),
        ("$(if $(1) == then x)", "one side of a comparison is missing"),
        ("$(if 1 < 2 < 3 then x)", "two signs stand in one comparison"),
        ("$(if " + "1 and " * 21 + "1 then x)", "there are more than 20 comparisons"),
        ("$(if $(1) == $(wether) then x)", "There is no variable $(wether)."),
        ("$(if $(eval 1) then x)", "runs a program"),
        ("$(eval $(1) == 1 ? 2 : 3)", "$(if $(1) == yes then Hi else Bye)"),
    ],
)
def test_what_is_no_sum_and_no_condition_is_refused(text: str, why: str) -> None:
    assert why in refused(text)


@pytest.mark.parametrize(
    ("text", "typed", "what"),
    [
        ("$(if $(1) == yes then Hi else Bye)", "YES", "Hi"),
        ("$(if $(1) == yes then Hi else Bye)", "no", "Bye"),
        ("<$(if $(1) == yes then Hi)>", "no", "<>"),
        ("$(if $(1) then Hi $(1) else Hi all)", "Pip", "Hi Pip"),
        ("$(if not $(1) then nobody else $(1))", "", "nobody"),
        ("$(if $(1) = 1.0 then same)", "1", "same"),
        ("$(if $(1) != 1 then other else same)", "2", "other"),
        ("$(if $(1) >= 10 and $(1) < 20 then teen else not)", "9.5", "not"),
        ("$(if $(1) >= 10 and $(1) < 20 then teen else not)", "12", "teen"),
        ("$(if $(1) == a or $(1) == b and $(2) == c then yes else no)", "a x", "yes"),
        ("$(if $(query) contains duck then quack else hm)", "a Duck here", "quack"),
        ("$(if $(1) == Just Chatting then x else y)", '"just chatting"', "x"),
        ('$(if $(1) == "a and b" then x else y)', '"a and b"', "x"),
        ('$(if $(1) then "this or else $(1)" else no)', "Pip", "this or else Pip"),
        ('$(if $(1) then "Hi" else no)', "x", "Hi"),
        ("$(if $(1) then $(query))", '"Hi"', '"Hi"'),
        ("$(if $(math $(1) % 2) == 0 then even else odd)", "7", "odd"),
        ("$(if $(1) == a then A else $(if $(1) == b then B else C))", "b", "B"),
        ("$(if $(1) < 3 then x)", "many", "(< compares numbers)"),
        ("$(if $(userlevel) == moderator then mod else you)", "", "you"),
    ],
)
def test_a_condition_decides(text: str, typed: str, what: str) -> None:
    assert said(text, typed) == what


@pytest.mark.parametrize(
    "typed", ["yes or 1 == 1", "then x else", '"', '" == "" then', "== yes", "not", "$(user)"]
)
def test_what_is_typed_is_no_part_of_a_condition(typed: str) -> None:
    assert said("$(if $(query) == yes then in else out)", typed) == "out"


def test_only_the_side_that_is_said_counts() -> None:
    counted: dict[str, int] = {}
    said("$(if $(1) == win then $(count wins) else $(count losses))", "win", counted)
    assert counted == {"wins": 1}


HOSTILE = (
    "$(math 9^9^9^9^9^9^9)",
    "$(math " + "(" * 490 + ")",
    "${math " + "(" * 240 + "1" + ")" * 240 + "}",
    "$(math " + "-" * 480 + "1)",
    "$(math 1" + "+1" * 240 + ")",
    "$(math 2" + "^99" * 99 + ")",
    "$(math 1" + "/3" * 99 + ")",
    "$(math 0.0000000001" + "^100" * 99 + ")",
    "$(math $(query))" * 30,
    "$(math $(math $(math $(math 1))))",
    "$(math [x for x in ().__class__.__bases__[0].__subclasses__()])",
    "$(math 'a'*999999999)",
    "$(if " + "not " * 110 + "1 then x)",
    "$(if " + "1 or " * 95 + "1 then x)",
    "$(if " + '"' * 480 + " then x)",
    "$(if a then " * 40 + "b" + ")" * 40,
    "$(if $(query) contains $(query) then $(query)$(query)$(query))" * 8,
    "$(repeat 20 $(if 1 then $(repeat 20 $(query))))",
    "$(if 1" + " then" * 90 + ")",
    "$(if " + "=" * 480 + " then x)",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_ends_and_is_short(text: str) -> None:
    began = time.process_time()
    for typed in ("x " * 2_000, "9" * 15, "=" * 4_000):
        assert len(said_or_refused(text, typed)) <= MOST
    assert time.process_time() - began < SECONDS_AT_MOST


def said_or_refused(text: str, typed: str) -> str:
    try:
        return said(text, typed)
    except Refusal as refusal:
        return in_usual_words(refusal.say)


INSIDE = st.lists(
    st.sampled_from(
        [*'0123456789.+-*/%^()<>=! "', "$(1)", *[" then ", " else ", " or ", " and ", " not "]]
    ),
    max_size=60,
).map("".join)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(["math", "if"]), INSIDE, st.text(max_size=100))
def test_any_of_them_is_said_or_refused(name: str, inside: str, typed: str) -> None:
    text = f"${{{name} {inside}}}"[:MOST_CHARACTERS]
    assert len(said_or_refused(text, typed)) <= MOST


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.sampled_from("+-*"), st.integers(0, 9)), max_size=12))
def test_sums_are_what_python_reckons(terms: list[tuple[str, int]]) -> None:
    written = "1" + "".join(f" {sign} {number}" for sign, number in terms)
    assert said(f"$(math {written})") in (str(eval(written)), "(that number is too big)")  # noqa: S307


@given(st.integers(-999, 999), st.integers(1, 999))
def test_a_division_is_right_to_six_places(first: int, second: int) -> None:
    told = Fraction(said(f"$(math {first} / {second})"))
    assert abs(told - Fraction(first, second)) <= Fraction(1, 2_000_000)


@pytest.mark.parametrize(
    ("text", "typed", "told"),
    [
        ("$(if $(1) == “yes” then Hi else Bye)", "yes", "Hi"),
        (
            "$(if $(query) == “this and that” then “either or” else no)",
            "this and that",
            "either or",
        ),
        ("$(if $(1) then “Hi $(1)” else “Bye”)", "Pip", "Hi Pip"),
        ("$(random.pick “not today” “not today”)", "", "not today"),
        ("$(random.pick \u2018not today\u2019 \u2018not today\u2019)", "", "not today"),
        ("$(random.pick don\u2019t don\u2019t)", "", "don\u2019t"),
        ("$(time Europe/Berlin „h:mm A“)", "", "8:05 PM"),
        ("$(countdown “Dec 24 2026 18:00 UTC”)", "", "175 days 23 hours 54 minutes"),
        ("$(1|“dear friend”)", "", "dear friend"),
        ("“Hi” it\u2019s $(user)", "", "“Hi” it\u2019s Ana"),
        ("$(query)", "“Hi”", "“Hi”"),
    ],
)
def test_curly_quotes_in_a_variable_are_straight_ones(text: str, typed: str, told: str) -> None:
    assert said(text, typed) == told


@pytest.mark.parametrize(
    "text",
    ["$(if $(1) is yes then Hi)", "$(if yes then Hi)", "$(if $(1) == a and “b” then Hi)"],
)
def test_a_condition_that_always_holds_is_refused(text: str) -> None:
    assert "compares nothing" in refused(text)


@pytest.mark.parametrize("text", ["$(if $(1) then Hi)", '$(if "$(1) $(2)" then Hi)'])
def test_whether_there_is_something_may_be_asked(text: str) -> None:
    assert said(text, "x") == "Hi"
    assert not said(text)


@pytest.mark.parametrize("typed", ["a " * 20_000, "“ " * 20_000])
def test_a_text_of_many_places_costs_little_behind_the_longest_line(typed: str) -> None:
    text = "".join(f"$({place})" for place in range(1, 41))
    began = time.process_time()
    assert said(text, typed)
    assert time.process_time() - began < SECONDS_AT_MOST
