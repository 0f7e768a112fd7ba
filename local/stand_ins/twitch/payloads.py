"""EventSub's bodies and its signature (docs: "EventSub Subscription Types", "Webhooks")."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from local.stand_ins.asgi import Json
from local.stand_ins.people import OWNER, TWITCH_BOT_USER, StandInPerson, find_by_login
from local.stand_ins.places import StandInPlace
from local.stand_ins.webhooks import Attempt
from waddlebot_sdk.roles import Role

BOT_LOGIN = "waddlebot_bot"
Happened = tuple[str, str, Json]
"""Subscription type, its version, the event."""


def twitch_time(at: datetime | None = None) -> str:
    # Twitch writes nine decimals, more than Python reads; so do we.
    return f"{at or datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}000Z"


def sign(
    secret: str, body: bytes, attempt: Attempt, envelope: Mapping[str, str]
) -> Mapping[str, str]:
    """`envelope` holds the id, type and subscription of the message, which a repeat keeps."""
    message_id = envelope["Twitch-Eventsub-Message-Id"]
    timestamp = twitch_time()
    used = secrets.token_hex(16) if attempt.forged else secret
    signed = message_id.encode() + timestamp.encode() + body
    digest = hmac.new(used.encode(), signed, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        **envelope,
        "Twitch-Eventsub-Message-Retry": str(attempt.retry),
        "Twitch-Eventsub-Message-Timestamp": timestamp,
        "Twitch-Eventsub-Message-Signature": f"sha256={digest}",
    }


def new_envelope(message_type: str, subscription: Json) -> Mapping[str, str]:
    return {
        "Twitch-Eventsub-Message-Id": str(uuid.uuid4()),
        "Twitch-Eventsub-Message-Type": message_type,
        "Twitch-Eventsub-Subscription-Type": subscription["type"],
        "Twitch-Eventsub-Subscription-Version": subscription["version"],
    }


def subscription_body(
    kind: str, version: str, condition: Json, callback: str, *, status: str = "enabled"
) -> Json:
    return {
        "id": str(uuid.uuid4()),
        "status": status,
        "type": kind,
        "version": version,
        "condition": condition,
        "transport": {"method": "webhook", "callback": callback},
        "created_at": twitch_time(),
        "cost": 0,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredLine:
    """A line that stands in chat, and is replied to."""

    id: str
    person: StandInPerson
    text: str

    def as_reply(self) -> Json:
        return {
            "parent_message_id": self.id,
            "parent_message_body": self.text,
            **_named("parent_user", self.person),
            "thread_message_id": self.id,
            **_named("thread_user", self.person),
        }


def chat_line(
    person: StandInPerson, place: StandInPlace, text: str, answered: AnsweredLine | None = None
) -> Json:
    """A reply begins with the name of whom it answers, as Twitch's own chat writes it."""
    text = f"@{answered.person.name} {text}" if answered else text
    return {
        **_broadcaster(place),
        **_named("chatter_user", person),
        "message_id": str(uuid.uuid4()),
        "message": {"text": text, "fragments": fragments_of(text)},
        "message_type": "text",
        "badges": _badges(person, place),
        "color": "#00FF7F",
        "cheer": None,
        "reply": answered.as_reply() if answered else None,
        "channel_points_custom_reward_id": None,
        "channel_points_animation_id": None,
        "source_broadcaster_user_id": None,
        "source_broadcaster_user_login": None,
        "source_broadcaster_user_name": None,
        "source_message_id": None,
        "source_badges": None,
        "is_source_only": None,
    }


def whisper(person: StandInPerson, text: str) -> Json:
    return {
        **_named("from_user", person),
        "to_user_id": TWITCH_BOT_USER,
        "to_user_login": BOT_LOGIN,
        "to_user_name": "WaddleBot",
        "whisper_id": str(uuid.uuid4()),
        "whisper": {"text": text},
    }


def fragments_of(text: str) -> list[Json]:
    return [_fragment(part) for part in re.split(r"(@\w+)", text) if part]


def user_body(user_id: str, login: str, name: str) -> Json:
    return {
        "id": user_id,
        "login": login,
        "display_name": name,
        "type": "",
        "broadcaster_type": "",
        "description": "",
        "profile_image_url": "",
        "offline_image_url": "",
        "view_count": 0,
        "created_at": "2016-12-14T20:32:28Z",
    }


def happening(
    kind: str,
) -> Callable[[StandInPerson, StandInPlace, Mapping[str, Any]], Happened] | None:
    return _HAPPENINGS.get(kind)


def happenings() -> list[str]:
    return sorted(_HAPPENINGS)


_BOT = {"user_id": TWITCH_BOT_USER, "user_login": BOT_LOGIN, "user_name": "WaddleBot"}


def _fragment(part: str) -> Json:
    person = find_by_login(part[1:]) if part.startswith("@") else None
    mention = _BOT if part[1:].lower() in {BOT_LOGIN, "waddlebot"} else None
    mention = mention or (_named("user", person) if person else None)
    kind = "mention" if mention else "text"
    return {"type": kind, "text": part, "cheermote": None, "emote": None, "mention": mention}


def _named(prefix: str, person: StandInPerson) -> Json:
    return {
        f"{prefix}_id": person.ids["twitch"],
        f"{prefix}_login": person.login,
        f"{prefix}_name": person.name,
    }


