"""A line of chat that somebody answers, as the platform tells of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

AT = datetime(2025, 12, 24, 20, 15, tzinfo=UTC)
ADDRESS = "https://discord.com/channels/10/20/901"


def a_reply(message: str = "901", **changes: str) -> dict[str, Any]:
    """As Discord tells of the line that is answered."""
    line = {
        "message_id": message,
        "user_id": "30",
        "user_name": "Ana",
        "text": "Waddle on, whatever comes!",
        "said_at": AT.isoformat(),
        "address": ADDRESS,
    }
    return {"replied_to": line | changes}
