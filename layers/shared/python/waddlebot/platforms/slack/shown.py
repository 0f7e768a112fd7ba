"""Who wrote a line of Slack's, and what others read of it besides its own text.

`event` is Slack's message event. Docs: "message" and its subtypes, "Attachments".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.platforms.fields import id_at, object_at, objects_at, text_at

_SLACK_ITSELF = "USLACKBOT"
_PARTS = ("pretext", "title", "text", "footer", "author_name", "fallback")


def is_of_a_program(event: Mapping[str, Any]) -> bool:
    """Bots, ours too, workflows and Slack itself: answering them would never end."""
    return bool(
        id_at(event, "bot_id")
        or id_at(event, "app_id")
        or object_at(event, "bot_profile")
        or text_at(event, "subtype") == "bot_message"
        or id_at(event, "user") == _SLACK_ITSELF
    )


def texts_beside(event: Mapping[str, Any]) -> tuple[str, ...]:
    """Forwarded lines and names of files; empty ones among them."""
    attached = (text_at(one, part) for one in objects_at(event, "attachments") for part in _PARTS)
    named = (
        text_at(file, part) for file in objects_at(event, "files") for part in ("title", "name")
    )
    return (*attached, *named)
