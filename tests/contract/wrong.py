"""One thing that cannot be, as it is said at each door, and what several of them name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from waddlebot_sdk.roles import Role

OTHERS_PLACE = "twitch:channel:canary"
ANA, OLGA = "100000000000000008", "100000000000000009"
"""Olga owns the community, and has a label; Ana writes there."""
THEIRS = "100000000000000007"
"""Is known in the other community alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing that cannot be, as it is said at each door; None where it cannot be said there.

    `chat` is a line; `api` method, path, body; `text` is laid over the community's own text.
    """

    say: str
    chat: str | None = None
    api: tuple[str, str, Any] | None = None
    text: Mapping[str, Any] | None = None
    role: Role = Role.OWNER


def span(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    return f"{seconds}s" if rest or not days else f"{days}d"


NO_HTTPS = "An address begins with https:// here."
NO_NAME = "An address has a name here, not a number: https://example.com/…"
NO_COMMAND = "There is no command '{}'. See !help."
NOT_HERE = f"{OTHERS_PLACE} is no place of this community."
PLATFORMS = "There are the platforms discord, slack, twitch."
