"""A slash command as the line that people would have typed in chat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from waddlebot.domain.events import Channel, MessageType, ResponseUrl, WayBack
from waddlebot.platforms.fields import id_at, text_at
from waddlebot.platforms.reading import PlatformPlace, Reading, hashed, received
from waddlebot.platforms.received import Received
from waddlebot.platforms.slack.text import as_meant, named_in

OURS = "/waddlebot"
"""It takes any command as its text; its own name is no part of the line."""
RESPONSE_URL_LIVES = timedelta(minutes=30)
TRIGGER_LIVES = timedelta(seconds=3)


_NO_NAMES = frozenset({"directmessage", "privategroup"})


def read_slash_command(
    form: Mapping[str, Any], *, now: datetime, asked_until: datetime | None
) -> Received:
    """`asked_until` is None where nobody holds a request open: over the socket.

    `form` holds the fields of the command by name.
    """
    command, text = text_at(form, "command"), text_at(form, "text")
    said = as_meant(text)
    channel = id_at(form, "channel_id")
    return received(
        Reading(
            type=MessageType.SLASH_COMMAND,
            place=PlatformPlace(
                platform="slack",
                server=id_at(form, "team_id"),
                channel=channel,
                name=channel_name(text_at(form, "channel_name")),
            ),
            user_id=id_at(form, "user_id"),
            user_name=text_at(form, "user_name"),
            text=text,
            said=said if command == OURS else f"{command.lstrip('/')} {said}".strip(),
            data={"command": command, **named_in(text)},
            own_id=id_at(form, "trigger_id") or hashed(*sorted(form.items())),
            occurred_at=now,
            way_back=way_back(text_at(form, "response_url"), now, text_at(form, "trigger_id")),
            asked_until=asked_until,
            private=channel.startswith("D"),
        )
    )


def channel_name(told: str) -> str:
    """Slack calls all that is not open by the same two words."""
    return "" if told in _NO_NAMES else told


def way_back(response_url: str, now: datetime, trigger: str = "", pressed: str = "") -> WayBack:
    """`trigger` opens a form."""
    if not response_url:
        return Channel()
    until = now + RESPONSE_URL_LIVES
    return ResponseUrl(url=response_url, until=until, trigger=trigger, pressed=pressed)
