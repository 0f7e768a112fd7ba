"""From what a platform's reader found to an event of ours: ids checked, named, and complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec

from waddlebot.domain.entities import EntityId, channel_entity
from waddlebot.domain.events import Channel, Event, MessageType, Speaker, WayBack
from waddlebot.platforms.received import Action, Received, without_event
from waddlebot_sdk.roles import Role

_WITHOUT_PERSON = frozenset(
    {
        MessageType.CHEER,
        MessageType.DONATION,
        MessageType.GIFT_SUBSCRIPTION,
        MessageType.GONE,
        MessageType.HOST,
        MessageType.PROFILE_CHANGE,
        MessageType.STREAM_OFFLINE,
        MessageType.STREAM_ONLINE,
    }
)
"""Events that mean something without a person: cheers and gifts may be anonymous."""


MOST_NAME_CHARACTERS = 100
IN_CHANNEL = Channel()
"""An answer that belongs to no line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformPlace:
    """`server` is a Discord guild or Slack workspace; ids as the platform writes them, or empty.

    `parent` is the channel of the thread that `channel` is, `name` what people call it; names of
    events hang on neither.
    """

    platform: str
    server: str = ""
    channel: str = ""
    parent: str = field(default="", repr=False)
    name: str = field(default="", repr=False)

    def parent_entity(self) -> EntityId | None:
        return replace(self, channel=self.parent).entity() if self.parent else None

    def entity(self) -> EntityId | None:
        if self.channel:
            return channel_entity(self.platform, self.channel, server=self.server or None)
        if self.server:
            # What happens to a whole server (a ban, a new member) has no channel.
            return EntityId(f"{self.platform}:server:{self.server}")
        return None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is as it stands in the payload, `said` as people meant it (mentions, escapes).

    `home` is where it belongs, if that is not the `place` that the payload names.
    `own_id` is the platform's own id of the thing, without the platform's name.
    `user_login` is the account's name that nobody else bears, empty where there is none.
    `shown`, `watched_only` and `looks` are the event's.

    `data` is what triggers read beside the text, by our names for it (docs/events.md).
    """

    type: MessageType
    place: PlatformPlace
    home: PlatformPlace | None = None
    user_id: str = ""
    user_name: str = ""
    user_login: str = ""
    role: Role = Role.USER
    text: str = ""
    said: str | None = None
    shown: Sequence[str] = ()
    data: Mapping[str, Any] = msgspec.field(default_factory=dict)
    message: str = ""
    own_id: str
    occurred_at: datetime
    way_back: WayBack = IN_CHANNEL
    asked_until: datetime | None = None
    private: bool = False
    watched_only: bool = False
    looks: str = ""


def facts_of(
    place: PlatformPlace, *, user_id: str, text: str, data: Mapping[str, Any]
) -> dict[str, Any]:
    """`{"user_id", "channel_id", "server_id", "text"}` with `data` on top, as logs and triggers
    read it.
    """
    return {
        "user_id": user_id or None,
        "channel_id": place.channel or None,
        "server_id": place.server or None,
        "text": text,
        **data,
    }


def received(reading: Reading) -> Received:
    """An event, or `ignore` where the payload leaves out who or where."""
    facts = facts_of(reading.place, user_id=reading.user_id, text=reading.text, data=reading.data)
    entity = (reading.home or reading.place).entity()
    if entity is None or not (reading.user_id or reading.type in _WITHOUT_PERSON):
        return without_event(Action.IGNORE, facts)
    return Received(event=_event(reading, entity), facts=facts)


def watched(reading: Reading) -> Received:
    """What is ignored as a message and yet looked at by rules: an edit, an unfurled link."""
    entity = (reading.home or reading.place).entity()
    text = reading.text if reading.said is None else reading.said
    facts = facts_of(reading.place, user_id=reading.user_id, text=reading.text, data=reading.data)
    if entity is None or not reading.user_id or not (text or any(reading.shown)):
        return without_event(Action.IGNORE, facts)
    event = _event(msgspec.structs.replace(reading, watched_only=True), entity)
    return Received(action=Action.IGNORE, watched=event, facts=facts)


def hashed(*parts: object) -> str:
    """Names an event that has no id of its own by what makes it that event."""
    import hashlib  # few events have no id of their own

    name = "\0".join(str(part) for part in parts)
    return hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _event(reading: Reading, entity: EntityId) -> Event:
    return Event(
        id=f"{reading.place.platform}:{reading.own_id}",
        type=reading.type,
        entity=entity,
        parent=(reading.home or reading.place).parent_entity(),
        place_name=(reading.home or reading.place).name[:MOST_NAME_CHARACTERS],
        user=_speaker(reading),
        text=reading.text if reading.said is None else reading.said,
        shown=tuple(filter(None, reading.shown)),
        data=dict(reading.data),
        message=reading.message or None,
        occurred_at=reading.occurred_at,
        way_back=reading.way_back,
        asked_until=reading.asked_until,
        private=reading.private,
        watched_only=reading.watched_only,
        looks=reading.looks,
    )


def _speaker(reading: Reading) -> Speaker | None:
    if not reading.user_id:
        return None
    return Speaker(
        id=reading.user_id,
        name=reading.user_name or reading.user_id,
        login=reading.user_login.lower(),
        role=reading.role,
    )
