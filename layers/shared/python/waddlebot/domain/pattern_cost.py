"""What a pattern may cost: the states of the automaton that looks for it in a text.

An automaton whose states all fit in memory takes one or two nanoseconds a letter, whatever the
pattern and the text; one whose states do not fit makes a new one for each letter, at 50 ns for
each place in which the pattern may be under way. `a[ab]{50}x` has 2 to the power of 50 states:
each `a` may be where it began.
"""

from __future__ import annotations

import functools
import itertools
import operator
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import re2

from waddlebot.domain.pattern_reading import (
    UNBOUNDED,
    Edge,
    Either,
    OneLetter,
    Part,
    Repeat,
    Row,
)

MOST_STATES = 20_000
MOST_PLACES = 600
_MOST_WORK = 150_000
"""Places looked at while states are counted: 20 to 50 ms."""
# One letter of each kind that patterns tell apart; who takes one of them may take any other.
_OF_ALL_KINDS = "éßÅжЖعअむ中ไ한\u0301\u093f٣Ⅷ²😀€，\u200b\u2028\u00a0\U000e0061"  # noqa: RUF001
_ASCII = "".join(map(chr, range(128)))


class TooManyStates(Exception):
    """There are more than anybody counts."""


@dataclass(frozen=True, slots=True)
class _Ends:
    """A piece of the pattern: may it be empty, where does it begin, where does it end."""

    empty: bool
    first: int = 0
    last: int = 0


_START = 1
"""The place before the text; an unanchored search stays there."""


@dataclass(slots=True)
class _Automaton:
    """Places of a pattern are the bits of a number: place n takes `letters[n]`."""

    letters: list[OneLetter | None] = field(default_factory=lambda: [None])
    follow: list[int] = field(default_factory=lambda: [0])

    def place(self, letter: OneLetter) -> _Ends:
        if len(self.letters) >= MOST_PLACES:
            raise TooManyStates
        bit = 1 << len(self.letters)
        self.letters.append(letter)
        self.follow.append(0)
        return _Ends(False, bit, bit)

    def link(self, last: int, first: int) -> None:
        for place in _bits(last):
            self.follow[place] |= first

    def reached(self, state: int) -> int:
        following = 0
        for place in _bits(state):
            following |= self.follow[place]
        return following


def count_states(part: Part) -> int:
    """How many states the automaton of a search for it has, which takes texts byte by byte.

    Raises TooManyStates: more than `MOST_STATES`, or more than can be counted soon.
    """
    automaton = _Automaton()
    ends = _build(part, automaton)
    automaton.link(_START, ends.first if _is_anchored(part) else ends.first | _START)
    columns = _columns(automaton.letters)
    extras = _extras(automaton.letters)
    seen, waiting = {_START}, [_START]
    states = work = 0
    weight = 1 + len(automaton.letters) // 64
    while waiting:
        reached = automaton.reached(waiting[-1])
        work += waiting.pop().bit_count() * weight + len(columns)
        states += 1 + sum(extra for places, extra in extras if places & reached)
        if states > MOST_STATES or work > _MOST_WORK:
            raise TooManyStates
        fresh = {reached & column for column in columns} - seen
        seen |= fresh
        waiting += fresh
    return states


def _bits(places: int) -> Iterator[int]:
    while places:
        lowest = places & -places
        yield lowest.bit_length() - 1
        places ^= lowest


def _is_anchored(part: Part) -> bool:
    """`^free`; with a choice or a flag before it nobody is sure."""
    return isinstance(part, Row) and bool(part.parts) and part.parts[0] in (Edge("^"), Edge("\\A"))


def _build(part: Part, into: _Automaton) -> _Ends:
    match part:
        case OneLetter():
            return into.place(part)
        case Edge():
            return _Ends(True)
        case Row():
            return _in_a_row([_build(inner, into) for inner in part.parts], into)
        case Either():
            options = [_build(inner, into) for inner in part.options]
            return _Ends(
                any(one.empty for one in options),
                _together(one.first for one in options),
                _together(one.last for one in options),
            )
        case Repeat():
            return _repeated(part, into)


