"""Which patterns a rule may have: those that google-re2 takes, in linear time and within bounds.

What a rule costs is counted when it is saved, in steps: each takes some 1.5 µs once, when it is
compiled or first met, and half a kilobyte from then on. No clock is asked: what was accepted once
is accepted everywhere, and no text makes it cost more.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

import re2

from waddlebot.domain.errors import Refusal
from waddlebot.domain.pattern_cost import TooManyStates, count_states
from waddlebot.domain.pattern_reading import (
    OneLetter,
    Part,
    Unread,
    needles,
    read_pattern,
    visit,
)
from waddlebot.domain.string_rules import MatchType, StringRule
from waddlebot_sdk.own_words import say_command

MOST_PATTERN_CHARACTERS = 500
MOST_STEPS = 2_500
"""Of the program of one pattern."""
MOST_COST = 60_000
"""Of all rules of a community together: a tenth of a second once, and 30 MB."""
COST_OF_ALWAYS = 500
"""Without a fixed text of two letters in it a pattern is tried on each line, for 1 µs each time."""
LEAST_NEEDLE = 2
BYTES_PER_STEP = 512
MOST_RULES = 1_000

_TOO_LARGE = "That pattern is too large; split it into several rules."
_TOO_MANY_WAYS = (
    "That pattern can be under way in too many places at once: write smaller counts than "
    "{0,20}, or .* instead of a count."
)


def check_pattern(match_type: MatchType, pattern: str) -> int:
    """What it costs. Raises Refusal with a sentence where a rule cannot be saved like this."""
    check_readable(match_type, pattern)
    if match_type is MatchType.ANYTHING:
        return 1
    return _cost_of_regex(pattern) if match_type is MatchType.REGEX else len(bytes_of(pattern))


def check_readable(match_type: MatchType, pattern: str) -> None:
    """Raises Refusal where no release could look for it; what it costs is not asked."""
    if match_type is MatchType.ANYTHING:
        return
    if not pattern.strip():
        raise Refusal("A rule needs some text to look for.")
    if len(pattern) > MOST_PATTERN_CHARACTERS:
        raise Refusal(
            f"That pattern has {len(pattern)} characters; {MOST_PATTERN_CHARACTERS} is the most."
        )
    if match_type is MatchType.REGEX:
        _program(pattern)


def check_together(rules: int, cost: int) -> None:
    """Raises Refusal: all active rules of a community are more, or cost more, than they may."""
    if rules > MOST_RULES:
        off = say_command("rules off 3")
        raise Refusal(f"There are {MOST_RULES:,} rules already. Switch one off: {off}")
    if cost > MOST_COST:
        raise Refusal(
            f"All rules together would cost {cost:,} steps; {MOST_COST:,} is the most. Switch one "
            f"off ({say_command('rules off 3')}), or write patterns with smaller counts and fewer "
            ".* in them."
        )


def cost_of(rule: StringRule) -> int:
    """Rules of earlier releases were not counted when they were saved."""
    return counted(rule.match_type, rule.pattern) if rule.cost is None else rule.cost


@lru_cache(maxsize=4_000)
def counted(match_type: MatchType, pattern: str) -> int:
    """More than `MOST_COST` where it may not be saved any more."""
    try:
        return check_pattern(match_type, pattern)
    except Refusal:
        return MOST_COST + 1


@lru_cache(maxsize=4_000)
def needles_of(pattern: str) -> frozenset[str]:
    """Texts without all of which the pattern cannot hit, whatever their case.

    None where it is tried on each line.
    """
    try:
        return _needles(read_pattern(pattern))
    except Unread:
        return frozenset()


def reads_exactly(pattern: str) -> bool:
    """It asks what a text is not, or for its case: then another reading of it is another text."""
    try:
        read = read_pattern(pattern)
    except Unread:
        return True
    found = False

    def see(part: Part) -> None:
        nonlocal found
        if isinstance(part, OneLetter):
            found = found or not part.flags.fold or _NEGATED.search(part.source) is not None

    visit(read, see)
    return found


_NEGATED = re.compile(r"^\[\^|\[:\^|\\[PDSW]|\\p\{\^")


def _needles(part: Part) -> frozenset[str]:
    """A single letter stands in nearly each line."""
    found = needles(part)
    return found if min(map(len, found), default=0) >= LEAST_NEEDLE else frozenset()


def _program(pattern: str) -> Any:
    try:
        compiled = re2.compile(bytes_of(f"(?i){pattern}"), options())
    except re2.error as error:
        raise Refusal(_in_words(_reason(error))) from error
    if compiled.search(b""):
        raise Refusal("That pattern also hits an empty line, so it would hit every line.")
    return compiled


def _cost_of_regex(pattern: str) -> int:
    compiled = _program(pattern)
    if compiled.programsize > MOST_STEPS:
        raise Refusal(_TOO_LARGE)
    read = read_pattern(pattern)
    try:
        states = count_states(read)
    except TooManyStates:
        raise Refusal(_TOO_MANY_WAYS) from None
    always = 0 if _needles(read) else COST_OF_ALWAYS
    return int(compiled.programsize) + states + always


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


_LEAST_BYTES = 4 << 20
"""Not reserved: what the largest program needs to run at all."""


@cache
def options(cost: int = 0) -> Any:
    """For automata of so many steps, all of which find room."""
    options = re2.Options()
    options.max_mem = _LEAST_BYTES + 2 * cost * BYTES_PER_STEP
    options.log_errors = False
    return options


def bytes_of(expression: str) -> bytes:
    return expression.encode("utf-8", "replace")


def _reason(error: Exception) -> str:
    told = error.args[0] if error.args else ""
    return told.decode(errors="replace") if isinstance(told, bytes) else str(told)
