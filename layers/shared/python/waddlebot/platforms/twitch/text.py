"""Twitch's lines, as people meant them."""

from __future__ import annotations

_ACTION = "\x01ACTION "


def without_action(text: str) -> str:
    """What stands behind `/me`: it comes wrapped as IRC's CTCP ACTION."""
    return text.removeprefix(_ACTION).removesuffix("\x01") if text.startswith(_ACTION) else text
