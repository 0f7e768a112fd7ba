"""What EventSub notifies of, by subscription type; the same over webhooks and the socket.

Docs: "EventSub Subscription Types", "EventSub Reference".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

import msgspec

from waddlebot.domain.events import Channel, Event, MessageType
from waddlebot.platforms.fields import (
    dig,
    first_id,
    id_at,
    is_true,
    moment,
    number_at,
    object_at,
    objects_at,
    plain,
    text_at,
)
from waddlebot.platforms.gone_lines import gone
from waddlebot.platforms.reading import PlatformPlace, Reading, facts_of, hashed, received
from waddlebot.platforms.received import Action, Received, without_event
from waddlebot.platforms.replied import replied_to
from waddlebot.platforms.twitch import WHISPERS
from waddlebot.platforms.twitch.badges import role_of
from waddlebot.platforms.twitch.line_looks import looks_of
from waddlebot.platforms.twitch.text import BEHIND_A_NAME, without_action, without_reply_name
from waddlebot_sdk.roles import Role


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """`envelope_id` and `sent_at` belong to the delivery, `event` to what happened.

    `condition` says what was subscribed to. `own_id` is the bot's user id, where it is known.
    """

    subscription_type: str
    event: Mapping[str, Any]
    condition: Mapping[str, Any] = field(default_factory=dict)
    envelope_id: str
    sent_at: datetime
    own_id: str = ""

    @property
    def place(self) -> PlatformPlace:
        """A raid belongs to the channel that was raided.

        Some events name their channel otherwise; the subscription's condition always does.
        """
        channel = first_id(
            id_at(self.event, "broadcaster_user_id"),
            id_at(self.event, "to_broadcaster_user_id"),
            id_at(self.condition, "broadcaster_user_id"),
            id_at(self.condition, "to_broadcaster_user_id"),
        )
        name = next(
            (
                text_at(self.event, f"{whose}_{kind}")
                for whose in ("broadcaster_user", "to_broadcaster_user")
                for kind in ("name", "login")
                if channel == id_at(self.event, f"{whose}_id")
                and text_at(self.event, f"{whose}_{kind}")
            ),
            "",
        )
        return PlatformPlace(platform="twitch", channel=channel, name=name)


def read_notification(notification: Notification) -> Received:
    read = READERS.get(notification.subscription_type)
    if read is not None:
        return read(notification)
    lifecycle = notification.subscription_type.startswith("user.authorization.")
    return _without_event(notification, Action.LIFECYCLE if lifecycle else Action.IGNORE)


def _read_chat_message(told: Notification) -> Received:
    event = told.event
    user_id = id_at(event, "chatter_user_id")
    text = without_action(text_at(event, "message", "text"))
    if user_id and user_id == told.own_id:
        return _without_event(told, Action.IGNORE, text=text)
    message = id_at(event, "message_id")
    mentioned = _text_after_mention(event, told.own_id)
    said = _without_reply_name(event, text) if mentioned is None else mentioned
    return received(
        Reading(
            type=MessageType.CHAT_MESSAGE if mentioned is None else MessageType.APP_MENTION,
            place=told.place,
            user_id=user_id,
            user_name=_name(event, "chatter_user"),
            user_login=text_at(event, "chatter_user_login"),
            role=_role(event),
            text=text,
            said=said,
            data=_line_data(event),
            message=message,
            own_id=message or told.envelope_id,
            occurred_at=told.sent_at,
            way_back=Channel(message=message or None),
            looks=looks_of(event),
            # Shared chat shows one line in several channels. Its own channel answers it; this one
            # still has to look at what it shows.
            watched_only=_from_elsewhere(event),
        )
    )


def _text_after_mention(event: Mapping[str, Any], own_id: str) -> str | None:
    """What follows, where the line begins with a mention of the bot."""
    first = next(iter(objects_at(event, "message", "fragments")), {})
    if not own_id or id_at(first, "mention", "user_id") != own_id:
        return None
    line = without_action(text_at(event, "message", "text"))
    return line.removeprefix(text_at(first, "text")).lstrip(BEHIND_A_NAME)


def _without_reply_name(event: Mapping[str, Any], text: str) -> str:
    reply = object_at(event, "reply")
    names = (text_at(reply, "parent_user_login"), text_at(reply, "parent_user_name"))
    return without_reply_name(text, *names)


def _read_whisper(told: Notification) -> Received:
    event = told.event
    user_id, whisper = id_at(event, "from_user_id"), id_at(event, "whisper_id")
    return received(
        Reading(
            type=MessageType.CHAT_MESSAGE,
            place=PlatformPlace(platform="twitch", channel=user_id and f"{WHISPERS}{user_id}"),
            user_id=user_id,
            user_name=_name(event, "from_user"),
            user_login=text_at(event, "from_user_login"),
            text=text_at(event, "whisper", "text"),
            message=whisper,
            own_id=whisper or told.envelope_id,
            occurred_at=told.sent_at,
            private=True,
        )
    )


def _line_data(event: Mapping[str, Any]) -> dict[str, Any]:
    bits = number_at(event, "cheer", "bits")
    elsewhere = id_at(event, "source_broadcaster_user_id") if _from_elsewhere(event) else ""
    data = {"bits": bits, "shared_from": elsewhere}
    reply = object_at(event, "reply")
    replied = replied_to(
        message=id_at(reply, "parent_message_id"),
        user_id=id_at(reply, "parent_user_id"),
        user_name=_name(reply, "parent_user"),
        text=text_at(reply, "parent_message_body"),
    )
    return {name: value for name, value in data.items() if value} | replied


def _read_chat_notification(told: Notification) -> Received:
    event = told.event
    notice = text_at(event, "notice_type")
    kind = _NOTICES.get(notice)
    if kind is None or _from_elsewhere(event) or _is_told_already(object_at(event, notice)):
        data = {"notice_type": notice}
        return _without_event(told, Action.IGNORE, text=text_at(event, "message", "text"), **data)
    return received(
        Reading(
            type=kind,
            place=told.place,
            user_id=id_at(event, "chatter_user_id"),
            user_name=_name(event, "chatter_user"),
            role=_role(event),
            text=text_at(event, "message", "text"),
            data={
                "notice_type": notice,
                "anonymous": is_true(event, "chatter_is_anonymous"),
                "system_message": text_at(event, "system_message"),
                **_notice_data(object_at(event, notice)),
                **_gift_data(event),
            },
            own_id=_gift_name(told) or id_at(event, "message_id") or told.envelope_id,
            occurred_at=told.sent_at,
        )
    )


def _gift_data(event: Mapping[str, Any]) -> dict[str, Any]:
    gift = id_at(event, "community_sub_gift", "id")
    return {"gift_id": gift} if gift else {}


def _gift_name(told: Notification) -> str:
    """A gift to the community has an id of its own, whatever message tells of it."""
    gift = id_at(told.event, "community_sub_gift", "id")
    return hashed("community_gift", told.place, gift) if gift else ""


def _is_told_already(details: dict[str, Any]) -> bool:
    """Of a gift to the community each recipient is told too: the notice before counts them."""
    return bool(text_at(details, "community_gift_id"))


def _notice_data(details: dict[str, Any]) -> dict[str, Any]:
    """A notice's own object, in the words that all events share; without what it does not say."""
    data = {
        "tier": text_at(details, "sub_tier"),
        "months": number_at(details, "cumulative_months"),
        "streak_months": number_at(details, "streak_months"),
        "is_gift": dig(details, "is_gift"),
        "gifter_id": id_at(details, "gifter_user_id"),
        "recipient_id": id_at(details, "recipient_user_id"),
        "recipient_name": text_at(details, "recipient_user_name"),
        "total": number_at(details, "total"),
        "cumulative_total": number_at(details, "cumulative_total"),
        "viewers": number_at(details, "viewer_count"),
        **_amount(object_at(details, "amount")),
    }
    return {name: plain(value) for name, value in data.items() if value not in (None, "")}


