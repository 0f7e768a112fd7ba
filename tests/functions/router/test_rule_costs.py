"""The worst that may be saved, on the worst that may be said; and what cannot be saved any more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count

import pytest

from functions.router.match import Triggers, find_matches
from functions.router.rule_needles import SLICE
from functions.router.rule_sets import RuleSet, RuleSets
from tests.helpers.command_tables import TABLES
from tests.helpers.drawn_words import CHANCE, DISCORDS_MOST, SLACKS_MOST, WORDS, a_word
from tests.helpers.events_and_commands import (
    DISCORD,
    SLACK,
    a_community,
    a_rule,
    a_session,
    an_event,
)
from waddlebot.domain.errors import Refusal
from waddlebot.domain.rule_patterns import MOST_COST, MOST_RULES, check_pattern
from waddlebot.domain.string_rules import MatchType, StringRule
from waddlebot.domain.triggers import RuleTrigger

MOST_MICROSECONDS_A_LETTER = 20
"""A fifth of it is what the worst took on a machine of two cores; four times that is noise."""


def as_many_as_may_be(kind: MatchType, patterns: Iterator[str]) -> list[StringRule]:
    rules: list[StringRule] = []
    total = 0
    for pattern in patterns:
        try:
            cost = check_pattern(kind, pattern)
        except Refusal:
            break
        if total + cost > MOST_COST or len(rules) == MOST_RULES:
            break
        total += cost
        rules.append(a_rule(pattern, kind, id=len(rules), cost=cost))
    return rules


def may_be_saved(pattern: str) -> bool:
    try:
        check_pattern(MatchType.REGEX, pattern)
    except Refusal:
        return False
    return True


def chatter(words: Sequence[str], length: int) -> str:
    return " ".join(CHANCE.choices(words, k=length))[:length]


REGEX, CONTAINS, WORD = MatchType.REGEX, MatchType.CONTAINS, MatchType.WORD
LITERALS = [a_word(59, "ab") for _ in range(MOST_RULES)]

WORST: dict[str, tuple[MatchType, Callable[[], Iterator[str]], Callable[[int], str]]] = {
    "under way everywhere": (
        REGEX,
        lambda: (f"(?:zz|a[ab]{{9}}){word}|{word}z" for word in WORDS),
        lambda length: (
            (" ".join(f"{word}z" for word in WORDS))[: length // 2] + a_word(length // 2, "ab")
        ),
    ),
    "as wide as one may be": (
        REGEX,
        lambda: filter(
            may_be_saved,
            (f"a[ab]{{{n}}}{word}" for n in (400, 50, 10, 8) for word in WORDS[:10]),
        ),
        lambda length: " ".join(WORDS[:10]) + a_word(length - 60, "ab"),
    ),
    "a thousand that all begin": (
        REGEX,
        lambda: (f"ab[ab]{{4}}{word}|zz" for word in WORDS),
        lambda length: "zz" + a_word(length - 2, "ab"),
    ),
    "gaps without end": (
        REGEX,
        lambda: (f"{word}.*{word[::-1]}q|{word}z" for word in WORDS),
        lambda length: chatter([f"{word}z" for word in WORDS], length),
    ),
    "counted gaps": (
        REGEX,
        lambda: (f"fr{word[0]}.{{0,15}}{word}" for word in WORDS),
        lambda length: chatter(["frx", "é", *WORDS], length),
    ),
    "tried on each line": (
        REGEX,
        lambda: (f"[{a}1][{b}2][{c}3][{d}4]" for a, b, c, d, _ in WORDS),
        lambda length: chatter(WORDS, length),
    ),
    "all scripts": (
        REGEX,
        lambda: (rf"\p{{L}}{word[:2]}\p{{L}}+{word[2]}" for word in WORDS),
        lambda length: chatter(["é中ж😀", *(word[:3] for word in WORDS)], length),
    ),
    "text inside text": (
        CONTAINS,
        lambda: ("a" * length for length in count(1)),
        lambda length: "a" * length,
    ),
    "texts of two letters": (
        CONTAINS,
        lambda: iter(LITERALS),
        lambda length: "".join(one[: CHANCE.randrange(20, 58)] for one in LITERALS)[:length],
    ),
    "words inside words": (
        WORD,
        lambda: ("a" * length for length in count(1)),
        lambda length: "a" * length,
    ),
    "words run together": (
        WORD,
        lambda: iter(WORDS),
        lambda length: "".join(CHANCE.choices(WORDS, k=length))[:length],
    ),
}


@pytest.mark.for_the_gate
@pytest.mark.parametrize("length", [DISCORDS_MOST, SLACKS_MOST])
@pytest.mark.parametrize("name", WORST)
def test_no_text_makes_accepted_rules_cost_more(name: str, length: int) -> None:
    kind, patterns, a_text = WORST[name]
    rules = as_many_as_may_be(kind, patterns())
    assert len(rules) >= 5
    compiled = RuleSet.of(rules)
    assert compiled.resting == ()
    for _ in range(3):  # what is met for the first time is compiled then
        compiled.find(a_text(length), DISCORD)
    took = []
    for _ in range(5):
        text = a_text(length)
        began = time.thread_time()
        compiled.find(text, DISCORD)
        took.append((time.thread_time() - began) * 1e6 / length)
    assert sorted(took)[2] < MOST_MICROSECONDS_A_LETTER
    assert compiled.resting == ()


def from_before(pattern: str, **fields: object) -> StringRule:
    """Saved by a release that did not count."""
    return a_rule(pattern, MatchType.REGEX, cost=None, **fields)  # type: ignore[arg-type]


def test_a_rule_from_before_that_costs_too_much_rests_alone() -> None:
    rules = (
        a_rule("nitro", id=1),
        from_before("a[ab]{900}x1", id=2),
        from_before("fr[e3]+", id=3),
    )
    compiled = RuleSet.of(rules)
    assert [rule.id for rule in compiled.resting] == [2]
    line = "free nitro " + "a" * 950 + "x1"
    assert [rule.id for rule in compiled.find(line, DISCORD)] == [1, 3]


def test_fifty_of_them_cost_nothing() -> None:
    rules = [from_before(f"{a_word(2)}|a[ab]{{900}}x{n}", id=n) for n in range(50)]
    compiled = RuleSet.of([*rules, a_rule("nitro", id=99)])
    assert len(compiled.resting) == 50
    began = time.thread_time()
    compiled.find(a_word(4_000, "ab"), DISCORD)
    assert time.thread_time() - began < 0.05


def test_where_all_together_cost_too_much_the_last_rest() -> None:
    rules = [a_rule("x" * 400, id=n, cost=MOST_COST // 3) for n in range(5)]
    rules.append(a_rule("nitro", id=9, cost=None))
    # A few steps are left by rounding; the small one behind the dear ones needs no more.
    small = RuleSet.of([*rules[:2], rules[5], *rules[2:5]])
    assert [rule.id for rule in small.resting] == [2, 3, 4]
    assert [rule.id for rule in small.find("nitro", DISCORD)] == [9]


def matched(sets: RuleSets, **community: object) -> list[RuleTrigger]:
    session = a_session(
        event=an_event("hello", entity=DISCORD),
        community=a_community(**community),  # type: ignore[arg-type]
    )
    found = find_matches([session], Triggers(TABLES, sets))
    return [match.trigger for match in found if isinstance(match.trigger, RuleTrigger)]


def test_those_who_could_mend_a_resting_rule_are_told_once() -> None:
    resting = [from_before("a[ab]{900}x1", id=2), from_before("a[ab]{901}x1", id=3)]
    [told] = matched(RuleSets(), rules=resting, moderators_channel=SLACK)
    assert told.rule.id == 2
    assert matched(RuleSets(), rules=resting) == [told]  # without a channel, where they look
    after = [from_before(rule.pattern, id=rule.id, rest_told=True) for rule in resting]
    assert matched(RuleSets(), rules=after, moderators_channel=SLACK) == []


def many_new(text: str) -> list[StringRule]:
    """More than one slice of them."""
    each = 100
    return [a_rule(f"{text}{n}".ljust(each, "x"), id=n) for n in range(2 * SLICE // each + 1)]


def test_the_old_version_holds_until_the_new_one_is_ready() -> None:
    sets = RuleSets()
    old = a_community(rules=[a_rule("old", id=-1)], version="1")
    new = a_community(rules=[*many_new("new"), a_rule("old", id=-1)], version="2")
    first = new.rules[1]
    line = f"old {first.pattern}"
    assert sets.find(old, line, DISCORD) == [*old.rules]
    found = [[rule.id for rule in sets.find(new, line, DISCORD)] for _ in range(3)]
    assert found == [[-1], [-1], [-1, 0]]


def test_by_an_old_version_nobody_is_held_to_a_rule_that_is_gone() -> None:
    sets = RuleSets()
    old = a_community(rules=[a_rule("old", id=-1)], version="1")
    assert sets.find(old, "old", DISCORD) == [*old.rules]
    assert sets.find(a_community(rules=many_new("new"), version="2"), "old", DISCORD) == []


def test_who_asks_what_is_saved_waits_for_it() -> None:
    sets = RuleSets()
    sets.find(a_community(rules=[a_rule("old", id=-1)], version="1"), "x", DISCORD)
    new = a_community(rules=many_new("new"), version="2")
    assert sets.find(new, new.rules[3].pattern, DISCORD, at_once=True) == [new.rules[3]]


def test_one_rule_more_is_in_force_at_once_and_compiles_little() -> None:
    """However many there are beside it, and also after many such changes."""
    sets = RuleSets()
    rules = [a_rule(f"word{n}".ljust(30, "y"), id=n, cost=30) for n in range(900)]
    sets.find(a_community(rules=rules, version="0"), "x", DISCORD)
    took = []
    for n in range(900, 980):
        rules = [*rules[1:], a_rule(f"word{n}".ljust(30, "y"), id=n, cost=30)]
        community = a_community(rules=rules, version=str(n))
        began = time.thread_time()
        assert sets.find(community, rules[-1].pattern, DISCORD) == [rules[-1]]
        took.append(time.thread_time() - began)
        assert sets.find(community, f"word{n - 900}".ljust(30, "y"), DISCORD) == []
    assert sorted(took)[len(took) // 2] < 0.02
    [kept] = sets._kept.values()
    assert len(kept.rules.slices) <= 5
