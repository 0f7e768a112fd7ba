"""The events that a community function may listen to, by their names."""

from __future__ import annotations

import difflib

EVENTS = frozenset(
    {
        *("chatMessage", "app_mention", "slashCommand", "interaction", "file_share", "reaction"),
        *("button_click", "select_menu", "modal_submit", "first_contact"),
        *("subscription", "gift_subscription", "resub", "boost", "follow", "cheer", "donation"),
        *("raid", "host", "stream_online", "stream_offline"),
        *("member_join", "member_leave", "channel_join", "voice_join", "voice_leave", "voice_time"),
        *("ban", "kick", "timeout", "warn"),
    }
)
"""docs/events.md says which platform tells of which."""


def nearest_event(typed: str) -> str:
    """What was meant, or nothing: by how it begins, else by its letters; capitals are no matter."""
    names = {name.lower(): name for name in sorted(EVENTS)}
    begun = [name for name in names if name.startswith(typed.lower())]
    near = begun or difflib.get_close_matches(typed.lower(), names, n=1, cutoff=0.6)
    return names[near[0]] if near else ""
