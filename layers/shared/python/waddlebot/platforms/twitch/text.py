"""Twitch's lines, as people meant them."""

from __future__ import annotations

_ACTION = "\x01ACTION "
BEHIND_A_NAME = " ,:;"
"""What people put between a name and what they say to it."""


def without_action(text: str) -> str:
    """What stands behind `/me`: it comes wrapped as IRC's CTCP ACTION."""
    return text.removeprefix(_ACTION).removesuffix("\x01") if text.startswith(_ACTION) else text


def without_reply_name(text: str, *names: str) -> str:
    """Twitch begins a reply with the name of whom it answers: nobody typed that."""
    first, _, rest = text.partition(" ")
    name = first.rstrip(BEHIND_A_NAME)
    is_theirs = name.startswith("@") and name[1:].lower() in {one.lower() for one in names if one}
    return rest.lstrip(BEHIND_A_NAME) if is_theirs else text
