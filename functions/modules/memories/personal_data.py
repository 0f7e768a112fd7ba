"""What the module holds about a person, handed out or removed on request."""

from __future__ import annotations

from typing import Any

from functions.modules.memories.store import Memories


def export(community: int, platform: str, user_id: str, memories: Memories) -> list[dict[str, Any]]:
    """Everything this person added or asked to be reminded of."""
    added = memories.list_added_by(community, platform, user_id)
    reminders = memories.reminders.list_all(community, platform, user_id)
    return [
        *(
            {
                "kind": memory.kind.value,
                "number": memory.number,
                "title": memory.title,
                "content": memory.content,
                "url": memory.url,
                "author": memory.author,
                "added_at": memory.created_at.isoformat(),
            }
            for memory in added
        ),
        *(
            {
                "kind": "reminder",
                "number": reminder.number,
                "content": reminder.words,
                "place": reminder.entity_id,
                "remind_at": reminder.remind_at.isoformat(),
            }
            for reminder in reminders
        ),
    ]


def erase(community: int, platform: str, user_id: str, memories: Memories) -> int:
    """Notes and reminders go; quotes and links stay the community's, without the name."""
    notes = memories.remove_notes_of(community, platform, user_id)
    nameless = memories.forget_who_added(community, platform, user_id)
    return notes + nameless + memories.reminders.remove_all(community, platform, user_id)
