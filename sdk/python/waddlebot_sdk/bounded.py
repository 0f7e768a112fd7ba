"""Texts of answers, cut to what may be kept."""

from __future__ import annotations

MOST_TEXT_BYTES = 8 * 1024
"""Of any text in an answer; what is longer is cut when it is read."""


def capped(text: str) -> str:
    """At most 8 kB of it, without what no database or platform takes."""
    kept = text.replace("\0", "").encode(errors="ignore")
    if len(kept) <= MOST_TEXT_BYTES:
        return kept.decode()
    return f"{kept[: MOST_TEXT_BYTES - 3].decode(errors='ignore')}…"
