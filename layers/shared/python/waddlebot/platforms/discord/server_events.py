"""What happens on a server besides talking: members, voice, reactions, moderation.

`user` is Discord's user object. Docs: "Gateway Events", "Audit Log Events", "Auto Moderation".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from waddlebot.domain.events import Channel, MessageType
from waddlebot.platforms.discord.people import boost_id, is_bot, name_of, user_of
from waddlebot.platforms.discord.places import place_of
from waddlebot.platforms.fields import (
    dig,
    id_at,
    list_at,
    moment,
    number_at,
    object_at,
    objects_at,
    text_at,
)
from waddlebot.platforms.gone_lines import gone
from waddlebot.platforms.reading import PlatformPlace, Reading, facts_of, hashed, received
from waddlebot.platforms.received import Action, Received, without_event

_KICK, _BAN, _MEMBER_UPDATE, _BOT_ADD, _AUTOMOD_TIMEOUT = 20, 22, 24, 28, 145
VOICE_TIME = "WADDLEBOT_VOICE_TIME"
"""No dispatch of Discord's: see gateway_bot, which keeps who is where."""
_NEWS = timedelta(minutes=5)
_AHEAD = timedelta(seconds=10)
"""So far Discord's clock may go before ours."""
_TIMED_OUT_UNTIL = "communication_disabled_until"


def read_member_add(payload: dict[str, Any], now: datetime) -> Received:
    joined_at = moment(dig(payload, "joined_at"))
    return _about_member(payload, MessageType.MEMBER_JOIN, joined_at or now, at=joined_at)


def read_member_remove(payload: dict[str, Any], now: datetime) -> Received:
    return _about_member(payload, MessageType.MEMBER_LEAVE, now, at=None)


def read_member_update(payload: dict[str, Any], now: datetime) -> Received:
    """Repeats the whole member at every change: only a boost that began just now is news."""
    since = moment(dig(payload, "premium_since"))
    member = user_of(payload)
    server, user_id = id_at(payload, "guild_id"), id_at(member, "id")
    place = PlatformPlace(platform="discord", server=server)
    if since is None or not -_AHEAD <= now - since < _NEWS:
        facts = facts_of(place, user_id=user_id, text="", data={})
        return without_event(Action.IGNORE, facts)
    return received(
        Reading(
            type=MessageType.BOOST,
            place=place,
            user_id=user_id,
            user_name=name_of(member, payload),
            data={"level": 0},
            own_id=boost_id(server, user_id, since),
            occurred_at=since,
        )
    )


def read_ban(payload: dict[str, Any], now: datetime) -> Received:
    return _about_member(payload, MessageType.BAN, now, at=None)


def read_voice_state(payload: dict[str, Any], now: datetime) -> Received:
    """A channel means join, none means leave: the frame does not say where somebody was before."""
    channel = id_at(payload, "channel_id")
    kind = MessageType.VOICE_JOIN if channel else MessageType.VOICE_LEAVE
    return _about_voice(payload, kind, now)


def read_voice_time(payload: dict[str, Any], now: datetime) -> Received:
    """Of the gateway's own making: so many full `minutes` in company, told at leaving."""
    return _about_voice(payload, MessageType.VOICE_TIME, now, minutes=number_at(payload, "minutes"))


def _about_voice(
    payload: dict[str, Any], kind: MessageType, now: datetime, **data: Any
) -> Received:
    user = user_of(payload)
    user_id = id_at(payload, "user_id") or id_at(user, "id")
    session = text_at(payload, "session_id")
    # One voice session may come and go often; the frame, or a second, tells its turns apart.
    turn = text_at(payload, "frame") or now.replace(microsecond=0)
    return received(
        Reading(
            type=kind,
            place=place_of(payload),
            user_id=user_id,
            user_name=name_of(user, dig(payload, "member")),
            data={"session_id": session, **data},
            own_id=hashed(kind, place_of(payload), user_id, session, turn),
            occurred_at=now,
        )
    )


def read_reaction(payload: dict[str, Any], now: datetime) -> Received:
    user = user_of(payload)
    user_id = id_at(payload, "user_id") or id_at(user, "id")
    message = id_at(payload, "message_id")
    emoji = text_at(payload, "emoji", "name")
    if is_bot(user) or is_bot(dig(payload, "member", "user")):
        return without_event(Action.IGNORE, {"user_id": user_id, "emoji": emoji})
    return received(
        Reading(
            type=MessageType.REACTION,
            place=place_of(payload),
            user_id=user_id,
            user_name=name_of(user, dig(payload, "member")),
            data={
                "emoji": emoji,
                "target_message_id": message,
                "target_user_id": id_at(payload, "message_author_id"),
                "change": "added",
            },
            own_id=hashed("reaction", message, user_id, id_at(payload, "emoji", "id") or emoji),
            occurred_at=now,
            way_back=Channel(message=message or None),
            private=not id_at(payload, "guild_id"),
        )
    )


