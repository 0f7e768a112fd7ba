"""Made-up string rules in any number: some unlike chat, some of the chat's own words."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

from bench.chat_log import SEED, words
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule

KINDS = (
    *[MatchType.EXACT] * 3,
    *[MatchType.CONTAINS] * 7,
    *[MatchType.WORD] * 7,
    *[MatchType.REGEX] * 3,
)
"""As in a grown community: 15 % exact, 35 % contains, 35 % word, 15 % pattern."""


def unlike_chat(count: int) -> list[str]:
    return [f"zq{number:x}xv wk{number * 7919:x}j" for number in range(count)]


def own_words(count: int) -> list[str]:
    """Two words each that people say, in an order that they hardly ever come in."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    plain = [word for word in words() if word.isalnum()]
    pairs: set[str] = set()
    while len(pairs) < count:
        pairs.add(" ".join(chance.sample(plain, 2)))
    return sorted(pairs)


PATTERNS = {"unlike chat": unlike_chat, "of the chat's own words": own_words}


def with_kinds(patterns: Sequence[str]) -> Iterator[tuple[MatchType, str]]:
    return zip(itertools.cycle(KINDS), patterns, strict=False)


def made_rules(patterns: Sequence[str]) -> list[StringRule]:
    return [
        StringRule(id=number, match_type=kind, pattern=pattern, action=RuleAction.BLOCK)
        for number, (kind, pattern) in enumerate(with_kinds(patterns))
    ]
