"""The line that somebody answers with a line, as far as the platform says it beside that one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

REPLIED_TO = "replied_to"
MOST_CHARACTERS = 500
"""Of its words: what a quote may have, and all that Twitch takes in one line."""


def replied_to(
    *,
    message: str,
    user_id: str,
    user_name: str,
    text: str,
    said_at: datetime | None = None,
    address: str = "",
) -> dict[str, Any]:
    """`{"replied_to": {"message_id", "user_id", "user_name", "text", "said_at", "address"}}`, as
    it stands in an event's data; nothing where the platform does not tell its words.

    `said_at` is ISO 8601 or empty, `address` where people find it, or empty.
    """
    if not (message and text.strip()):
        return {}
    return {
        REPLIED_TO: {
            "message_id": message,
            "user_id": user_id,
            "user_name": user_name,
            "text": text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…",
            "said_at": said_at.isoformat() if said_at else "",
            "address": address,
        }
    }
