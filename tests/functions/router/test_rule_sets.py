from __future__ import annotations

import re
import time

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.router.rule_sets import (
    RuleSet,
    RuleSets,
)
from tests.helpers.events_and_commands import DISCORD, TWITCH, a_community, a_rule
from waddlebot.domain import normal_form
from waddlebot.domain.errors import Refusal
from waddlebot.domain.normal_form import readings
from waddlebot.domain.rule_patterns import check_pattern
from waddlebot.domain.string_rules import MatchType, StringRule

WORDS = ["free", "nitro", "Waddle", "on", "a.b", "c++", "ÉCOLE", "école", "x_y", "42"]
PATTERNS = ["fr[e3]+", "nitro$", "^free", r"\d+", "wa(d+)le", r"c\+\+"]

texts = st.lists(st.sampled_from([*WORDS, *"!.,_-"]), max_size=6).map(" ".join) | st.lists(
    st.sampled_from(WORDS), max_size=3
).map("".join)
literal_kinds = st.sampled_from([MatchType.EXACT, MatchType.CONTAINS, MatchType.WORD])
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join)
some_kind_and_pattern = st.tuples(literal_kinds, words) | st.tuples(
    st.just(MatchType.REGEX), st.sampled_from(PATTERNS)
)


# Letters that fold to others, to more than one, or to none; marks, digits, and what is no letter.
tricky = st.text("aAbsSßẞſkKKiIİı\u0301é_1² -.?!🎉", min_size=1, max_size=40)  # noqa: RUF001
tricky_words = st.text("aAsSßẞkKiİé1_ -", min_size=1, max_size=3).filter(str.strip)


def hits(text: str, *rules: StringRule, entity: object = TWITCH) -> list[int]:
    community = a_community(rules=rules)
    return [rule.id for rule in RuleSets().find(community, text, entity)]  # type: ignore[arg-type]


def readings_for(rule: StringRule, text: str) -> list[str]:
    """Those that the documentation gives to rules of its kind."""
    if rule.match_type is MatchType.REGEX:
        wanted = normal_form.RAW if rule.raw else normal_form.PATTERNS
    else:
        halves = rule.match_type is not MatchType.EXACT and " " in rule.pattern.strip()
        wanted = normal_form.WORDS | (normal_form.SPLIT if halves else 0)
    return [reading for reading, sees in readings(text).items() if sees & wanted]


def hits_naively(rule: StringRule, text: str) -> bool:
    """What the documentation says, rule by rule, with Python's own engine."""
    flags = 0 if rule.case_sensitive else re.IGNORECASE
    body = rule.pattern if rule.match_type is MatchType.REGEX else re.escape(rule.pattern)
    if rule.match_type is MatchType.EXACT:
        return re.fullmatch(body, text.strip(), flags) is not None
    if rule.match_type is MatchType.WORD:
        body = rf"(?<!\w){body}(?!\w)"
    return re.search(body, text, flags) is not None


@given(
    texts,
    st.lists(st.tuples(some_kind_and_pattern, st.booleans(), st.integers(1, 3)), max_size=50),
)
@settings(max_examples=150, deadline=None)
def test_a_set_finds_what_a_loop_over_all_rules_finds(
    text: str, drawn: list[tuple[tuple[MatchType, str], bool, int]]
) -> None:
    rules = a_community(
        rules=[
            a_rule(pattern, kind, id=number, case_sensitive=case, priority=priority)
            for number, ((kind, pattern), case, priority) in enumerate(drawn)
        ]
    ).rules
    expected = [
        rule.id
        for rule in rules
        if any(hits_naively(rule, reading) for reading in readings_for(rule, text))
    ]
    assert [rule.id for rule in RuleSet.of(rules).find(text, TWITCH)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "get FREE NITRO now",
        "fr\u200bee ni\u200dtro",
        "f**r**ee nitro",
        "f*r*ee __ni__tro",
        "`free` nitro",
        "||free|| nitro",
        "free%20nitro",
        "ｆｒｅｅ ｎｉｔｒｏ",  # noqa: RUF001 - full width
        "𝐟𝐫𝐞𝐞 𝐧𝐢𝐭𝐫𝐨",  # noqa: RUF001 - mathematical
        "free\u00a0nitro",
        "free nitro\ud800",
        "free nitro\x00",
    ],
)
def test_a_disguise_does_not_help(text: str) -> None:
    assert hits(text, a_rule("free nitro")) == [1]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("objects/exercises", "sex"),
        ("hello there", "hell"),
        ("KappaPride", "Kappa"),
        ("un cafétier", "café"),
        ("école42", "école"),
    ],
)
def test_a_word_inside_another_word_is_no_hit(text: str, word: str) -> None:
    assert hits(text, a_rule(word, MatchType.WORD)) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("un café noir", "café"),
        ("CAFÉ!", "café"),
        ("(nitro)", "nitro"),
        ("I like c++.", "c++"),
        ("see @here, please", "@here"),
        ("nitronitro, nitro", "nitro"),
    ],
)
def test_a_word_ends_at_punctuation_in_any_script(text: str, word: str) -> None:
    assert hits(text, a_rule(word, MatchType.WORD)) == [1]