def _read_subscribe(told: Notification) -> Received:
    data = {"tier": text_at(told.event, "tier"), "is_gift": is_true(told.event, "is_gift")}
    return _about_user(told, MessageType.SUBSCRIPTION, data)


def _read_resub(told: Notification) -> Received:
    event = told.event
    data = {
        "tier": text_at(event, "tier"),
        "months": number_at(event, "cumulative_months"),
        "streak_months": number_at(event, "streak_months"),
    }
    return _about_user(told, MessageType.RESUB, data, text=text_at(event, "message", "text"))


def _read_gift(told: Notification) -> Received:
    event = told.event
    data = {
        "tier": text_at(event, "tier"),
        "total": number_at(event, "total"),
        "cumulative_total": number_at(event, "cumulative_total"),
        "anonymous": is_true(event, "is_anonymous"),
    }
    return _about_user(told, MessageType.GIFT_SUBSCRIPTION, data)


def _read_cheer(told: Notification) -> Received:
    event = told.event
    data = {"bits": number_at(event, "bits"), "anonymous": is_true(event, "is_anonymous")}
    text = text_at(event, "message") or text_at(event, "message", "text")
    return _about_user(told, MessageType.CHEER, data, text=text)


def _read_bits(told: Notification) -> Received:
    """Bits, whatever for: cheers, power-ups, combos. Subscribed instead of `channel.cheer`."""
    event = told.event
    data = {"bits": number_at(event, "bits"), "anonymous": False, "kind": text_at(event, "type")}
    text = text_at(event, "message", "text")
    return _about_user(told, MessageType.CHEER, data, text=text)


