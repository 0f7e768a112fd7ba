"""What the module holds about a person, handed out or removed on request."""

from __future__ import annotations

from typing import Any

from functions.modules.shoutouts.store import Shoutouts


def export(
    community: int, platform: str, user_id: str, shoutouts: Shoutouts
) -> list[dict[str, Any]]:
    """Their place on the list, shoutouts gotten and given, raids answered, and being left out."""
    blocks = shoutouts.blocks.count_of(community, platform, user_id)
    return [
        *shoutouts.told_of(community, platform, user_id),
        *([{"kind": "blocked", "number": blocks}] if blocks else []),
    ]


def erase(community: int, platform: str, user_id: str, shoutouts: Shoutouts) -> int:
    """All goes; of what they gave their name does. Whoever is blocked stays so, by id alone."""
    shoutouts.blocks.drop_names(community, platform, user_id)
    return shoutouts.forget(community, platform, user_id)
