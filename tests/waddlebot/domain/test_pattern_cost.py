"""What a pattern may cost is counted from its text, before anything runs it."""

from __future__ import annotations

import contextlib
import time

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from waddlebot.domain.errors import Refusal
from waddlebot.domain.pattern_cost import MOST_STATES, TooManyStates, count_states
from waddlebot.domain.pattern_reading import needles, read_pattern
from waddlebot.domain.rule_patterns import (
    COST_OF_ALWAYS,
    MOST_COST,
    check_pattern,
    check_together,
    needles_of,
)
from waddlebot.domain.string_rules import MatchType

letters = st.sampled_from(["a", "b", "é", ".", "[ab]", "[^a]", r"\w", r"\.", r"\x61", "(?i:B)"])
patterns = st.recursive(
    letters,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}", "+?"])).map(
            lambda one: f"(?:{one[0]}){one[1]}"
        ),
    ),
    max_leaves=8,
)
texts = st.text("abBcé.1 -", max_size=30)


@pytest.mark.parametrize(
    "pattern",
    [
        "a[ab]{900}x1",
        "a[ab]{50}x",
        "a.{40}b",
        "(?:a|b).{0,30}x",
        "[ab]*a[ab]{30}",
        "a" + "[ab]" * 100,
        "(a[ab]{5}){6}x",
        r"1\d{3}(?:\d{4}){9}",
    ],
)
def test_a_pattern_that_is_under_way_in_too_many_places_is_refused(pattern: str) -> None:
    began = time.thread_time()
    with pytest.raises(Refusal, match="too many places"):
        check_pattern(MatchType.REGEX, pattern)
    assert time.thread_time() - began < 2


@pytest.mark.parametrize(
    "pattern",
    [
        "fr[e3]+.*n[i1]tr[o0]",
        "free.{0,15}nitro",
        r"(https?://)?discord\.gg/\w+",
        r"\d{3}-\d{4}",
        r"(cheap|buy|sell) .*(followers|viewers)",
        "^a[ab]{50}x",
        "(a+)+$",
        r"[A-Z]{10,}",
        r"b[^a-z]*i[^a-z]*t",
    ],
)
def test_what_people_write_is_cheap(pattern: str) -> None:
    assert check_pattern(MatchType.REGEX, pattern) <= MOST_COST / 10


def test_a_pattern_without_a_fixed_text_costs_more_because_each_line_meets_it() -> None:
    assert check_pattern(MatchType.REGEX, "[a-c][b-d][c-e]") > COST_OF_ALWAYS
    assert check_pattern(MatchType.REGEX, "[a-c][b-d]xy") < COST_OF_ALWAYS


def test_a_plain_text_costs_its_length() -> None:
    assert check_pattern(MatchType.CONTAINS, "café") == 5


def test_all_rules_together_have_a_bound() -> None:
    check_together(1_000, MOST_COST)
    with pytest.raises(Refusal, match="rules already"):
        check_together(1_001, 1)
    with pytest.raises(Refusal, match="All rules together"):
        check_together(2, MOST_COST + 1)


@pytest.mark.parametrize("depth", [20, 100, 249])
@pytest.mark.parametrize("around", ["{}", "(?:{})*b", "(?i:{})|c"])
def test_brackets_in_brackets_are_counted_or_refused(depth: int, around: str) -> None:
    pattern = around.format("(" * depth + "a" + ")" * depth)[:500]
    with contextlib.suppress(Refusal):
        assert check_pattern(MatchType.REGEX, pattern) > 0
    needles_of(pattern)


@given(st.text("()[]{}|*+?^$\\.:=<>!PQEpxabi,1-", max_size=40))
@settings(max_examples=500, deadline=None)
def test_whatever_is_written_is_counted_or_refused(pattern: str) -> None:
    needles_of(pattern)
    with contextlib.suppress(Refusal):
        assert check_pattern(MatchType.REGEX, pattern) > 0


@given(patterns, texts)
@settings(max_examples=400, deadline=None)
def test_where_a_pattern_hits_one_of_its_needles_stands(pattern: str, text: str) -> None:
    found = needles(read_pattern(pattern))
    if found and re2.search(f"(?i){pattern}", text):
        assert any(re2.search(f"(?i){re2.escape(one)}", text) for one in found)


@given(patterns, st.lists(texts, min_size=3, max_size=10))
@settings(max_examples=200, deadline=None)
def test_the_states_that_texts_go_through_are_counted(pattern: str, lines: list[str]) -> None:
    """States tell apart how a pattern goes on: there are as many as ways to go on, at least."""
    try:
        states = count_states(read_pattern(pattern))
    except TooManyStates:
        return
    ends = [*lines, "", "a", "b", "ab", "é", "aab"]
    compiled = re2.compile(f"(?i)(?:{pattern})$")
    ways = {tuple(compiled.search(line + end) is not None for end in ends) for line in [*lines, ""]}
    assert len(ways) <= states <= MOST_STATES


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("free nitro", {"free nitro"}),
        (r"\bfree\b.*nitros?", {"nitro"}),
        (r"(cheap|buy) .*(followers|viewers)", {"followers", "viewers"}),
        (r"\Qa.b\E+c", {"a.b"}),
        ("gg+ez", {"gez"}),
        ("(?:ab){2}c?", {"ab"}),
        ("x?", set()),
        ("a|", set()),
        ("[ab]", set()),
        (r"[[:alpha:]\]x]yz[]q]", {"yz"}),
        (r"(?P<name>caf\x{e9})", {"café"}),
        ("a{x}", {"a{x}"}),
    ],
)
def test_what_a_pattern_cannot_do_without(pattern: str, found: set[str]) -> None:
    re2.compile(pattern)
    assert needles(read_pattern(pattern)) == found
