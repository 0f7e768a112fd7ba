"""Where a payload says that it happened: a channel, or a thread of one.

`channel` is Discord's channel object. Docs: "Channel Object", "Threads".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.platforms.fields import id_at, number_at, object_at, text_at
from waddlebot.platforms.reading import PlatformPlace

_THREADS = frozenset({10, 11, 12})
"""Types of channels: threads of announcements, public ones (posts of a forum too), private ones."""


def place_of(payload: Mapping[str, Any]) -> PlatformPlace:
    """An interaction carries its `channel`; to what the gateway tells, gateway_bot adds it."""
    channel = object_at(payload, "channel")
    return PlatformPlace(
        platform="discord",
        server=id_at(payload, "guild_id"),
        channel=id_at(payload, "channel_id") or id_at(channel, "id"),
        parent=parent_of(channel),
        name=text_at(channel, "name"),
    )


def parent_of(channel: Mapping[str, Any]) -> str:
    """The channel that a thread belongs to; a channel's own parent is a mere heading."""
    return id_at(channel, "parent_id") if number_at(channel, "type") in _THREADS else ""


def as_channel(channel: str, *, name: str, parent: str = "") -> dict[str, Any]:
    """What `place_of` reads of a channel, or of a thread of the channel `parent`."""
    thread = {"type": min(_THREADS), "parent_id": parent} if parent else {}
    return {"id": channel, "name": name, **thread}
