"""Reads what people type: a question with its options, a number, a choice. Refuses in words."""

from __future__ import annotations

import re
from collections.abc import Callable

from functions.modules.polls import refusals
from functions.modules.polls.ballot import Ballot, Poll, TieRule
from functions.modules.polls.polling import LONGEST
from waddlebot.domain.unseen import is_blank
from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.grammar import take_words, without_quotes
from waddlebot_sdk.seen_signs import is_one_line, seen_line
from waddlebot_sdk.times import take_length

MOST_QUESTION, MOST_OPTION, MOST_OPTIONS = 120, 60, 10
SOONEST_SECONDS = 10
_QUOTES = '"“”„«'
_NUMBER = re.compile(r"#?(\d{1,9})", re.ASCII)
_NUMBERED = re.compile(r"#(\d{1,9})\s+(?=\S)", re.ASCII)
_WORD = re.compile(r"(?<=[^\s|])\s+(secret|tie\s+(?:lot|share))$", re.IGNORECASE)
_FOR = re.compile(r"(?<=[^\s|])\s+(for\s+(?:(?!\sfor\s)[^|])+)$", re.IGNORECASE)


def read_number(text: str) -> int:
    """`3` or `#3`."""
    found = number_in(text)
    if found is None:
        raise NotUnderstood(refusals.no_number(text))
    return found


def number_in(text: str) -> int | None:
    found = _NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None


def take_poll(text: str) -> tuple[int | None, str]:
    """`#3 Hades` as 3 and the choice; without a number the poll is not named."""
    found = _NUMBERED.match(text.strip())
    return (int(found[1]), text.strip()[found.end() :]) if found else (None, text.strip())


def read_ballot(text: str, *, in_words: Callable[[str], str], is_slash: bool) -> Ballot:
    """`"What?" Celeste | Hades for 5m secret tie lot`; of `What? a | b` the sign ends the question.

    `is_slash`: a question of one word comes without quotes, as its option held it.

    Raises:
        NotUnderstood: there is no question, fewer than two options, or something is too long.
    """
    text, seconds, words = _take_terms(text.strip())
    question, options = _question_of(text, is_slash=is_slash)
    question = _line(in_words(question), "The question", MOST_QUESTION)
    labels = tuple(_line(in_words(without_quotes(one.strip())), "", MOST_OPTION) for one in options)
    if not question:
        raise NotUnderstood(refusals.no_question())
    _check_options(labels)
    return Ballot(
        question=question,
        options=labels,
        seconds=seconds,
        is_secret="secret" in words,
        tie=TieRule.LOT if "lot" in words else TieRule.SHARE,
    )


def read_choice(text: str, poll: Poll, *, vote: Callable[[], str]) -> int:
    """A number or a name as an index from 0; as much of a name as no other has.

    `vote` is what is typed before a choice, for whoever is told.

    Raises:
        NotUnderstood: there is no such option, or several.
    """
    wanted = _folded(text)
    names = [_folded(one) for one in poll.options]
    if wanted in names:
        return names.index(wanted)
    number = number_in(text)
    if number is not None and 1 <= number <= len(names):
        return number - 1
    for fits in (str.startswith, str.__contains__):
        found = [index for index, name in enumerate(names) if wanted and fits(name, wanted)]
        if len(found) == 1:
            return found[0]
        if found:
            raise NotUnderstood(refusals.many_choices(text, poll, found, vote()))
    raise NotUnderstood(refusals.no_choice(text, poll, vote()))


def _take_terms(text: str) -> tuple[str, int | None, frozenset[str]]:
    """What stands behind the last option: how long, `secret`, `tie lot`."""
    seconds: int | None = None
    words: set[str] = set()
    while True:
        if found := _WORD.search(text):
            words.add(found[1].lower().split()[-1])
        elif seconds is None and (found := _FOR.search(text)):
            length = take_length(found[1])
            if length is None or length.rest or length.is_bare:
                return text, seconds, frozenset(words)
            seconds = length.seconds
            if not SOONEST_SECONDS <= seconds <= LONGEST.total_seconds():
                soonest, longest = SOONEST_SECONDS, LONGEST.total_seconds()
                raise NotUnderstood(refusals.too_soon_or_late(soonest, longest))
        else:
            return text, seconds, frozenset(words)
        text = text[: found.start()]


def _question_of(text: str, *, is_slash: bool) -> tuple[str, list[str]]:
    if text[:1] and text[:1] in _QUOTES:
        (question,), rest = take_words(text, 1)
        if not rest:
            raise NotUnderstood(refusals.too_few_options())
        return question, _split(rest.removeprefix("|"))
    first, *others = _split(text)
    asked, sign, rest = first.rpartition("?")
    if sign and rest.strip():
        return f"{asked}?", [rest, *others]
    if not others:
        raise NotUnderstood(refusals.no_question())
    word, _, rest = first.partition(" ")
    return (word, [rest, *others]) if is_slash and rest else (first, others)


def _split(text: str) -> list[str]:
    return text.split("|")


def _line(text: str, what: str, most: int) -> str:
    seen = seen_line(text, 4 * most).strip()
    if len(seen) > most:
        raise NotUnderstood(refusals.too_long(what or f"The option '{seen[:20]}…'", most))
    return seen if is_one_line(seen) and not is_blank(seen) else ""


def _check_options(labels: tuple[str, ...]) -> None:
    if len(labels) < 2:
        raise NotUnderstood(refusals.too_few_options())
    if len(labels) > MOST_OPTIONS:
        raise NotUnderstood(refusals.too_many_options(MOST_OPTIONS))
    known: set[str] = set()
    for number, label in enumerate(labels, 1):
        if not label:
            raise NotUnderstood(refusals.empty_option())
        if _folded(label) in known:
            raise NotUnderstood(refusals.twice(label))
        known.add(_folded(label))
        named = number_in(label)
        if named is not None and named != number and 1 <= named <= len(labels):
            raise NotUnderstood(refusals.like_a_number(label, number))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
