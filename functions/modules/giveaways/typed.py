"""Reads what moderators type: a prize, and behind it what holds for it. Refuses in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from functions.modules.giveaways import texts
from functions.modules.giveaways.giveaway import GiveawayTerms
from waddlebot.domain.unseen import is_blank
from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.grammar import take_words
from waddlebot_sdk.seen_signs import seen_line
from waddlebot_sdk.times import read_length

MOST_PRIZE, MOST_WINNERS, MOST_WEIGHT, MOST_WEIGHTS, MOST_LABEL = 100, 20, 10, 5, 30
SHORTEST, LONGEST_CLAIM, LONGEST = 30, 7 * 86_400, 30 * 86_400
USUAL_CLAIM = 300
_QUOTES = '"“„«'
_I = re.ASCII | re.IGNORECASE
_LENGTH = (
    # Each word is taken whole: digits that could be split would be tried in all ways to split them.
    r"((?:\d[\d.]*+\s*+[a-z]*+|and|an?+|half|one|hours?|minutes?|days?|seconds?|weeks?|\s++)++)"
)
_WINNERS = re.compile(r"(?:winners?\s+(\d{1,6})|(\d{1,6})\s+winners?)$", _I)
_CLAIM = re.compile(rf"claim\s++(?:in\s++|within\s++)?{_LENGTH}$", _I)
_FOR = re.compile(rf"(?:for|in)\s++{_LENGTH}$", _I)
_WEIGHT = re.compile(r"([^\s\"]+)\s+[x\u00d7*](\d{1,6})$", re.IGNORECASE)
_NO_MODERATORS = re.compile(r"(?:no|without)\s+mod(?:erator)?s?$", _I)
_NUMBER = re.compile(r"#?(\d{1,9})", re.ASCII)


@dataclass(slots=True)
class _Read:
    """What was found so far, from the end on."""

    winners: int | None = None
    claim: int | None = None
    length: int | None = None
    weights: dict[str, int] = field(default_factory=dict)
    without_moderators: bool = False


def read_terms(text: str, *, now: datetime, in_words: Callable[[str], str]) -> GiveawayTerms:
    """`"A fish" for 10m winners 2 claim 5m subs x2 no mods`; what is not said is as usual.

    Raises:
        NotUnderstood: there is no prize, or something that is no number or length, or too much.
    """
    found, rest = _Read(), text.strip()
    prize, behind = "", rest
    if rest[:1] and rest[:1] in _QUOTES:
        (prize,), behind = take_words(rest, 1)
    left = _take_from_end(behind, found)
    if prize and left:
        raise NotUnderstood(texts.not_a_term(left))
    prize = in_words(prize or left)
    prize = seen_line(prize, len(prize)).strip()
    if is_blank(prize):
        raise NotUnderstood(texts.no_prize())
    if len(prize) > MOST_PRIZE:
        raise NotUnderstood(texts.too_long(len(prize), MOST_PRIZE))
    return GiveawayTerms(
        prize=prize,
        winners=found.winners or 1,
        claim_seconds=found.claim or USUAL_CLAIM,
        weights=dict(sorted(found.weights.items())),
        without_moderators=found.without_moderators,
        ends_at=None if found.length is None else now + timedelta(seconds=found.length),
    )


def read_number(text: str) -> int | None:
    """`3` or `#3`; None where nothing is said. Raises NotUnderstood."""
    if not text.strip():
        return None
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise NotUnderstood(texts.no_number(text))
    return int(found[1])


def _take_from_end(text: str, found: _Read) -> str:
    """What is left before the terms."""
    rest = text.strip()
    while True:
        shorter = _take_one(rest, found)
        if shorter is None:
            return rest
        rest = shorter


def _take_one(text: str, found: _Read) -> str | None:
    """The text without its last term; None where it ends with none, or with one said already."""
    if found.winners is None and (one := _end(_WINNERS, text)):
        found.winners = _within(int(one[1] or one[2]), 1, MOST_WINNERS, texts.no_winners)
    elif found.claim is None and (one := _end(_CLAIM, text)):
        found.claim = _length(one[1], LONGEST_CLAIM)
    elif found.length is None and (one := _end(_FOR, text)) and _is_length(one[1]):
        found.length = _length(one[1], LONGEST)
    elif not found.without_moderators and (one := _end(_NO_MODERATORS, text)):
        found.without_moderators = True
    elif one := _end(_WEIGHT, text):
        _add_weight(found, one[1].casefold(), int(one[2]))
    else:
        return None
    return text[: one.start()].rstrip().removesuffix(",").rstrip()


def _end(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """At the beginning of a word."""
    found = pattern.search(text)
    return found if found and (found.start() == 0 or text[found.start() - 1].isspace()) else None


def _add_weight(found: _Read, label: str, count: int) -> None:
    if len(label) > MOST_LABEL:
        raise NotUnderstood(texts.not_a_term(label))
    found.weights[label] = _within(count, 1, MOST_WEIGHT, texts.no_weight)
    if len(found.weights) > MOST_WEIGHTS:
        raise NotUnderstood(texts.too_many_weights(MOST_WEIGHTS))


def _is_length(text: str) -> bool:
    """A table for 4 is none."""
    return not text.strip().isdigit() and read_length(text) is not None


def _length(text: str, most: int) -> int:
    """Seconds. Raises NotUnderstood."""
    seconds = read_length(text)
    if seconds is None or not SHORTEST <= seconds <= most:
        raise NotUnderstood(texts.no_length(text, SHORTEST, most))
    return seconds


def _within(count: int, least: int, most: int, say: Callable[[int, int], str]) -> int:
    if not least <= count <= most:
        raise NotUnderstood(say(count, most))
    return count
