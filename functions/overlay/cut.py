"""Words of modules and people that are longer than their place: cut behind a word, and marked."""

from __future__ import annotations

from waddlebot_sdk.seen_signs import only_seen

MORE = "…"
MOST_LEFT_OUT = 24
"""Characters of a word that is not begun for it; a longer one is cut within."""


def cut_line(text: str, most: int) -> str:
    """At most so many characters, in one line."""
    return _cut(" ".join(only_seen(text).split()), most)


def cut_text(text: str, most: int) -> str:
    """The same with its ends of lines."""
    return _cut(only_seen(text), most)


def _cut(seen: str, most: int) -> str:
    if len(seen) <= most:
        return seen
    words = seen[: most - 1]
    if not seen[most - 1].isspace():
        words = _whole_words(words)
    return f"{only_seen(words).rstrip()}{MORE}"


def _whole_words(text: str) -> str:
    """Without the word that is cut off at its end, if that is not too long."""
    begin = max(text.rfind(blank) for blank in (" ", "\n", "\t"))
    return text[:begin] if begin > 0 and len(text) - begin <= MOST_LEFT_OUT else text
