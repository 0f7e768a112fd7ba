"""One grammar for commands: `memories add quote <words> [author]`.

`<needed>`, `[optional]`; the last argument takes the rest of the line.
Usage text, argument check, help and slash options all come from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PAIRS = (
    *('""', "“”", "””", "„“", "«»", "»«", "「」", "『』"),
    *("\u2039\u203a", "\u203a\u2039", "\uff02\uff02"),
)
_QUOTES = {pair[0]: pair[1] for pair in _PAIRS}
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    name: str
    needed: bool

    def __str__(self) -> str:
        return f"<{self.name}>" if self.needed else f"[{self.name}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What can be typed: the fixed words, then the arguments."""

    path: str
    arguments: tuple[Argument, ...]

    def __str__(self) -> str:
        return " ".join((self.path, *map(str, self.arguments)))

    def bind(self, text: str) -> Mapping[str, str] | None:
        """The arguments by name; None where a needed one is missing or blank, or there are more."""
        words = split_words(text, at_most=len(self.arguments))
        needed = sum(argument.needed for argument in self.arguments)
        if len(words) < needed or not all(map(str.strip, words[:needed])):
            return None
        if words and not self.arguments:
            return None
        return dict(zip((argument.name for argument in self.arguments), words, strict=False))


def parse_usage(text: str) -> Usage:
    """`quote [number]` as a Usage.

    Raises:
        ValueError: a fixed word after an argument, or a needed argument after an optional one.
    """
    path: list[str] = []
    arguments: list[Argument] = []
    for word in text.split():
        if word[0] not in "<[":
            if arguments:
                raise ValueError(f"'{word}' stands after an argument in '{text}'")
            path.append(word.lower())
            continue
        needed = word[0] == "<"
        if needed and arguments and not arguments[-1].needed:
            raise ValueError(f"'{word}' is needed but follows an optional argument in '{text}'")
        arguments.append(Argument(name=word[1:-1], needed=needed))
    if not path:
        raise ValueError(f"'{text}' has no command word")
    return Usage(path=" ".join(path), arguments=tuple(arguments))


def split_words(text: str, *, at_most: int = 0) -> tuple[str, ...]:
    """Words of a line; straight and curly quotes hold words together.

    With `at_most`, the last word is the rest of the line as it was typed.
    A quote that is never closed is an ordinary character.
    """
    words: list[str] = []
    rest = text.strip()
    while rest:
        if at_most and len(words) == at_most - 1:
            words.append(without_quotes(rest))
            break
        word, rest = _first_word(rest)
        words.append(word)
    return tuple(words)


def one_word(text: str) -> str:
    """As people type it where a word follows: quotes hold words together."""
    if not any(map(str.isspace, text)):
        return text
    return f"“{text}”" if '"' in text else f'"{text}"'


def take_words(text: str, count: int) -> tuple[tuple[str, ...], str]:
    """The first words, and what follows as it was typed, its quotes included. `(words, rest)`."""
    words: list[str] = []
    rest = text.strip()
    while rest and len(words) < count:
        word, rest = _first_word(rest)
        words.append(word)
    return tuple(words), rest


def _first_word(text: str) -> tuple[str, str]:
    closing = _QUOTES.get(text[0])
    end = text.find(closing, 1) if closing else -1
    if end > 0 and (end + 1 == len(text) or text[end + 1].isspace()):
        return text[1:end], text[end + 1 :].lstrip()
    head, _, tail = (
        text.partition(found.group()) if (found := _SPACE.search(text)) else (text, "", "")
    )
    return head, tail.lstrip()


def without_quotes(text: str) -> str:
    """A text that stands in one pair of quotes as a whole, without them."""
    closing = _QUOTES.get(text[:1])
    if (
        closing
        and len(text) > 1
        and text.endswith(closing)
        and text.find(closing, 1) == len(text) - 1
    ):
        return text[1:-1].strip()
    return text
