"""A text that hits only where no letter, mark, digit or `_` touches it, in any script.

RE2's own `\\b` knows ASCII only: "un café noir" would not hold the word "café". An expression with
both edges takes half a millisecond to compile and 60 kB, for each word that chat ever says.
So Python looks first. That expression decides where Python finds too much ("ß" folds to "ss"), or
where the word comes so often inside others that looking on would cost more.
"""

from __future__ import annotations

import unicodedata
from functools import cached_property
from typing import Any

import re2

_EDGE = r"[^\p{L}\p{M}\p{N}_]"
_MOST_LOOKS = 16


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
        return self._expression.search(text.encode("utf-8", "replace")) is not None

    @cached_property
    def _expression(self) -> Any:
        flags = "" if self._case_sensitive else "(?i)"
        expression = f"{flags}(?:^|{_EDGE}){re2.escape(self._word)}(?:$|{_EDGE})"
        options = re2.Options()
        options.log_errors = False
        return re2.compile(expression.encode("utf-8", "replace"), options)


def _is_untouched(text: str, start: int, end: int) -> bool:
    neighbors = text[max(start - 1, 0) : start] + text[end : end + 1]
    return not any(map(_is_of_words, neighbors))


def _is_of_words(letter: str) -> bool:
    return letter == "_" or unicodedata.category(letter)[0] in "LMN"
