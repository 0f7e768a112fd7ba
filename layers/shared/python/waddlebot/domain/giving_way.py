"""Commands that every bot has, and that many a community made itself: its own stand before them."""

from __future__ import annotations

STREAM = "stream"
"""The module that says what runs on a channel."""
TOGETHER_A_MINUTE = 30
"""So often a place is answered by each of its commands, whoever asks: it asks Twitch."""


def gives_way(module: str) -> bool:
    """Whether a custom command or an alias may have the name of a command of this module, and is
    answered in its place.
    """
    return module == STREAM
