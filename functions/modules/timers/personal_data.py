"""What the module holds about a person: nothing. No row says who made a timer, or who wrote."""

from __future__ import annotations

from typing import Any

from functions.modules.timers.store import Timers


def export(_community: int, _platform: str, _user_id: str, _timers: Timers) -> list[dict[str, Any]]:
    """Always empty."""
    return []


def erase(_community: int, _platform: str, _user_id: str, _timers: Timers) -> int:
    """Timers are the community's, and stay; no record went."""
    return 0
