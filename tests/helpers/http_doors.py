"""Lines as they come to the door of the router that speaks HTTP."""

from __future__ import annotations

from typing import Any

# The spec's own sample, with a command that answers.
SAMPLE = {
    "message_type": "chatMessage",
    "entity_id": "twitch:channel:waddlebot",
    "user_id": "123456",
    "message": "!help",
    "session_id": "sess_abc123",
}


def says(message: str, **fields: Any) -> dict[str, Any]:
    sample = {name: value for name, value in SAMPLE.items() if name != "session_id"}
    return {**sample, "message": message, **fields}
