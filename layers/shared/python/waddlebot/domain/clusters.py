"""What people see as one sign: a letter with its marks, an emoji of several, a flag.

Cutting inside one shows two signs that nobody wrote.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_JOINER = "\N{ZERO WIDTH JOINER}"
_FLAGS = range(0x1F1E6, 0x1F200)
_SKINS = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))
_VIRAMA = 9
"""The combining class of what ties one letter of India to the next."""


def clusters(text: str) -> Iterator[str]:
    """The signs of a text; joined they are the text."""
    start = 0
    while start < len(text):
        end = _end(text, start)
        yield text[start:end]
        start = end


def _end(text: str, start: int) -> int:
    if text.startswith("\r\n", start):
        return start + 2
    end = start + 1
    if ord(text[start]) in _FLAGS and end < len(text) and ord(text[end]) in _FLAGS:
        end += 1
    while end < len(text) and not text[end].isspace() and _belongs(text[end - 1], text[end]):
        end += 1
    return end


def _belongs(before: str, sign: str) -> bool:
    """To the sign before it."""
    if ord(sign) < 0x300 and before != _JOINER:
        return False
    code = ord(sign)
    return (
        _JOINER in {before, sign}
        or unicodedata.category(sign) in {"Mn", "Mc", "Me"}
        or code in _SKINS
        or code in _TAGS
        or any(code in jamo for jamo in _JAMO)
        or (unicodedata.combining(before) == _VIRAMA and unicodedata.category(sign) == "Lo")
    )
