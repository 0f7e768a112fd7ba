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

CONSONANTS = "bcdfghjklmnpqrstvwxz"


def unlike_chat(count: int) -> list[str]:
    """Two made-up words each. They begin in many ways: what all had in common would be looked for
    once by whoever factors it out, and tell nothing of what people forbid.
    """
    chance = random.Random(SEED)  # noqa: S311 - no secret
    return [
        " ".join("".join(chance.choices(CONSONANTS, k=5)) + f"{number:x}" for _ in range(2))
        for number in range(count)
    ]


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