@given(tricky, st.lists(st.tuples(tricky_words, st.booleans()), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_a_word_hits_what_its_pattern_with_edges_hits(
    text: str, drawn: list[tuple[str, bool]]
) -> None:
    edge = r"[^\p{L}\p{M}\p{N}_]"
    words, expected = [], []
    for number, (word, case) in enumerate(drawn):
        flags = "" if case else "(?i)"
        pattern = f"{flags}(?:^|{edge}){re2.escape(word.strip())}(?:$|{edge})"
        words.append(a_rule(word, MatchType.WORD, id=number, case_sensitive=case))
        if any(re2.search(pattern, reading) for reading in readings_for(words[-1], text)):
            expected.append(number)
    assert hits(text, *words) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nitronitro " * 40, []),
        ("nitronitro " * 40 + "nitro", [1]),
        ("straße, nitros", []),
        ("Straße: NITRO!", [1]),
    ],
)
def test_a_word_is_found_behind_many_that_only_hold_it(text: str, found: list[int]) -> None:
    assert hits(text, a_rule("nitro", MatchType.WORD)) == found


def test_a_pattern_that_asks_for_what_was_typed_sees_nothing_else() -> None:
    rules = (
        a_rule("fr[e3]+ n", MatchType.REGEX, id=1, raw=True),
        a_rule("fr[e3]+ n", MatchType.REGEX, id=2),
        a_rule(r"\d{6}", MatchType.REGEX, id=3),
        a_rule(r"\d{6}", MatchType.REGEX, id=4, raw=True),
    )
    assert hits("fr**ee** nitro", *rules) == [2]
    assert hits("free nitro", *rules) == [1, 2]
    assert hits("<@123456789> hi", *rules) == [4]


def test_a_rule_for_case_sees_the_normal_form_before_case_is_folded() -> None:
    rule = a_rule("Nitro", case_sensitive=True)
    assert hits("**Ni**tro", rule) == [1]
    assert hits("**ni**tro", rule) == []


def test_the_edges_of_a_pattern_are_those_of_the_whole_text() -> None:
    rules = (
        a_rule("^free", MatchType.REGEX, id=1),
        a_rule("nitro$", MatchType.REGEX, id=2),
        a_rule("free nitro", MatchType.EXACT, id=3),
    )
    assert hits("**free** nitro", *rules) == [1, 2, 3]
    assert hits("x" * 5_000 + " free nitro " + "x" * 5_000, *rules) == []


def test_a_letter_is_not_taken_for_two() -> None:
    """Where case folding writes ß as ss, the word ss still is not there."""
    word = a_rule("ss", MatchType.WORD)
    assert hits("ß, ssx", word) == []
    assert hits("ß, SS", word) == [1]
    assert hits("GROẞ", a_rule("groß", MatchType.WORD)) == [1]


def test_hits_come_in_the_order_of_priority() -> None:
    rules = (
        a_rule("nitro", id=1, priority=100),
        a_rule("free nitro", MatchType.EXACT, id=2, priority=5),
        a_rule("n.tro", MatchType.REGEX, id=3, priority=50),
        a_rule("*", MatchType.ANYTHING, id=4, priority=70),
    )
    assert hits("free nitro", *rules) == [2, 3, 4, 1]


def test_a_rule_for_some_places_hits_there_alone() -> None:
    rules = (a_rule("nitro", id=1, entities=frozenset({DISCORD})), a_rule("nitro", id=2))
    assert hits("nitro", *rules) == [2]
    assert hits("nitro", *rules, entity=DISCORD) == [1, 2]


def test_case_counts_where_the_rule_says_so() -> None:
    rules = (
        a_rule("Nitro", id=1, case_sensitive=True),
        a_rule("Nitro", MatchType.EXACT, id=2, case_sensitive=True),
        a_rule("Nitro", MatchType.EXACT, id=3),
    )
    assert hits("nitro", *rules) == [3]