def _read_redemption(told: Notification) -> Received:
    """Channel points: somebody used a thing of the channel's, so it is an interaction."""
    event = told.event
    data = {
        "kind": "channel_points",
        "redemption_id": id_at(event, "id"),
        "reward_id": id_at(event, "reward", "id"),
        "reward": text_at(event, "reward", "title"),
        "cost": number_at(event, "reward", "cost"),
    }
    text = text_at(event, "user_input")
    at = text_at(event, "redeemed_at")
    return _about_user(told, MessageType.INTERACTION, data, text=text, at=at)


def _read_follow(told: Notification) -> Received:
    followed_at = text_at(told.event, "followed_at")
    return _about_user(told, MessageType.FOLLOW, {"followed_at": followed_at}, at=followed_at)


def _read_raid(told: Notification) -> Received:
    event = told.event
    return received(
        Reading(
            type=MessageType.RAID,
            place=told.place,
            user_id=id_at(event, "from_broadcaster_user_id"),
            user_name=_name(event, "from_broadcaster_user"),
            data={"viewers": number_at(event, "viewers")},
            own_id=told.envelope_id,
            occurred_at=told.sent_at,
        )
    )


def _read_ban(told: Notification) -> Received:
    """One subscription tells of both: a ban that ends is a timeout."""
    event = told.event
    banned_at = text_at(event, "banned_at")
    data = {
        **_by_moderator(told, event),
        **_duration(moment(banned_at) or told.sent_at, text_at(event, "ends_at")),
    }
    permanent = dig(event, "is_permanent") is not False
    kind = MessageType.BAN if permanent else MessageType.TIMEOUT
    return _about_user(told, kind, data, at=banned_at)


def _read_moderate(told: Notification) -> Received:
    action = text_at(told.event, "action")
    kind = _MODERATED.get(action)
    details = object_at(told.event, action)
    if kind is None:
        target, by = id_at(details, "user_id"), id_at(told.event, "moderator_user_id")
        ignored = _without_event(
            told, Action.IGNORE, user_id=target, moderation=action, moderator_id=by
        )
        return msgspec.structs.replace(ignored, watched=_gone(told, action, details))
    until = text_at(details, "expires_at")
    data = {**_by_moderator(told, details), **_duration(told.sent_at, until)}
    return _reading_of(told, kind, details, data, own_id=told.envelope_id)


def _gone(told: Notification, action: str, details: Mapping[str, Any]) -> Event | None:
    """What a moderator took out of the chat."""
    message = id_at(details, "message_id")
    if action == "delete" and message:
        return gone(told.place, told.sent_at, messages=[message]).watched
    if action == "clear":
        return gone(told.place, told.sent_at, named=told.envelope_id).watched
    return None


def _read_deleted(told: Notification) -> Received:
    message = id_at(told.event, "message_id")
    if not message:
        return _without_event(told, Action.IGNORE)
    return gone(told.place, told.sent_at, messages=[message])


def _read_cleared(told: Notification) -> Received:
    """All of the chat, or all lines of one person."""
    return gone(
        told.place,
        told.sent_at,
        user_id=id_at(told.event, "target_user_id"),
        named=told.envelope_id,
    )


def _read_warning(told: Notification) -> Received:
    return _about_user(told, MessageType.WARN, _by_moderator(told, told.event))


def _by_moderator(told: Notification, details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "moderator_id": id_at(told.event, "moderator_user_id"),
        "moderator_name": _name(told.event, "moderator_user"),
        "reason": text_at(details, "reason"),
    }


def _duration(since: datetime, until: str) -> dict[str, Any]:
    ends_at = moment(until)
    if ends_at is None:
        return {}
    return {"until": until, "duration_s": max(0, round((ends_at - since).total_seconds()))}


def _read_donation(told: Notification) -> Received:
    event = told.event
    data = {
        **_amount(object_at(event, "amount")),
        "provider": text_at(event, "charity_name"),
    }
    own_id = id_at(event, "id") or told.envelope_id
    return _reading_of(told, MessageType.DONATION, event, data, own_id=own_id)


def _amount(amount: dict[str, Any]) -> dict[str, Any]:
    """Twitch gives whole numbers of the smallest unit: 10000 with two places is 100.00."""
    value, places = number_at(amount, "value"), number_at(amount, "decimal_places") or 0
    if value is None or not 0 <= places <= 8:
        return {}
    return {"amount": value / 10**places, "currency": text_at(amount, "currency")}


