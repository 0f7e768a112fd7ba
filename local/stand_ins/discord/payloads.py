"""Discord's objects, as documented under "Resources" and as py-cord wants to read them."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from local.stand_ins.asgi import Json
from local.stand_ins.discord.servers import OwnedServers
from local.stand_ins.people import BOT_NAME, OWNER, PEOPLE, StandInPerson, find_by_login
from local.stand_ins.places import StandInPlace
from waddlebot_sdk.roles import Role

_DRAWN = ("embeds", "components", "choices")
_EPOCH_MS = 1_420_070_400_000
_JOINED = "2026-01-01T00:00:00+00:00"
_EVERYONE = 0x0000_0000_0001_0C40  # view channel, add reactions, send messages, read history
# Kick, ban, manage messages, moderate members.
_MODERATOR = _EVERYONE | 1 << 1 | 1 << 2 | 1 << 13 | 1 << 40
_ALL = (1 << 53) - 1

_numbers = itertools.count(1)


def snowflake() -> str:
    # Twelve bits of a count, so that ids of one millisecond differ and stay in order.
    milliseconds = int(time.time() * 1000) - _EPOCH_MS
    return str(milliseconds << 22 | next(_numbers) % 4096)


def permissions_of(person: StandInPerson) -> str:
    return str({Role.USER: _EVERYONE, Role.MODERATOR: _MODERATOR}.get(person.role, _ALL))


def user_of(person: StandInPerson) -> Json:
    return {
        "id": person.ids["discord"],
        "username": person.login,
        "global_name": person.name,
        "discriminator": "0",
        "avatar": None,
        "public_flags": 0,
    }


def bot_user(bot_id: str) -> Json:
    return {
        "id": bot_id,
        "username": BOT_NAME.lower(),
        "global_name": BOT_NAME,
        "discriminator": "0",
        "avatar": None,
        "bot": True,
        "flags": 0,
        "public_flags": 0,
        "verified": True,
        "mfa_enabled": False,
        "email": None,
    }


def member_of(person: StandInPerson, server: str | None) -> Json:
    """Without the user, as a MESSAGE_CREATE carries it."""
    return {
        "roles": [moderators_role(server)] if server and person.role is Role.MODERATOR else [],
        "joined_at": _JOINED,
        "nick": None,
        "avatar": None,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }


def full_member(person: StandInPerson, server: str | None) -> Json:
    return {**member_of(person, server), "user": user_of(person)}


def moderators_role(server: str) -> str:
    return str(int(server) + 1)


def message_body(place: StandInPlace, author: Json, content: str, **more: Any) -> Json:
    """`more` are further fields of Discord's message object."""
    return {
        "id": snowflake(),
        "channel_id": place.channel,
        "type": 0,
        "content": content,
        "author": author,
        "timestamp": datetime.now(UTC).isoformat(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "flags": 0,
        **more,
    }


def as_reply(answered: tuple[StandInPlace, Json] | None) -> Json:
    """What a message that answers another one has on top."""
    if answered is None:
        return {}
    place, message = answered
    without = {key: value for key, value in message.items() if key != "referenced_message"}
    reference = {"type": 0, "message_id": message["id"], "channel_id": place.channel}
    return {"type": 19, "message_reference": reference, "referenced_message": without}


def channel_body(place: StandInPlace, position: int = 0, overwrites: Sequence[Json] = ()) -> Json:
    if place.parent:
        return _thread_body(place, place.parent)
    return {
        "id": place.channel,
        "guild_id": place.server,
        "type": 0,
        "name": place.name,
        "position": position,
        "permission_overwrites": list(overwrites),
        "nsfw": False,
        "parent_id": None,
        "topic": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
    }


def _thread_body(place: StandInPlace, parent: str) -> Json:
    return {
        "id": place.channel,
        "guild_id": place.server,
        "parent_id": parent,
        "owner_id": OWNER.ids["discord"],
        "type": 11,
        "name": place.name,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "message_count": 0,
        "member_count": 1,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": _JOINED,
            "locked": False,
            "create_timestamp": _JOINED,
        },
    }


def direct_channel_body(place: StandInPlace, recipient: Json) -> Json:
    return {"id": place.channel, "type": 1, "last_message_id": None, "recipients": [recipient]}