def _broadcaster(place: StandInPlace, prefix: str = "broadcaster_user") -> Json:
    login = place.name.lower()
    return {f"{prefix}_id": place.channel, f"{prefix}_login": login, f"{prefix}_name": place.name}


def _badges(person: StandInPerson, place: StandInPlace) -> list[Json]:
    """Whoever streams is somebody in their own channel."""
    is_own = person.ids["twitch"] == place.channel
    role = Role.OWNER if is_own else person.role
    badge = {Role.OWNER: "broadcaster", Role.MODERATOR: "moderator"}.get(role)
    return [{"set_id": badge, "id": "1", "info": ""}] if badge else []


def _raid(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Happened:
    raider = {f"from_broadcaster_{key}": value for key, value in _named("user", person).items()}
    raided = _broadcaster(place, "to_broadcaster_user")
    return "channel.raid", "1", {**raider, **raided, "viewers": int(details.get("viewers", 50))}


def _follow(person: StandInPerson, place: StandInPlace, _details: Mapping[str, Any]) -> Happened:
    event = {**_named("user", person), **_broadcaster(place), "followed_at": twitch_time()}
    return "channel.follow", "2", event


def _subscribed(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Happened:
    more = {"tier": str(details.get("tier", "1000")), "is_gift": bool(details.get("is_gift"))}
    return "channel.subscribe", "1", {**_named("user", person), **_broadcaster(place), **more}


def _resubscribed(
    person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]
) -> Happened:
    event = {
        **_named("user", person),
        **_broadcaster(place),
        "tier": str(details.get("tier", "1000")),
        "message": {"text": str(details.get("text", "")), "emotes": []},
        "cumulative_months": int(details.get("months", 12)),
        "streak_months": details.get("streak"),
        "duration_months": 1,
    }
    return "channel.subscription.message", "1", event


def _gifted(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Happened:
    event = {
        **_named("user", person),
        **_broadcaster(place),
        "total": int(details.get("total", 5)),
        "tier": str(details.get("tier", "1000")),
        "cumulative_total": details.get("cumulative_total"),
        "is_anonymous": False,
    }
    return "channel.subscription.gift", "1", event


def _cheered(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Happened:
    event = {
        **_named("user", person),
        **_broadcaster(place),
        "is_anonymous": False,
        "message": str(details.get("text", "")),
        "bits": int(details.get("bits", 100)),
    }
    return "channel.cheer", "1", event


def _redeemed(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Happened:
    event = {
        "id": str(uuid.uuid4()),
        **_named("user", person),
        **_broadcaster(place),
        "user_input": str(details.get("text", "")),
        "status": "unfulfilled",
        "reward": {
            "id": str(uuid.uuid5(uuid.NAMESPACE_OID, place.channel)),
            "title": str(details.get("reward", "Hydrate")),
            "cost": int(details.get("cost", 100)),
            "prompt": "",
        },
        "redeemed_at": twitch_time(),
    }
    return "channel.channel_points_custom_reward_redemption.add", "1", event


def _online(_person: StandInPerson, place: StandInPlace, _details: Mapping[str, Any]) -> Happened:
    more = {"id": str(secrets.randbelow(10**9)), "type": "live", "started_at": twitch_time()}
    return "stream.online", "1", {**_broadcaster(place), **more}


def _offline(_person: StandInPerson, place: StandInPlace, _details: Mapping[str, Any]) -> Happened:
    return "stream.offline", "1", _broadcaster(place)


def _banned(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Happened:
    return "channel.ban", "1", _ban_event(person, place, details, ends_at=None)


def _timed_out(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Happened:
    ends_at = datetime.now(UTC) + timedelta(seconds=int(details.get("seconds", 600)))
    return "channel.ban", "1", _ban_event(person, place, details, ends_at=twitch_time(ends_at))


def _ban_event(
    person: StandInPerson, place: StandInPlace, details: Mapping[str, Any], *, ends_at: str | None
) -> Json:
    return {
        **_named("user", person),
        **_broadcaster(place),
        **_named("moderator_user", OWNER),
        "reason": str(details.get("reason", "")),
        "banned_at": twitch_time(),
        "ends_at": ends_at,
        "is_permanent": ends_at is None,
    }


def _deleted(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Happened:
    line = {**_named("user", person), "message_id": details.get("message_id"), "message_body": ""}
    event = {**_broadcaster(place), **_named("moderator_user", OWNER)}
    return "channel.moderate", "2", {**event, "action": "delete", "delete": line}


def _cleared(_person: StandInPerson, place: StandInPlace, _details: Mapping[str, Any]) -> Happened:
    event = {**_broadcaster(place), **_named("moderator_user", OWNER)}
    return "channel.moderate", "2", {**event, "action": "clear"}


_HAPPENINGS: Mapping[str, Callable[[StandInPerson, StandInPlace, Mapping[str, Any]], Happened]] = {
    "raid": _raid,
    "follow": _follow,
    "sub": _subscribed,
    "subscription": _subscribed,
    "resub": _resubscribed,
    "gift_subscription": _gifted,
    "cheer": _cheered,
    "interaction": _redeemed,
    "stream_online": _online,
    "stream_offline": _offline,
    "ban": _banned,
    "delete": _deleted,
    "clear": _cleared,
    "timeout": _timed_out,
}
