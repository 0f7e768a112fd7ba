"""The texts of custom commands: `Hi $(user)!`, read once and said with values; pure.

A small reader of our own (docs/decisions/0141): nothing loops, nothing is read twice, and what
somebody types behind a command is never read as a part of its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from waddlebot.domain.errors import Because, Refusal

MOST_CHARACTERS = 500
MOST_VARIABLES = 40
MOST_DEPTH = 4
MOST_STEPS = 400
"""So many pieces are put together of one text; then it ends."""
MOST_SAID = 2_000

_BEGINS = re.compile(r"\\(?P<escaped>[$\\])|\$(?P<open>[({])")
_HEAD = re.compile(r"[^\s$|]*")
_POSITION = re.compile(r"(?P<first>[1-9]\d?)(?:(?P<onwards>-|:)|:(?P<last>[1-9]\d?))?")
# Of an address every letter counts; names are in small ones.
_DOTTED = re.compile(r"(?P<name>customapi|urlfetch|readapi)\.(?=https?:)", re.IGNORECASE)
_CLOSING = {"(": ")", "{": "}"}
_CURLY = str.maketrans(dict.fromkeys("“”„‟", '"'))
_CURLY_WORDS = re.compile(r"\u2018([^\u2018\u2019]*)\u2019")


@dataclass(frozen=True, slots=True)
class Variable:
    """`name` is the word behind `$(`, `given` what stands behind that; `otherwise` what is said
    where it comes to nothing.
    """

    name: str
    given: tuple[Piece, ...] = ()
    otherwise: tuple[Piece, ...] | None = None

    @property
    def position(self) -> re.Match[str] | None:
        """Of `$(1)`, `$(2-)`, `$(2:)` and `$(1:3)`."""
        return _POSITION.fullmatch(self.name)


Piece = str | Variable
Say = Callable[[Variable, str], str]
"""What a variable comes to, with what stands behind its name said already."""
Tell = Callable[[Sequence[Piece]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomForm:
    """A variable that is read before anything in it has a value: no value is read as its words.

    `check` raises Refusal. `tell` is given what stands behind the name, and what says a part of it.
    """

    check: Callable[[Sequence[Piece]], None]
    tell: Callable[[Sequence[Piece], Tell], str]


def read_text(text: str) -> tuple[Piece, ...]:
    """Raises Refusal: a variable has no end or no name, or there are too many."""
    pieces = _Reader(text).read("", 0)
    if sum(1 for _ in variables_of(pieces)) > MOST_VARIABLES:
        raise wrong(f"There are {MOST_VARIABLES} variables in a text at most.")
    return pieces


def variables_of(pieces: Sequence[Piece]) -> Iterator[Variable]:
    """All of them, those inside of others too."""
    for piece in pieces:
        if isinstance(piece, Variable):
            yield piece
            yield from variables_of(piece.given)
            yield from variables_of(piece.otherwise or ())


def wrong(say: str) -> Refusal:
    return Refusal(say, Because.WRONG, code="INVALID_CUSTOM_TEXT", field="text")


def in_its_place(why: str) -> str:
    """What is said where a variable would stand that comes to nothing; anybody may read it."""
    return f"({why})"


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def read(self, until: str, depth: int) -> tuple[Piece, ...]:
        """Up to this sign, or to the end of all where it is none."""
        pieces, start, inner = list[Piece](), self._at, 0
        opening = next((one for one, other in _CLOSING.items() if other == until), "")
        while self._at < len(self._text):
            sign = self._text[self._at]
            if found := _BEGINS.match(self._text, self._at):
                pieces.append(self._written(start, depth))
                pieces.append(self._begun(found, depth))
                start = self._at
            elif until and sign == until and not inner:
                pieces.append(self._written(start, depth))
                self._at += 1
                return _joined(pieces)
            else:
                inner += (sign == opening) - (sign == until and inner > 0)
                self._at += 1
        if until:
            raise wrong(f"A variable has no end: '{self._text[-30:]}' lacks a '{until}'.")
        return _joined([*pieces, self._text[start:]])

    def _written(self, start: int, depth: int) -> str:
        """From there to here; in a variable quotes are straight, as those that phones write."""
        text = self._text[start : self._at]
        return _CURLY_WORDS.sub(r"'\1'", text).translate(_CURLY) if depth else text

    def _begun(self, found: re.Match[str], depth: int) -> Piece:
        start, self._at = self._at, found.end()
        if found["escaped"]:
            return str(found["escaped"])
        if depth >= MOST_DEPTH:
            raise wrong(f"Variables stand in each other {MOST_DEPTH} deep at most.")
        pieces = self.read(_CLOSING[found["open"]], depth + 1)
        variable = _variable(pieces)
        if variable is None:
            shown = self._text[start : self._at][:30]
            raise wrong(f"'{shown}' names no variable. There are $(user), $(1), $(count) and more.")
        return variable


def _variable(pieces: Sequence[Piece]) -> Variable | None:
    first = pieces[0] if pieces else ""
    head = _HEAD.match(first.lstrip())[0] if isinstance(first, str) else ""  # type: ignore[index]
    if not head:
        return None
    assert isinstance(first, str)  # noqa: S101 - it has a head
    if dotted := _DOTTED.match(head):
        head = dotted["name"]
    behind = (first.lstrip()[len(head) + bool(dotted) :], *pieces[1:])
    rest, otherwise = _split_otherwise(behind)
    return Variable(head.lower(), _joined(rest), otherwise)


def _split_otherwise(pieces: Sequence[Piece]) -> tuple[list[Piece], tuple[Piece, ...] | None]:
    """At a `|` right behind the name: `$(1|friend)`. Elsewhere it is a sign like others."""
    first = pieces[0]
    if isinstance(first, str) and first.lstrip().startswith("|"):
        return [], _joined([first.lstrip()[1:], *pieces[1:]])
    return list(pieces), None


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece != "")


class Told:
    """Says a text, piece by piece, within a budget of pieces and of signs."""

    def __init__(
        self, say: Say, most: int = MOST_SAID, forms: Mapping[str, CustomForm] | None = None
    ) -> None:
        self._say, self._most, self._steps, self._forms = say, most, MOST_STEPS, forms or {}

    def tell(self, pieces: Sequence[Piece]) -> str:
        """Cut where it is longer than it may be."""
        told = self._told(pieces)
        return told if len(told) <= self._most else f"{told[: self._most - 1]}…"

    def _told(self, pieces: Sequence[Piece]) -> str:
        parts, length = list[str](), 0
        for piece in pieces:
            self._steps -= 1
            if self._steps < 0 or length > self._most:
                break
            value = piece if isinstance(piece, str) else self._value(piece)
            parts.append(value)
            length += len(value)
        return "".join(parts)[: self._most + 1]

    def _value(self, variable: Variable) -> str:
        form = self._forms.get(variable.name)
        if form is None:
            value = self._say(variable, self._told(variable.given).strip())
        else:
            value = form.tell(variable.given, self._told)
        if value or variable.otherwise is None:
            return value[: self._most + 1]
        return _unquoted(self._told(variable.otherwise).strip())


def _unquoted(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if is_quoted else text