def _read_stream_online(told: Notification) -> Received:
    started_at = text_at(told.event, "started_at")
    data = {"stream_type": text_at(told.event, "type"), "started_at": started_at}
    return _of_stream(told, MessageType.STREAM_ONLINE, data)


def _read_stream_offline(told: Notification) -> Received:
    return _of_stream(told, MessageType.STREAM_OFFLINE, {})


def _of_stream(told: Notification, kind: MessageType, data: dict[str, Any]) -> Received:
    stream = id_at(told.event, "id")
    return received(
        Reading(
            type=kind,
            place=told.place,
            data=data,
            own_id=hashed(kind, told.place, stream) if stream else told.envelope_id,
            occurred_at=told.sent_at,
        )
    )


def _about_user(
    told: Notification, kind: MessageType, data: dict[str, Any], *, text: str = "", at: str = ""
) -> Received:
    """`at` is when Twitch says it happened: with it, two subscriptions tell of one event."""
    user_id = id_at(told.event, "user_id")
    own_id = hashed(kind, told.place, user_id, at) if at else told.envelope_id
    return _reading_of(told, kind, told.event, data, own_id=own_id, text=text)


def _reading_of(
    told: Notification,
    kind: MessageType,
    person: Mapping[str, Any],
    data: dict[str, Any],
    *,
    own_id: str,
    text: str = "",
) -> Received:
    return received(
        Reading(
            type=kind,
            place=told.place,
            user_id=id_at(person, "user_id"),
            user_name=_name(person, "user"),
            text=text,
            data=data,
            own_id=own_id,
            occurred_at=told.sent_at,
        )
    )


def _without_event(
    told: Notification, action: Action, *, text: str = "", user_id: str = "", **data: Any
) -> Received:
    person = first_id(user_id, id_at(told.event, "user_id"), id_at(told.event, "chatter_user_id"))
    return without_event(action, facts_of(told.place, user_id=person, text=text, data=data))


def _from_elsewhere(event: Mapping[str, Any]) -> bool:
    """Shared chat shows what belongs to other channels."""
    source = id_at(event, "source_broadcaster_user_id")
    return bool(source) and source != id_at(event, "broadcaster_user_id")


def _name(event: Mapping[str, Any], prefix: str) -> str:
    return text_at(event, f"{prefix}_name") or text_at(event, f"{prefix}_login")


def _role(event: Mapping[str, Any]) -> Role:
    return role_of(text_at(badge, "set_id") for badge in objects_at(event, "badges"))


_NOTICES = {
    "sub": MessageType.SUBSCRIPTION,
    "resub": MessageType.RESUB,
    "sub_gift": MessageType.GIFT_SUBSCRIPTION,
    "community_sub_gift": MessageType.GIFT_SUBSCRIPTION,
    "gift_paid_upgrade": MessageType.SUBSCRIPTION,
    "prime_paid_upgrade": MessageType.SUBSCRIPTION,
    "pay_it_forward": MessageType.GIFT_SUBSCRIPTION,
    "raid": MessageType.RAID,
    "charity_donation": MessageType.DONATION,
}
_MODERATED = {
    "ban": MessageType.BAN,
    "timeout": MessageType.TIMEOUT,
    "warn": MessageType.WARN,
    "shared_chat_ban": MessageType.BAN,
    "shared_chat_timeout": MessageType.TIMEOUT,
}
READERS: dict[str, Callable[[Notification], Received]] = {
    "channel.ban": _read_ban,
    "channel.bits.use": _read_bits,
    "channel.channel_points_custom_reward_redemption.add": _read_redemption,
    "channel.charity_campaign.donate": _read_donation,
    "channel.chat.clear": _read_cleared,
    "channel.chat.clear_user_messages": _read_cleared,
    "channel.chat.message": _read_chat_message,
    "channel.chat.message_delete": _read_deleted,
    "channel.chat.notification": _read_chat_notification,
    "channel.cheer": _read_cheer,
    "channel.follow": _read_follow,
    "channel.moderate": _read_moderate,
    "channel.raid": _read_raid,
    "channel.subscribe": _read_subscribe,
    "channel.subscription.gift": _read_gift,
    "channel.subscription.message": _read_resub,
    "channel.warning.send": _read_warning,
    "stream.offline": _read_stream_offline,
    "stream.online": _read_stream_online,
    "user.whisper.message": _read_whisper,
}
"""By subscription type. Types that tell of one thing twice are not subscribed together."""
