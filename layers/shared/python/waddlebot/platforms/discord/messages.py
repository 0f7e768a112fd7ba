"""MESSAGE_CREATE and MESSAGE_UPDATE: lines, edits, shared files, boosts and subscriptions.

Docs: "Message Object", "Message Types", "Gateway Events".
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import msgspec

from waddlebot.domain.events import Channel, MessageType
from waddlebot.platforms.discord.people import (
    boost_id,
    is_bot,
    login_of,
    mentioned_in,
    name_of,
    role_of,
)
from waddlebot.platforms.discord.places import place_of
from waddlebot.platforms.discord.replied import replied_in
from waddlebot.platforms.discord.shown import texts_beside, texts_of_embeds
from waddlebot.platforms.fields import (
    dig,
    id_at,
    is_true,
    moment,
    number_at,
    object_at,
    objects_at,
    text_at,
)
from waddlebot.platforms.reading import Reading, facts_of, hashed, received, watched
from waddlebot.platforms.received import Action, Received, without_event

_DEFAULT, _REPLY, _THREAD_MADE = 0, 19, 18
_BOOSTS = {8: 0, 9: 1, 10: 2, 11: 3}
"""Message type to the level that the server reached with it."""
_ROLE_SUBSCRIPTION = 25
_CHANNEL_LINK = re.compile(r"<#(\d{1,20})>")


def read_message(payload: dict[str, Any], *, now: datetime, own_id: str) -> Received:
    """`own_id` is the bot's user id: a line that begins with a mention of it is an app_mention."""
    author = object_at(payload, "author")
    kind = number_at(payload, "type")
    # A webhook's or bot's line must not start a command: two bots would talk for ever.
    if is_bot(author) or id_at(payload, "webhook_id"):
        return without_event(Action.IGNORE, _facts(payload))
    if kind in {None, _DEFAULT, _REPLY}:
        return _read_line(payload, now=now, own_id=own_id)
    if kind == _THREAD_MADE:  # its content is the name that somebody gave the thread
        return watched(_as_read(payload, MessageType.CHAT_MESSAGE, now=now, data={}))
    if kind in _BOOSTS:
        return _read_boost(payload, level=_BOOSTS[kind], now=now)
    if kind == _ROLE_SUBSCRIPTION:
        return _read_subscription(payload, now=now)
    return without_event(Action.IGNORE, _facts(payload))


def _read_boost(payload: dict[str, Any], *, level: int, now: datetime) -> Received:
    reading = _as_read(payload, MessageType.BOOST, now=now, data={"level": level})
    own_id = boost_id(reading.place.server, reading.user_id, reading.occurred_at)
    return received(msgspec.structs.replace(reading, own_id=own_id))


def read_edit(payload: dict[str, Any], *, now: datetime, own_id: str) -> Received:
    """A line that was changed after it was sent: looked at by rules, never run as a command.

    Without a time of editing Discord has only added what it found behind a link.
    """
    author = object_at(payload, "author")
    is_line = number_at(payload, "type") in {None, _DEFAULT, _REPLY}
    if is_bot(author) or id_at(payload, "webhook_id") or id_at(author, "id") == own_id:
        return without_event(Action.IGNORE, _facts(payload))
    if not is_line:
        return without_event(Action.IGNORE, _facts(payload))
    edited_at = moment(dig(payload, "edited_timestamp"))
    message = id_at(payload, "id")
    changed = "embeds" if edited_at is None else text_at(payload, "edited_timestamp")
    reading = msgspec.structs.replace(
        _as_read(payload, MessageType.CHAT_MESSAGE, now=now, data={}),
        own_id=f"{message}/{hashed(changed)}",
        occurred_at=edited_at or now,
    )
    if edited_at is None:
        reading = msgspec.structs.replace(reading, said="", shown=tuple(texts_of_embeds(payload)))
    return watched(reading)


def _read_line(payload: dict[str, Any], *, now: datetime, own_id: str) -> Received:
    text = text_at(payload, "content")
    files = objects_at(payload, "attachments")
    data: dict[str, Any] = (
        {"attachments": len(files), "files": [_file(file) for file in files]} if files else {}
    )
    if linked := _linked(text, payload):
        data["channels"] = linked
    if mentioned := mentioned_in(text, payload):
        data["mentions"] = mentioned
    data |= replied_in(payload)
    mention = re.match(rf"\s*<@!?{re.escape(own_id)}>[\s,:;]*", text) if own_id else None
    if mention:
        said = _with_channel_names(text[mention.end() :], payload)
        return _reading(payload, MessageType.APP_MENTION, now=now, data=data, said=said)
    kind = MessageType.FILE_SHARE if files and not text else MessageType.CHAT_MESSAGE
    said = _with_channel_names(text, payload)
    return _reading(payload, kind, now=now, data=data, said=said)


def _read_subscription(payload: dict[str, Any], *, now: datetime) -> Received:
    told = object_at(payload, "role_subscription_data")
    renewed = is_true(told, "is_renewal")
    data = {
        "tier": text_at(told, "tier_name"),
        "months": number_at(told, "total_months_subscribed"),
    }
    kind = MessageType.RESUB if renewed else MessageType.SUBSCRIPTION
    return _reading(payload, kind, now=now, data=data)


def _reading(
    payload: dict[str, Any],
    kind: MessageType,
    *,
    now: datetime,
    data: dict[str, Any],
    said: str | None = None,
) -> Received:
    return received(_as_read(payload, kind, now=now, data=data, said=said))


def _as_read(
    payload: dict[str, Any],
    kind: MessageType,
    *,
    now: datetime,
    data: dict[str, Any],
    said: str | None = None,
) -> Reading:
    author = object_at(payload, "author")
    message = id_at(payload, "id")
    return Reading(
        type=kind,
        place=place_of(payload),
        user_id=id_at(author, "id"),
        user_name=name_of(author, dig(payload, "member")),
        user_login=login_of(author),
        role=role_of(payload, id_at(author, "id")),
        text=text_at(payload, "content"),
        said=said,
        shown=tuple(texts_beside(payload)),
        data=data,
        message=message,
        own_id=message
        or hashed(kind, place_of(payload), id_at(author, "id"), text_at(payload, "timestamp")),
        occurred_at=moment(dig(payload, "timestamp")) or now,
        way_back=Channel(message=message or None),
        private=not id_at(payload, "guild_id"),
    )


def _facts(payload: dict[str, Any]) -> dict[str, Any]:
    user_id = id_at(payload, "author", "id")
    text = text_at(payload, "content")
    return facts_of(place_of(payload), user_id=user_id, text=text, data={})


def _file(attachment: dict[str, Any]) -> dict[str, Any]:
    return {
        "file_id": id_at(attachment, "id"),
        "name": text_at(attachment, "filename"),
        "mimetype": text_at(attachment, "content_type"),
        "size": number_at(attachment, "size"),
    }


def _linked(text: str, payload: dict[str, Any]) -> dict[str, str]:
    """Ids of the channels that a line names, by their names."""
    names = {
        id_at(channel, "id"): text_at(channel, "name")
        for channel in objects_at(payload, "mention_channels")
    }
    return {names[found]: found for found in _CHANNEL_LINK.findall(text) if names.get(found)}


def _with_channel_names(text: str, payload: dict[str, Any]) -> str:
    """`#weather` arrives as a link where a channel has that name; rarely the payload names it."""
    names = {channel: name for name, channel in _linked(text, payload).items()}

    def named(link: re.Match[str]) -> str:
        name = names.get(link[1])
        return f"#{name}" if name else link[0]

    return _CHANNEL_LINK.sub(named, text)
