"""What a platform shows of the deeds of moderators."""

from __future__ import annotations

from typing import Any

from tests.helpers.house import Chat
from tests.helpers.patience import eventually


def done(chat: Chat, kind: str, words: str = "") -> bool:
    """Whether the platform shows that it was done here."""
    where = f"/stand-ins/replies?after=0&channel={chat.channel}"

    def is_shown() -> bool:
        items: list[dict[str, Any]] = chat.house.get(where)["replies"]
        return any(one["kind"] == kind and words in one["text"] for one in items)

    return eventually(is_shown, within=10)


def named(chat: Chat) -> str:
    """As a moderator types it: Discord makes a mention of it."""
    return "@ana" if chat.on == "discord" else f"@{chat.viewer}"


def done_now(chat: Chat, kind: str) -> bool:
    items = chat.house.get(f"/stand-ins/replies?after=0&channel={chat.channel}")["replies"]
    return any(one["kind"] == kind for one in items)