def read_automod(payload: dict[str, Any], now: datetime) -> Received:
    user_id = id_at(payload, "user_id")
    rule, message = id_at(payload, "rule_id"), id_at(payload, "message_id")
    return received(
        Reading(
            type=MessageType.WARN,
            place=place_of(payload),
            user_id=user_id,
            text=text_at(payload, "content"),
            data={
                "reason": text_at(payload, "matched_keyword"),
                "rule_id": rule,
                "action_type": number_at(payload, "action", "type"),
            },
            message=message,
            own_id=hashed("warn", rule, user_id, message or now.isoformat()),
            occurred_at=now,
        )
    )


def read_audit_entry(payload: dict[str, Any], now: datetime, own_id: str = "") -> Received:
    """Who did it and why; the person it was done to is the event's person."""
    action = number_at(payload, "action_type")
    if action == _BOT_ADD:
        return _read_bot_added(payload, now, own_id)
    data = {
        "action_type": action,
        "moderator_id": id_at(payload, "user_id"),
        "reason": text_at(payload, "reason"),
        "target_id": id_at(payload, "target_id"),
    }
    target = data["target_id"]
    kind = _audited(payload, action)
    if kind is None or not isinstance(target, str):
        facts = facts_of(place_of(payload), user_id="", text="", data=data)
        return without_event(Action.IGNORE, facts)
    own_id = (
        _ban_id(place_of(payload), target, now)
        if kind is MessageType.BAN
        else id_at(payload, "id") or hashed(kind, place_of(payload), target, now.date())
    )
    return received(
        Reading(
            type=kind,
            place=place_of(payload),
            user_id=target,
            data={**data, "until": _timed_out_until(payload)},
            own_id=own_id,
            occurred_at=now,
        )
    )


def _read_bot_added(payload: dict[str, Any], now: datetime, own_id: str) -> Received:
    """Some other bot is nobody of ours."""
    user, server = id_at(payload, "user_id"), id_at(payload, "guild_id")
    if not own_id or id_at(payload, "target_id") != own_id:
        return without_event(
            Action.IGNORE, facts_of(place_of(payload), user_id=user, text="", data={})
        )
    return read_invited(server, {"id": user}, now)


def read_invited(server: str, user: dict[str, Any], now: datetime) -> Received:
    """Whoever brought the bot; the audit log and the application's webhook tell of the same."""
    place = PlatformPlace(platform="discord", server=server)
    return received(
        Reading(
            type=MessageType.INVITED,
            place=place,
            user_id=id_at(user, "id"),
            user_name=name_of(user, None),
            own_id=hashed("invited", server, id_at(user, "id"), now.date()),
            occurred_at=now,
        )
    )


def _audited(payload: dict[str, Any], action: int | None) -> MessageType | None:
    if action == _KICK:
        return MessageType.KICK
    if action == _BAN:
        return MessageType.BAN
    if action == _AUTOMOD_TIMEOUT or (action == _MEMBER_UPDATE and _timed_out_until(payload)):
        return MessageType.TIMEOUT
    return None


def _timed_out_until(payload: dict[str, Any]) -> str:
    for change in objects_at(payload, "changes"):
        if text_at(change, "key") == _TIMED_OUT_UNTIL:
            return text_at(change, "new_value")
    return ""


def _about_member(
    payload: dict[str, Any], kind: MessageType, occurred_at: datetime, *, at: datetime | None
) -> Received:
    user = object_at(payload, "user")
    user_id = id_at(user, "id")
    own_id = (
        _ban_id(place_of(payload), user_id, occurred_at)
        if kind is MessageType.BAN
        else hashed(kind, place_of(payload), user_id, at or occurred_at.replace(microsecond=0))
    )
    return received(
        Reading(
            type=kind,
            place=place_of(payload),
            user_id=user_id,
            user_name=name_of(user, payload),
            own_id=own_id,
            occurred_at=occurred_at,
            data={"is_bot": True} if kind is MessageType.MEMBER_JOIN and is_bot(user) else {},
        )
    )


def _ban_id(place: PlatformPlace, user_id: str, now: datetime) -> str:
    """GUILD_BAN_ADD and the audit log tell of the same ban, in any order: one id a day for both."""
    return hashed("ban", place.server, user_id, now.date())


def read_deleted(payload: dict[str, Any], now: datetime) -> Received:
    """One line or, as MESSAGE_DELETE_BULK, up to a hundred."""
    ids = [id_at({"id": one}, "id") for one in list_at(payload, "ids")] or [id_at(payload, "id")]
    messages = list(filter(None, ids))
    if not (messages and id_at(payload, "guild_id")):  # private talk is shown nowhere
        return without_event(Action.IGNORE)
    return gone(place_of(payload), now, messages=messages)


READERS: dict[str, Callable[[dict[str, Any], datetime], Received]] = {
    "AUTO_MODERATION_ACTION_EXECUTION": read_automod,
    "GUILD_BAN_ADD": read_ban,
    "GUILD_MEMBER_ADD": read_member_add,
    "GUILD_MEMBER_REMOVE": read_member_remove,
    "GUILD_MEMBER_UPDATE": read_member_update,
    "MESSAGE_DELETE": read_deleted,
    "MESSAGE_DELETE_BULK": read_deleted,
    "MESSAGE_REACTION_ADD": read_reaction,
    "VOICE_STATE_UPDATE": read_voice_state,
    VOICE_TIME: read_voice_time,
}
"""By the gateway's name of the event."""
