"""What the module holds about a person, handed out or removed on request."""

from __future__ import annotations

from typing import Any

from functions.modules.memories.people import Somebody
from functions.modules.memories.store import Memories


def export(community: int, platform: str, user_id: str, memories: Memories) -> list[dict[str, Any]]:
    """Everything this person added, said or asked to be reminded of."""
    added = memories.list_added_by(community, platform, user_id)
    memos = memories.private_notes.list_with(community, Somebody.of(platform, user_id))
    categories = memories.categories.list_made_by(community, platform, user_id)
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
                "address": memory.address,
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
                "repeats": reminder.repeat.said() if reminder.repeat else "",
                "remind_at": reminder.remind_at.isoformat(),
            }
            for reminder in reminders
        ),
        *(
            {
                "kind": "memo",
                "number": memo.number,
                "content": memo.words,
                "added_at": memo.created_at.isoformat(),
            }
            for memo in memos
        ),
        *(
            {"kind": "reaction", "number": number, "content": reaction}
            for number, reaction in memories.reactions.list_of(community, platform, user_id)
        ),
        *(
            {"kind": "pin", "content": message, "added_at": at.isoformat()}
            for message, at in memories.reactions.pins_of(community, platform, user_id)
        ),
        *({"kind": "category", "title": name} for name in categories),
    ]


def erase(community: int, platform: str, user_id: str, memories: Memories) -> int:
    """Notes, memos, reactions and reminders go; quotes and links stay, without the name.

    A quote that was this person's line says no more who said it, nor where.
    """
    notes = memories.remove_notes_of(community, platform, user_id)
    nameless = memories.forget_person(community, platform, user_id)
    nameless += memories.categories.forget_who_added(community, platform, user_id)
    notes += memories.private_notes.remove_all(community, platform, user_id)
    notes += memories.reactions.remove_all(community, platform, user_id)
    return notes + nameless + memories.reminders.remove_all(community, platform, user_id)
