"""What the module holds about a person: that, and when, they were welcomed."""

from __future__ import annotations

from typing import Any

from functions.modules.welcome.kept_welcome import Newcomer
from functions.modules.welcome.store import Welcomes


def export(community: int, platform: str, user_id: str, welcomes: Welcomes) -> list[dict[str, Any]]:
    who = Newcomer(platform=platform, id=user_id)
    return [
        {"kind": "welcome", "welcomed_at": one["welcomed_at"].isoformat()}
        for one in welcomes.list_of(community, who)
    ]


def erase(community: int, platform: str, user_id: str, welcomes: Welcomes) -> int:
    """Whoever is forgotten is new when they write again."""
    return welcomes.forget(community, Newcomer(platform=platform, id=user_id))
