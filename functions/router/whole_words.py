"""A text that hits only where no letter, mark, digit or `_` touches it, in any script.

RE2's own `\\b` knows ASCII only: "un café noir" would not hold the word "café". An expression with
edges of all scripts takes half a millisecond to compile and 60 kB, for each word that chat says.
So Python looks first. Where it finds too much ("ß" folds to "ss"), or the word comes so often
inside others that looking on would cost more, an expression decides in a text whose edges are
marked: it needs to know no scripts.
"""

from __future__ import annotations

import itertools
import unicodedata
from functools import cached_property, lru_cache
from typing import Any

import re2

from waddlebot.domain.rule_patterns import options

_MARK = "\x00"
_NO_MARK = "[^\\x00]"
_MOST_LOOKS = 4


class WholeWord:
    """One word, looked for in lines."""

    def __init__(self, word: str, *, case_sensitive: bool) -> None:
        self._word = word
        self._case_sensitive = case_sensitive
        self._shown = word if case_sensitive else word.casefold()

    def stands_in(self, text: str, folded: str) -> bool:
        """`folded` is the same text, case folded: once a line, not once a word."""
        shown = text if self._case_sensitive else folded
        start = shown.find(self._shown)
        for _ in range(_MOST_LOOKS):
            if start < 0:
                return False
            if _is_untouched(shown, start, start + len(self._shown)):
                return self._is_sure(text, shown) or self._decide_by_expression(text)
            start = shown.find(self._shown, start + 1)
        return self._decide_by_expression(text)

    def _is_sure(self, text: str, shown: str) -> bool:
        """Where folding keeps each letter one letter, it does what `(?i)` does."""
        return len(shown) == len(text) and len(self._shown) == len(self._word)

    def _decide_by_expression(self, text: str) -> bool:
        return bool(self._expression.Match(_marked(text).encode("utf-8", "replace")))

    @cached_property
    def _expression(self) -> Any:
        """A word that begins or ends with no letter (c++) has no edge there of its own."""
        flags = "" if self._case_sensitive else "(?i)"
        before = "" if _is_of_words(self._word[0]) else f"(?:^|{_NO_MARK})"
        behind = "" if _is_of_words(self._word[-1]) else f"(?:$|{_NO_MARK})"
        expression = f"{flags}{before}{re2.escape(_marked(self._word))}{behind}"
        compiled = re2.Set.SearchSet(options())
        compiled.Add(expression.encode("utf-8", "replace"))
        compiled.Compile()
        return compiled


@lru_cache(maxsize=2)
def _marked(text: str) -> str:
    """`un café` with a mark before and behind each run of what words are made of."""
    runs = itertools.groupby(text.replace(_MARK, " "), _is_of_words)
    return "".join(
        f"{_MARK}{''.join(run)}{_MARK}" if of_words else "".join(run) for of_words, run in runs
    )


def _is_untouched(text: str, start: int, end: int) -> bool:
    neighbors = text[max(start - 1, 0) : start] + text[end : end + 1]
    return not any(map(_is_of_words, neighbors))


@lru_cache(maxsize=4_000)
def _is_of_words(letter: str) -> bool:
    return letter == "_" or unicodedata.category(letter)[0] in "LMN"