def guild_body(server: str, places: list[StandInPlace], bot_id: str, servers: OwnedServers) -> Json:
    everybody = (servers.seen(person, server) for person in PEOPLE.values())
    members = [full_member(person, server) for person in everybody]
    bot = {**member_of(OWNER, server), "user": bot_user(bot_id), "roles": []}
    return {
        "id": server,
        "name": "WaddleBot",
        "owner_id": servers.owner_of(server),
        "icon": None,
        "splash": None,
        "banner": None,
        "description": None,
        "vanity_url_code": None,
        "application_id": None,
        "region": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "features": [],
        "emojis": [],
        "stickers": [],
        "soundboard_sounds": [],
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "roles": [
            _role(server, "@everyone", _EVERYONE),
            _role(moderators_role(server), "Moderators", _MODERATOR),
        ],
        "joined_at": _JOINED,
        "large": False,
        "unavailable": False,
        "member_count": len(members) + 1,
        "members": [*members, bot],
        "channels": [
            channel_body(place, position, servers.overwrites(server, place.channel))
            for position, place in enumerate(place for place in places if not place.parent)
        ],
        "threads": [channel_body(place) for place in places if place.parent],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
    }


def _role(role_id: str, name: str, permissions: int) -> Json:
    return {
        "id": role_id,
        "name": name,
        "permissions": str(permissions),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def as_typed(text: str, bot_id: str, channels: list[StandInPlace]) -> tuple[str, list[Json]]:
    """What Discord's client makes of @names and #channels, and whom the line mentions."""
    mentioned: list[Json] = []

    def mention(found: re.Match[str]) -> str:
        person = find_by_login(found[1])
        user = (
            bot_user(bot_id) if found[1].lower() == BOT_NAME.lower() else person and user_of(person)
        )
        if not user:
            return found[0]
        mentioned.append(user)
        return f"<@{user['id']}>"

    ids = {place.name: place.channel for place in channels}
    text = re.sub(r"@(\w+)", mention, text)
    text = re.sub(r"#([\w-]+)", lambda m: f"<#{ids[m[1]]}>" if m[1] in ids else m[0], text)
    return text, mentioned


def pings_in(body: Json, replied_to: str | None) -> tuple[str, ...]:
    """Whom a message of the bot notifies; without `allowed_mentions` Discord parses everything."""
    allowed = body.get("allowed_mentions")
    content = str(body.get("content") or "")
    parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or ())
    pings = []
    if "everyone" in parse:
        pings += re.findall(r"@everyone|@here", content)
    for kind, shape in (("users", r"<@!?(\d+)>"), ("roles", r"<@&(\d+)>")):
        listed = set((allowed or {}).get(kind) or ())
        pings += [found for found in re.findall(shape, content) if kind in parse or found in listed]
    if replied_to and (allowed is None or allowed.get("replied_user")):
        pings.append(replied_to)
    return tuple(pings)


def visible_text(body: Json) -> str:
    """The words a person reads: content, embeds, text displays; not what is pressed."""
    lines = [str(body.get("content") or "")]
    for embed in body.get("embeds") or ():
        marked = [str(embed.get(part) or "") for part in ("title", "description")]
        lines += map(_without_marks, marked)
        lines.append(str((embed.get("footer") or {}).get("text") or ""))
    lines += _displayed(body.get("components") or ())
    return "\n".join(line for line in lines if line)


def dress_of(body: Json) -> Json | None:
    """What Discord draws: the content, and embeds and components below it."""
    below = {name: body[name] for name in _DRAWN if body.get(name)}
    return {"content": str(body.get("content") or ""), **below} if below else None


def _without_marks(text: str) -> str:
    return re.sub(r"\*\*|\\([\\*_~`|>\[\]])", r"\1", text)


def _displayed(components: Any) -> list[str]:
    words = []
    for component in components:
        words += [str(component["content"])] if component.get("content") else []
        words += _displayed(component.get("components") or ())
    return words


def deleted(place: StandInPlace, which: Json) -> Json:
    """One line (`id`) or several (`ids`)."""
    return {**which, "channel_id": place.channel, "guild_id": place.server}
