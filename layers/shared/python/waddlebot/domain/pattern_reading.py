"""A pattern in RE2's syntax as a tree of its parts. What is read here RE2 has taken before.

RE2 tells neither its automata nor what a pattern must contain; both are asked before it runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from waddlebot.domain.errors import Refusal

UNBOUNDED = -1
MOST_NEEDLES = 20

_COUNT = re.compile(r"\{(\d+)(,(\d*))?\}", re.ASCII)
_NAMED_GROUP = re.compile(r"\?P?<\w+>")
_FLAGS = re.compile(r"\?([imsU]*)(?:-([imsU]*))?([:)])")
_WIDE_ESCAPE = re.compile(r"\\[pP](\{[^}]*\}|.)", re.DOTALL)
_NUMBERED = re.compile(r"\\(?:x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{2})|([0-7]{1,3}))")
_CLASS = re.compile(
    r"\[\^?\]?(?:\[:\^?\w+:\]|\\[pPx]\{[^}]*\}|\\.|[^\]\\])*\]",
    re.DOTALL,
)
_NAMED_LETTERS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_EDGES = frozenset("bBAzZ")
_CLASSES = frozenset("dDsSwW")


@dataclass(frozen=True, slots=True)
class Flags:
    fold: bool
    dot_all: bool = False

    def changed(self, on: str, off: str) -> Flags:
        fold = (self.fold or "i" in on) and "i" not in off
        return replace(self, fold=fold, dot_all=(self.dot_all or "s" in on) and "s" not in off)


@dataclass(frozen=True, slots=True)
class OneLetter:
    """What takes one letter of a text: `source` as it is written, `letter` where it is just one."""

    source: str
    flags: Flags
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """`^`, `$`, `\\b` and their like: it takes nothing."""

    source: str


@dataclass(frozen=True, slots=True)
class Row:
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Either:
    options: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    part: Part
    least: int
    most: int


Part = OneLetter | Edge | Row | Either | Repeat


class Unread(Refusal):
    """RE2 takes it, this reader does not."""


def read_pattern(pattern: str, *, fold: bool = True) -> Part:
    """Raises Unread."""
    reader = _Reader(pattern)
    try:
        part = reader.choice(Flags(fold=fold))
    except (RecursionError, ValueError) as error:
        raise Unread("That pattern is nested too deeply; write it with fewer brackets.") from error
    if reader.at < len(pattern):
        raise Unread(f"That pattern cannot be read behind its letter {reader.at}.")
    return part


def visit(part: Part, see: Callable[[Part], None]) -> None:
    """Each part once, the outer before the inner."""
    see(part)
    for inner in _inner(part):
        visit(inner, see)


def _inner(part: Part) -> Sequence[Part]:
    match part:
        case Row():
            return part.parts
        case Either():
            return part.options
        case Repeat():
            return (part.part,)
        case _:
            return ()


def needles(part: Part) -> frozenset[str]:
    """One of these stands in everything that the pattern hits, whatever its case.

    The longer the better; none where nobody knows.
    """
    match part:
        case OneLetter(letter=letter) if letter:
            return frozenset({letter})
        case Repeat(least=least) if least:
            return needles(part.part)
        case Row():
            return max(_of_row(part.parts), key=_worth, default=frozenset())
        case Either():
            return _of_choice([needles(option) for option in part.options])
        case _:
            return frozenset()


def _worth(found: frozenset[str]) -> tuple[int, int]:
    return min(map(len, found), default=0), -len(found)


def _of_choice(options: Sequence[frozenset[str]]) -> frozenset[str]:
    together = frozenset().union(*options)
    return together if all(options) and len(together) <= MOST_NEEDLES else frozenset()


def _of_row(parts: Sequence[Part]) -> list[frozenset[str]]:
    found, under_way = [], ""
    for part in parts:
        if isinstance(part, OneLetter) and part.letter:
            under_way += part.letter
            continue
        if isinstance(part, Edge):
            continue
        if isinstance(part, Repeat) and part.least and isinstance(part.part, OneLetter):
            # `gg+` holds gg, and what follows it holds the last g.
            found.append(frozenset({under_way + part.part.letter}))
            under_way = part.part.letter
            continue
        found += [frozenset({under_way}), needles(part)]
        under_way = ""
    return [one for one in (*found, frozenset({under_way})) if one and "" not in one]


class _Reader:
    """Goes through a pattern once; `at` is the next letter."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self.at = 0

    def choice(self, flags: Flags) -> Part:
        options: list[Part] = []
        parts: list[Part] = []
        while self.at < len(self._pattern) and self._pattern[self.at] != ")":
            if self._takes("|"):
                options.append(Row(tuple(parts)))
                parts = []
                continue
            flags = self._one(parts, flags)
        options.append(Row(tuple(parts)))
        return options[0] if len(options) == 1 else Either(tuple(options))

    def _one(self, parts: list[Part], flags: Flags) -> Flags:
        """Reads one part with how often it comes; the flags from here on."""
        if self._pattern.startswith("\\Q", self.at):
            self._quoted(parts, flags)
        elif self._takes("("):
            inside, changed = self._group(flags)
            if inside is None:
                return changed
            parts.append(inside)
        else:
            parts.append(self._single(flags))
        self._repeated(parts)
        return flags

    def _takes(self, text: str) -> bool:
        if not self._pattern.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def _takes_all(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self._pattern, self.at)
        self.at = found.end() if found else self.at
        return found

    def _quoted(self, parts: list[Part], flags: Flags) -> None:
        self.at += 2
        end = self._pattern.find("\\E", self.at)
        text = self._pattern[self.at :] if end < 0 else self._pattern[self.at : end]
        parts += [OneLetter(re.escape(letter), flags, letter) for letter in text]
        self.at = len(self._pattern) if end < 0 else end + 2

    def _group(self, flags: Flags) -> tuple[Part | None, Flags]:
        """`(?i)` is no part: it changes the flags of what follows."""
        inner = flags
        if not self._takes_all(_NAMED_GROUP):
            asked = self._takes_all(_FLAGS)
            if asked:
                inner = flags.changed(asked[1], asked[2] or "")
                if asked[3] == ")":
                    return None, inner
        part = self.choice(inner)
        if not self._takes(")"):
            raise Unread("That pattern has a group without an end.")
        return part, flags

    def _single(self, flags: Flags) -> Part:
        letter = self._pattern[self.at]
        if letter in "^$":
            self.at += 1
            return Edge(letter)
        if letter == ".":
            self.at += 1
            return OneLetter(".", flags)
        if letter == "[":
            return self._class(flags)
        if letter == "\\":
            return self._escape(flags)
        self.at += 1
        return OneLetter(re.escape(letter), flags, letter)

    def _class(self, flags: Flags) -> Part:
        found = self._takes_all(_CLASS)
        if not found:
            raise Unread("That pattern has a class of letters without an end.")
        return OneLetter(found[0], flags)

    def _escape(self, flags: Flags) -> Part:
        wide = self._takes_all(_WIDE_ESCAPE)
        if wide:
            return OneLetter(wide[0], flags)
        numbered = self._takes_all(_NUMBERED)
        if numbered:
            hexadecimal = numbered[1] or numbered[2]
            code = int(hexadecimal, 16) if hexadecimal else int(numbered[3], 8)
            return OneLetter(numbered[0], flags, chr(code))
        letter = self._pattern[self.at + 1 : self.at + 2]
        self.at += 2
        if letter in _EDGES:
            return Edge(f"\\{letter}")
        if letter in _CLASSES or letter == "C":
            return OneLetter(f"\\{letter}", flags)
        plain = _NAMED_LETTERS.get(letter, letter)
        return OneLetter(re.escape(plain), flags, plain)

    def _repeated(self, parts: list[Part]) -> None:
        while parts and self.at < len(self._pattern):
            least_and_most = self._how_often()
            if least_and_most is None:
                return
            self._takes("?")  # as few as possible: the same texts
            parts[-1] = Repeat(parts[-1], *least_and_most)

    def _how_often(self) -> tuple[int, int] | None:
        for sign, often in (("*", (0, UNBOUNDED)), ("+", (1, UNBOUNDED)), ("?", (0, 1))):
            if self._takes(sign):
                return often
        counted = self._takes_all(_COUNT)
        if not counted:
            return None
        least = int(counted[1])
        if counted[2] is None:
            return least, least
        return least, int(counted[3]) if counted[3] else UNBOUNDED
