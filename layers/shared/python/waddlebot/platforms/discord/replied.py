"""The line that a line of Discord answers: its gateway sends it along.

Docs: "Message Object", `referenced_message`.
"""

from __future__ import annotations

import re
from typing import Any

from waddlebot.platforms.discord.people import mentioned_in, name_of
from waddlebot.platforms.fields import dig, id_at, moment, object_at, text_at
from waddlebot.platforms.replied import replied_to

_PERSON = re.compile(r"<@[!&]?(\d{1,20})>", re.ASCII)


def replied_in(payload: dict[str, Any]) -> dict[str, Any]:
    """As `replied_to`; nothing of a line that is gone, or of a forwarded one."""
    line = object_at(payload, "referenced_message")
    author, message = object_at(line, "author"), id_at(line, "id")
    return replied_to(
        message=message,
        user_id=id_at(author, "id"),
        user_name=name_of(author, dig(line, "member")),
        text=_named(text_at(line, "content"), line),
        said_at=moment(dig(line, "timestamp")),
        address=_address(payload, line, message),
    )


def _named(text: str, line: dict[str, Any]) -> str:
    """Whom it mentions by name: nobody knows that behind its back."""
    names = mentioned_in(text, line)
    return _PERSON.sub(lambda one: f"@{names[one[1]]}" if one[1] in names else one[0], text)


def _address(payload: dict[str, Any], line: dict[str, Any], message: str) -> str:
    server = id_at(payload, "guild_id")
    channel = id_at(line, "channel_id") or id_at(payload, "channel_id")
    is_whole = server and channel and message
    return f"https://discord.com/channels/{server}/{channel}/{message}" if is_whole else ""
