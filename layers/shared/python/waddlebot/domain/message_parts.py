"""Cuts a text into messages that a platform takes."""

from __future__ import annotations

MORE = "…"


def split_text(text: str, *, most_characters: int, most_messages: int) -> list[str]:
    """At line ends or between words where there are any; what does not fit ends with `…`."""
    parts: list[str] = []
    rest = text.strip()
    while rest:
        if len(rest) <= most_characters:
            return [*parts, rest]
        if len(parts) == most_messages - 1:
            return [*parts, _head(rest, most_characters - len(MORE)).rstrip() + MORE]
        head = _head(rest, most_characters)
        parts.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return parts


def _head(text: str, most: int) -> str:
    """A longest beginning that ends with a line or a word, unless one word is longer than half."""
    if text[most : most + 1].isspace():
        return text[:most]
    for space in ("\n", " "):
        end = text.rfind(space, most // 2, most)
        if end > 0:
            return text[:end]
    return text[:most]
