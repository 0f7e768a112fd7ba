"""Which signs people see: those that are printed, and those by which others hang together."""

from __future__ import annotations

_JOINING = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
"""Of emoji that are made of several, and of words in Persian or Hindi."""


def is_seen(sign: str) -> bool:
    """Not what breaks a line, and not what turns or hides others."""
    return sign.isprintable() or sign in _JOINING


def is_one_line(text: str) -> bool:
    """Empty is one; what joins nothing is none."""
    joined = "".join(text.split())
    return all(map(is_seen, text)) and not (joined and _JOINING.issuperset(joined))
