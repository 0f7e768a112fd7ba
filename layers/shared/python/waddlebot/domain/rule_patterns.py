"""Which patterns a rule may have: those that google-re2 takes, in linear time and within bounds."""

from __future__ import annotations

from functools import cache
from typing import Any

import re2

from waddlebot.domain.errors import Refusal
from waddlebot.domain.string_rules import MatchType

MOST_PATTERN_CHARACTERS = 500
MOST_STEPS = 2_500
"""Of one compiled pattern: a thousand of the largest take some four seconds, once a version."""

_LEAST_SET_BYTES = 2 << 20
_MOST_SET_BYTES = 64 << 20
BYTES_PER_RULE = 8 << 10
_TOO_LARGE = "That pattern is too large; split it into several rules."


def check_pattern(match_type: MatchType, pattern: str) -> None:
    """Raises Refusal with a sentence for the moderator where a rule cannot be saved like this."""
    if match_type is MatchType.ANYTHING:
        return
    if not pattern.strip():
        raise Refusal("A rule needs some text to look for.")
    if len(pattern) > MOST_PATTERN_CHARACTERS:
        raise Refusal(
            f"That pattern has {len(pattern)} characters; {MOST_PATTERN_CHARACTERS} is the most."
        )
    if match_type is MatchType.REGEX:
        _check_regex(pattern)


def _check_regex(pattern: str) -> None:
    try:
        compiled = re2.compile(bytes_of(f"(?i){pattern}"), options())
    except re2.error as error:
        raise Refusal(_in_words(_reason(error))) from error
    if compiled.programsize > MOST_STEPS:
        raise Refusal(_TOO_LARGE)
    if compiled.search(b""):
        raise Refusal("That pattern also hits an empty line, so it would hit every line.")


def _in_words(reason: str) -> str:
    if "perl operator: (?" in reason and "(?>" not in reason:
        return "Look-around such as (?=…) or (?<!…) is not possible: it can take for ever."
    if "escape sequence" in reason and reason[-1:].isdigit():
        return "Back references such as \\1 are not possible: they can take for ever."
    if "repetition size" in reason:
        return "A part can be repeated 1,000 times at most."
    if "too large" in reason:
        return _TOO_LARGE
    return f"That is no pattern I can read: {reason}."


def set_bytes(count: int) -> int:
    """Not reserved: what the automaton of so many rules may grow to before it starts afresh."""
    return min(_LEAST_SET_BYTES + count * BYTES_PER_RULE, _MOST_SET_BYTES)


@cache
def options(count: int = 1) -> Any:
    options = re2.Options()
    options.max_mem = set_bytes(count)
    options.log_errors = False
    return options


def bytes_of(expression: str) -> bytes:
    return expression.encode("utf-8", "replace")


def _reason(error: Exception) -> str:
    told = error.args[0] if error.args else ""
    return told.decode(errors="replace") if isinstance(told, bytes) else str(told)
