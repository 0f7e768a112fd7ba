from __future__ import annotations

from collections.abc import Iterable

from waddlebot_sdk.roles import Role

_OWNER = "broadcaster"
_MODERATOR = frozenset({"moderator", "lead_moderator"})


def role_of(badges: Iterable[str]) -> Role:
    """What the names of somebody's badges say of their rights in this channel."""
    worn = set(badges)
    if _OWNER in worn:
        return Role.OWNER
    return Role.MODERATOR if worn & _MODERATOR else Role.USER
