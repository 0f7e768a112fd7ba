"""`$(math 1 + 2 * $(1))` in the texts of custom commands; pure (docs/decisions/0150).

What is written is read into steps without a look at any value; a value is a number or it is none,
and is never read as a part of the sum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, DecimalException

from waddlebot.domain.custom_texts import CustomForm, Piece, Tell, Variable, in_its_place, wrong

MOST_OPERATIONS = 100
MOST_DIGITS = 15
MOST = Decimal(10) ** MOST_DIGITS
MOST_EXPONENT = 100
DECIMALS = Decimal("0.000001")
"""So exact is what is said; what is reckoned on the way has 28 digits."""

SumStep = Decimal | Variable | str
"""In the order in which they are done: operands first, then the sign that takes them."""

_CONTEXT = Context(prec=28)
_NUMBER = re.compile(rf"[+-]?[0-9]{{1,{MOST_DIGITS}}}(?:\.[0-9]{{1,10}})?")
_PART = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?|(?:round|floor|ceil|abs)(?=\s*\()|\S)")
_MINUS = "minus"
_BINDS: Mapping[str, int] = {
    **dict.fromkeys("+-", 1),
    **dict.fromkeys("*/%", 2),
    _MINUS: 3,
    "^": 4,
    **dict.fromkeys(("round", "floor", "ceil", "abs"), 5),
}


class NoNumber(Exception):
    """Nothing comes of it; `say` is why, in words for chat."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


def read_number(value: str) -> Decimal | None:
    """Of what a variable came to: `7`, `-2.5`, and nothing that is written in another way."""
    return Decimal(value) if _NUMBER.fullmatch(value) else None


def read_sum(pieces: Sequence[Piece]) -> tuple[SumStep, ...]:
    """Raises Refusal: it is none."""
    steps, waiting, wants_number = list[SumStep](), list[str](), True
    for part in _parts(pieces):
        is_sign = isinstance(part, str)
        begins = not is_sign or part == "(" or _BINDS.get(str(part)) == _BINDS["abs"]
        if begins or (wants_number and part in ("+", "-")):
            if not wants_number:
                raise _wrong("a sign between two numbers is missing: + - * / % ^")
            if not isinstance(part, str):
                steps.append(part)
                wants_number = False
            elif part != "+":
                waiting.append(_MINUS if part == "-" else part)
            continue
        if wants_number:
            raise _wrong(f"a number is missing before '{part}'")
        _take(str(part), steps, waiting)
        wants_number = part != ")"
    if wants_number:
        raise _wrong("a number is missing at its end")
    _take("", steps, waiting)
    if sum(isinstance(step, str) for step in steps) > MOST_OPERATIONS:
        raise _wrong(f"it has more than {MOST_OPERATIONS} signs")
    return tuple(steps)


def _parts(pieces: Sequence[Piece]) -> Iterator[SumStep]:
    for piece in pieces:
        if isinstance(piece, Variable):
            yield piece
            continue
        for found in _PART.finditer(piece):
            yield _part(found[1])


def _part(word: str) -> SumStep:
    if word[0].isdigit():
        number = read_number(word)
        if number is None:
            raise _wrong(f"a number has {MOST_DIGITS} digits at most, and 10 behind the point")
        return number
    if word not in _BINDS and word not in ("(", ")"):
        raise _wrong(f"'{word}' is neither a number nor one of + - * / % ^ ( )")
    return word


def _take(sign: str, steps: list[SumStep], waiting: list[str]) -> None:
    """Does what binds more than `sign`, which is a bracket's or the sum's end, or waits then."""
    binds = _BINDS.get(sign, 0)
    while waiting and waiting[-1] != "(":
        before = _BINDS[waiting[-1]]
        if before < binds or (before == binds and sign == "^"):
            break
        steps.append(waiting.pop())
    if binds:
        waiting.append(sign)
    elif (sign == ")") != bool(waiting):
        raise _wrong("a bracket opens or closes alone")
    elif sign:
        waiting.pop()


def _wrong(why: str) -> Exception:
    return wrong(f"In $(math …) {why}. Write it like $(math 1 + 2 * $(1)).")


def reckon(steps: Sequence[SumStep], value_of: Callable[[Variable], str]) -> Decimal:
    """Raises NoNumber."""
    stack = list[Decimal]()
    for step in steps:
        if isinstance(step, Variable):
            stack.append(_number(value_of(step)))
        elif isinstance(step, Decimal):
            stack.append(step)
        elif step in _OF_ONE:
            stack.append(_OF_ONE[step](stack.pop()))
        else:
            second = stack.pop()
            stack.append(_reckoned(step, stack.pop(), second))
    return stack[0]


def _number(value: str) -> Decimal:
    number = read_number(value.strip())
    if number is None:
        raise NoNumber(f"'{value.strip()[:20]}' is no number" if value else "a number is missing")
    return number


def _reckoned(sign: str, first: Decimal, second: Decimal) -> Decimal:
    if (not second and sign in "/%") or (not first and sign == "^" and second < 0):
        raise NoNumber("nothing can be divided by zero")
    if sign == "^" and (second != second.to_integral_value() or abs(second) > MOST_EXPONENT):
        raise NoNumber(f"behind ^ stands a whole number up to {MOST_EXPONENT}")
    try:
        result = _OF_TWO[sign](first, second)
    except DecimalException:
        raise NoNumber("that is no number") from None
    if abs(result) > MOST:
        raise NoNumber("that number is too big")
    return result


def _rounded(rounding: str) -> Callable[[Decimal], Decimal]:
    return lambda number: number.to_integral_value(rounding)


_OF_ONE: Mapping[str, Callable[[Decimal], Decimal]] = {
    _MINUS: _CONTEXT.minus,
    "abs": _CONTEXT.abs,
    "round": _rounded(ROUND_HALF_UP),
    "floor": _rounded(ROUND_FLOOR),
    "ceil": _rounded(ROUND_CEILING),
}
_OF_TWO: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": _CONTEXT.add,
    "-": _CONTEXT.subtract,
    "*": _CONTEXT.multiply,
    "/": _CONTEXT.divide,
    "%": _CONTEXT.remainder,
    "^": _CONTEXT.power,
}


def in_words(number: Decimal) -> str:
    """`7`, `0.3`, `3.333333`."""
    said = f"{number.quantize(DECIMALS, ROUND_HALF_UP, _CONTEXT):f}".rstrip("0").rstrip(".")
    return "0" if said == "-0" else said


def _tell(given: Sequence[Piece], tell: Tell) -> str:
    try:
        return in_words(reckon(read_sum(given), lambda variable: tell((variable,))))
    except NoNumber as none:
        return in_its_place(none.say)


def _check(given: Sequence[Piece]) -> None:
    read_sum(given)


MATH = CustomForm(check=_check, tell=_tell)
