"""A rule as a moderator types it, whole: where and how it looks, its kind, and what it is for."""

from __future__ import annotations

from dataclasses import replace

from functions.builtins.wanted_rules import read_wanted
from waddlebot.domain.entities import EntityId
from waddlebot.domain.rule_sayings import EVERY_LINE
from waddlebot.domain.string_rules import (
    EVERYTHING,
    MOST_PRIORITY,
    MatchType,
    RuleAction,
    StringRule,
)
from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.grammar import take_words

KINDS = ", ".join(MatchType)
HERE, CASE, PRIORITY = "here", "case", "priority"
_MOST_DIGITS = len(str(MOST_PRIORITY))
_ORDER = "What has a smaller one is looked at first; usual is 100."


def read_rule(text: str, here: EntityId) -> StringRule:
    """`here case priority 10 contains "free nitro" block` as the rule that is meant.

    Raises:
        NotUnderstood: a word before the kind is none that stands there, or no kind follows, or
            nothing to look for.
    """
    looks = StringRule(id=0, match_type=MatchType.ANYTHING, pattern="", action=RuleAction.WARN)
    while True:
        words, rest = take_words(text, 1)
        word = words[0].lower() if words else ""
        if word == HERE:
            looks = replace(looks, entities=frozenset({here}))
        elif word == CASE:
            looks = replace(looks, case_sensitive=True)
        elif word == PRIORITY:
            number, rest = take_words(rest, 1)
            looks = replace(looks, priority=_read_priority(number[0] if number else ""))
        else:
            return _of_kind(word, rest, looks)
        text = rest


def _of_kind(word: str, rest: str, looks: StringRule) -> StringRule:
    if not word:
        raise NotUnderstood(f"Say which kind of rule. There are {KINDS}.")
    if word not in set(MatchType):
        raise NotUnderstood(f"'{word[:30]}' is no kind of rule. There are {KINDS}.")
    kind = MatchType(word)
    if kind is MatchType.ANYTHING and rest.strip():
        raise NotUnderstood(EVERY_LINE)
    if kind is MatchType.ANYTHING:
        return replace(looks, pattern=EVERYTHING)
    if not rest.strip():
        raise NotUnderstood(f'Say what to look for: {kind} "free nitro" block')
    rule = read_wanted(rest).as_rule(kind)
    return replace(
        rule,
        entities=looks.entities,
        case_sensitive=looks.case_sensitive,
        priority=looks.priority,
    )


def _read_priority(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise NotUnderstood(f"A number follows {PRIORITY}, and '{text[:30]}' is none. {_ORDER}")
    if len(digits.lstrip("0")) > _MOST_DIGITS or not 0 <= int(text) <= MOST_PRIORITY:
        size = "small" if text.startswith("-") else "large"
        raise NotUnderstood(f"{text[:30]} is too {size}: 0 to {MOST_PRIORITY:,}. {_ORDER}")
    return int(text)
