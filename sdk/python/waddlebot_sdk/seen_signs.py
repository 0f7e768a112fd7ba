"""Which signs people see: those that are printed, and those by which others hang together."""

from __future__ import annotations

import re

_JOINING = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
"""Of emoji that are made of several, and of words in Persian or Hindi."""
_TAGS = 0xE0000
FLAGS = tuple(
    "".join(("\N{WAVING BLACK FLAG}", *(chr(_TAGS + ord(one)) for one in place), chr(_TAGS + 0x7F)))
    for place in ("gbeng", "gbsct", "gbwls")
)
"""Of England, Scotland and Wales, spelt out in signs that hide whatever else they are used for.

Source: Unicode's emoji-sequences.txt, RGI_Emoji_Tag_Sequence; no others are drawn.
"""
_FLAG = re.compile(f"({'|'.join(FLAGS)})")


def only_seen(text: str, most: int | None = None) -> str:
    """So many characters, without signs that turn, hide or end what stands beside them; spaces and
    ends of lines stay.
    """
    if text.isprintable():
        return text[:most]
    parts = _FLAG.split(text)  # every second one is a flag
    seen = "".join(one if nth % 2 else _plain(one) for nth, one in enumerate(parts))
    if most is None or len(seen) <= most:
        return seen
    return only_seen(seen[:most])  # of a flag that is cut off nothing stays hidden


def seen_line(text: str, most: int) -> str:
    """As `only_seen`, and whatever breaks a line stands for a space."""
    return only_seen(" ".join(only_seen(text).split()), most)


def is_one_line(text: str) -> bool:
    """Empty is one; what joins nothing is none."""
    joined = "".join(text.split())
    return all(map(_is_seen, _FLAG.sub("", text))) and not (joined and _JOINING.issuperset(joined))


def _plain(text: str) -> str:
    return "".join(one for one in text if _is_seen(one) or one.isspace())


def _is_seen(sign: str) -> bool:
    """Not what breaks a line, and not what turns or hides others."""
    return sign.isprintable() or sign in _JOINING