def test_a_rule_that_cannot_be_compiled_spoils_no_other() -> None:
    rules = [a_rule(f"word{number}", id=number) for number in range(40)]
    rules.insert(20, a_rule("(?=look)", MatchType.REGEX, id=99))
    assert hits("word3 word39 look", *rules) == [3, 39]


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("(a+)+$", "a" * 3_000 + "!"),
        ("(a|aa)+$", "a" * 3_000 + "!"),
        ("(.*a){20}$", "a" * 3_000 + "!"),
        (r"(x+x+)+y", "x" * 3_000),
    ],
)
def test_a_hostile_pattern_takes_no_time(pattern: str, line: str) -> None:
    check_pattern(MatchType.REGEX, pattern)
    rules = RuleSet.of([a_rule(pattern, MatchType.REGEX)])
    began = time.perf_counter()
    rules.find(line, TWITCH)
    assert time.perf_counter() - began < 0.5


def test_words_said_for_the_first_time_cost_little() -> None:
    words = [f"word{number}" for number in range(500)]
    rules = RuleSet.of([a_rule(word, MatchType.WORD, id=n) for n, word in enumerate(words)])
    line = " ".join(words)[:4_000]
    began = time.thread_time()
    assert len(rules.find(line, TWITCH)) > 400
    # With an expression compiled for each of them it takes a quarter of a second and more.
    assert time.thread_time() - began < 0.1


def test_words_inside_each_other_take_no_time() -> None:
    rules = RuleSet.of([a_rule("a" * n, MatchType.WORD, id=n) for n in range(1, 40)])
    rules.find("a" * 40_000, TWITCH)
    began = time.thread_time()
    assert rules.find("a" * 40_000, TWITCH) == []
    assert time.thread_time() - began < 0.1


@pytest.mark.parametrize("before", [0, 3_998, 4_000, 20_000, 39_990])
def test_all_of_a_long_line_is_looked_at(before: int) -> None:
    rules = (
        a_rule("free nitro", id=1),
        a_rule("nitro", MatchType.WORD, id=2),
        a_rule("fr[e3]+.*nitro$", MatchType.REGEX, id=3),
        a_rule("^x.*o$", MatchType.REGEX, id=4),
    )
    line = "x" * before + " free nitro"
    assert hits(line, *rules) == ([1, 2, 3, 4] if before else [1, 2, 3])


def test_what_stands_far_apart_is_one_pattern() -> None:
    far = "free " + "x " * 15_000 + "nitro"
    assert hits(far, a_rule("free.*nitro", MatchType.REGEX)) == [1]


def test_a_new_version_of_a_community_is_compiled_anew() -> None:
    sets = RuleSets()
    old = a_community(rules=[a_rule("old")], version="1")
    new = a_community(rules=[a_rule("new")], version="2")
    assert sets.find(old, "old new", TWITCH) == list(old.rules)
    assert sets.find(new, "old new", TWITCH) == list(new.rules)


def test_few_communities_fit_where_memory_is_short() -> None:
    sets = RuleSets(most_bytes=1)
    for number in (1, 2, 1):
        community = a_community(id=number, rules=[a_rule("nitro", id=number)])
        assert sets.find(community, "nitro", TWITCH) == list(community.rules)


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("", "needs some text"),
        ("   ", "needs some text"),
        ("x" * 501, "501 characters"),
        ("free(?=nitro)", "Look-around"),
        ("(?<!not )free", "Look-around"),
        (r"(a)\1", "Back references"),
        ("a{1001}", "1,000 times"),
        ("(((a{100}){100}){100})", "1,000 times"),
        ("(free", "missing )"),
        ("a++", "bad repetition"),
        ("[z-a]", "character class"),
        (r"\p{L}{500}", "too large"),
        (r"\p{L}{3,9}", "too large"),
        ("a*", "every line"),
        ("free|", "every line"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_in_words(pattern: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        check_pattern(MatchType.REGEX, pattern)
    assert sentence in refusal.value.say


@given(st.text(min_size=1, max_size=30))
@settings(max_examples=200, deadline=None)
def test_whatever_is_saved_can_be_compiled(pattern: str) -> None:
    try:
        check_pattern(MatchType.REGEX, pattern)
    except Refusal:
        return
    RuleSet.of([a_rule(pattern, MatchType.REGEX)]).find("free nitro", TWITCH)


@pytest.mark.parametrize("kind", [MatchType.EXACT, MatchType.CONTAINS, MatchType.WORD])
@given(pattern=st.text(min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_plain_text_is_never_read_as_a_pattern(kind: MatchType, pattern: str) -> None:
    try:
        check_pattern(kind, pattern)
    except Refusal:
        return
    assert [rule.id for rule in RuleSet.of([a_rule(pattern, kind)]).find(pattern, TWITCH)] == [1]


def test_anything_needs_no_pattern() -> None:
    check_pattern(MatchType.ANYTHING, "*")
