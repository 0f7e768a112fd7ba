"""`$(if $(1) == yes then Hi else Bye)` in the texts of custom commands; pure
(docs/decisions/0150).

It is cut at its words before anything has a value, so what somebody types is one side of a
comparison and never a word of the condition. Only the side that holds is said, and counts.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from waddlebot.domain.custom_arithmetic import NoNumber, read_number
from waddlebot.domain.custom_texts import CustomForm, Piece, Tell, in_its_place, wrong

MOST_COMPARISONS = 20

_THEN = re.compile(r'"|(?<!\S)then(?!\S)', re.IGNORECASE)
_ELSE = re.compile(r'"|(?<!\S)else(?!\S)', re.IGNORECASE)
_OR = re.compile(r'"|(?<!\S)or(?!\S)', re.IGNORECASE)
_AND = re.compile(r'"|(?<!\S)and(?!\S)', re.IGNORECASE)
_SIGN = re.compile(r'"|[=!<>]=|[=<>]|(?<!\S)contains(?!\S)', re.IGNORECASE)
_NOT = re.compile(r"\s*not(?!\S)", re.IGNORECASE)
_NUMBERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

Pieces = Sequence[Piece]


def _cut(pieces: Pieces, at: re.Pattern[str], most: int = MOST_COMPARISONS) -> list[Pieces]:
    """What stands between those words, outside of quotes; every second one is the word itself."""
    parts, run, is_quoted = list[Pieces](), list[Piece](), False
    for piece in pieces:
        start = 0
        for found in at.finditer(piece) if isinstance(piece, str) else ():
            if found[0] == '"':
                is_quoted = not is_quoted
            elif not is_quoted and len(parts) < 2 * most:
                run.append(found.string[start : found.start()])
                parts += [run, (found[0].lower(),)]
                run, start = [], found.end()
        run.append(piece[start:] if isinstance(piece, str) else piece)
    return [*parts, run]


def _read(given: Pieces) -> tuple[Pieces, Pieces, Pieces]:
    """The condition, what is said where it holds, and where it does not. Raises Refusal."""
    condition, *rest = _cut(given, _THEN, 1)
    if not rest:
        raise _wrong("'then' is missing")
    holds, *other = _cut(rest[1], _ELSE, 1)
    return condition, holds, other[1] if other else ()


def _alternatives(condition: Pieces) -> Iterator[list[Pieces]]:
    """One of these holds; of each, all that stand in it."""
    for one in _cut(condition, _OR)[::2]:
        yield _cut(one, _AND)[::2]


def _wrong(why: str) -> Exception:
    return wrong(f"In $(if …) {why}. Write it like $(if $(1) == yes then Hi else Bye).")


def _check(given: Pieces) -> None:
    condition, _, _ = _read(given)
    comparisons = [one for every in _alternatives(condition) for one in every]
    if len(comparisons) > MOST_COMPARISONS:
        raise _wrong(f"there are more than {MOST_COMPARISONS} comparisons")
    for one in comparisons:
        sides = _cut(_without_not(one)[1], _SIGN)
        if len(sides) > 3:
            raise _wrong("two signs stand in one comparison: put 'and' between")
        if not all(map(_is_something, sides)):
            raise _wrong("one side of a comparison is missing")
        if len(sides) == 1 and _has_words(_unquoted(sides[0])):
            raise _wrong(
                "a part compares nothing and always holds: it lacks ==, != or another sign"
            )


def _is_something(pieces: Pieces) -> bool:
    return any(not isinstance(piece, str) or piece.strip() for piece in pieces)


def _has_words(pieces: Pieces) -> bool:
    return any(isinstance(piece, str) and piece.strip() for piece in pieces)


def _without_not(pieces: Pieces) -> tuple[bool, Pieces]:
    """Whether it is to be otherwise, and what."""
    first, *rest = pieces
    if isinstance(first, str) and (found := _NOT.match(first)):
        return True, [first[found.end() :], *rest]
    return False, pieces


def _tell(given: Pieces, tell: Tell) -> str:
    condition, holds, other = _read(given)
    try:
        is_so = any(all(_holds(one, tell) for one in every) for every in _alternatives(condition))
    except NoNumber as none:
        return in_its_place(none.say)
    return tell(_unquoted(holds if is_so else other)).strip()


def _holds(comparison: Pieces, tell: Tell) -> bool:
    is_not, comparison = _without_not(comparison)
    sides = _cut(comparison, _SIGN)
    values = [tell(_unquoted(side)).strip() for side in sides]
    if len(values) == 1:
        return bool(values[0]) is not is_not
    return _compared(values[0], values[1], values[2]) is not is_not


def _compared(first: str, sign: str, second: str) -> bool:
    if sign == "contains":
        return second.casefold() in first.casefold()
    numbers = read_number(first), read_number(second)
    if sign in _NUMBERS:
        return _NUMBERS[sign](*(_number(sign, one) for one in numbers))
    is_same = first.casefold() == second.casefold()
    if None not in numbers:
        is_same = numbers[0] == numbers[1]
    return is_same is not (sign == "!=")


def _number(sign: str, number: Decimal | None) -> Decimal:
    if number is None:
        raise NoNumber(f"{sign} compares numbers")
    return number


def _unquoted(pieces: Pieces) -> Pieces:
    """Without the quotes that stand around all of it; those that somebody types stay."""
    written = [piece for piece in pieces if not isinstance(piece, str) or piece.strip()]
    first, last = (written[0], written[-1]) if written else ("", "")
    if not isinstance(first, str) or not isinstance(last, str):
        return written
    text = first.lstrip() if len(written) > 1 else first.strip()
    if not text.startswith('"') or not last.rstrip().endswith('"') or text == '"' == last:
        return written
    if len(written) == 1:
        return (text[1:-1],)
    return [text[1:], *written[1:-1], last.rstrip()[:-1]]


IF = CustomForm(check=_check, tell=_tell)