def _in_a_row(pieces: Sequence[_Ends], into: _Automaton) -> _Ends:
    row = _Ends(True)
    for piece in pieces:
        into.link(row.last, piece.first)
        row = _Ends(
            row.empty and piece.empty,
            row.first | piece.first if row.empty else row.first,
            row.last | piece.last if piece.empty else piece.last,
        )
    return row


def _repeated(part: Repeat, into: _Automaton) -> _Ends:
    """`x{2,5}` as xx(x(x(x)?)?)?, as RE2 has it; `x{2,}` as xx+."""
    often = max(part.least, 1) if part.most == UNBOUNDED else part.most
    pieces = [_build(part.part, into) for _ in range(often)]
    if not pieces:
        return _Ends(True)
    for before, after in itertools.pairwise(pieces):
        into.link(before.last, after.first)
    if part.most == UNBOUNDED:
        into.link(pieces[-1].last, pieces[-1].first)
    is_empty = part.least == 0 or pieces[0].empty
    may_be_last = pieces if pieces[0].empty else pieces[max(part.least - 1, 0) :]
    first = pieces if pieces[0].empty else pieces[:1]
    return _Ends(
        is_empty,
        _together(one.first for one in first),
        _together(one.last for one in may_be_last),
    )


def _together(places: Iterable[int]) -> int:
    return functools.reduce(operator.or_, places, 0)


def _columns(letters: Sequence[OneLetter | None]) -> list[int]:
    """For each kind of letter in a text the places that take it; the start takes any."""
    named = {one.letter for one in letters if one} | _named_in_classes(letters)
    known = "".join(sorted({*_ASCII, *"".join(named), *"".join(named).swapcase()}))
    columns: dict[str, int] = defaultdict(lambda: _START)
    for number, letter in enumerate(letters):
        if letter is None:
            continue
        taken = _taken(letter, known)
        for each in taken:
            columns[each] |= 1 << number
        if _taken(letter, _OF_ALL_KINDS) and not letter.letter:
            columns[""] |= 1 << number
    return list({_START, *columns.values()})


def _named_in_classes(letters: Sequence[OneLetter | None]) -> set[str]:
    """Where a range begins and ends, and what stands beside it."""
    written = {each for one in letters if one and not one.letter for each in one.source}
    return {
        chr(code)
        for each in written
        if not each.isascii()
        for code in (ord(each) - 1, ord(each), ord(each) + 1)
        if not 0xD800 <= code <= 0xDFFF and code <= sys.maxunicode
    }


@lru_cache(maxsize=2_000)
def _taken(letter: OneLetter, of: str) -> frozenset[str]:
    return frozenset(_expression(letter).findall(of))


def _extras(letters: Sequence[OneLetter | None]) -> list[tuple[int, int]]:
    """A letter of several bytes has states of its own between them: places, and how many.

    A text that takes them all is longer than any; two are what it takes on most of its ways.
    """
    places: dict[OneLetter, int] = defaultdict(int)
    for number, letter in enumerate(letters):
        if letter is not None:
            places[letter] |= 1 << number
    found = [(bits, _between_bytes(letter)) for letter, bits in places.items()]
    return [(bits, extra) for bits, extra in found if extra]


def _between_bytes(letter: OneLetter) -> int:
    steps = _expression(letter).programsize
    if steps <= _STEPS_OF_A_BYTE:
        return 0
    return 2 if steps < _STEPS_OF_A_SCRIPT else steps // 8


_STEPS_OF_A_BYTE = 6
_STEPS_OF_A_SCRIPT = 100


@lru_cache(maxsize=2_000)
def _expression(letter: OneLetter) -> Any:
    flags = "i" * letter.flags.fold + "s" * letter.flags.dot_all
    options = re2.Options()
    options.log_errors = False
    return re2.compile((f"(?{flags})" if flags else "") + letter.source, options)
