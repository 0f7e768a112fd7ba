"""Switches as people write them, wherever a house is told something."""

from __future__ import annotations

_WORDS = {
    **dict.fromkeys(("yes", "true", "on", "1"), True),
    **dict.fromkeys(("no", "false", "off", "0"), False),
}


def read_yes_or_no(told: str) -> bool | None:
    """None where it is neither, however close to one: nobody guesses what was meant."""
    return _WORDS.get(told.strip().casefold())
