"""Who somebody is on Discord, as far as a payload says.

`user`, `member` and `payload` are Discord's objects, `permissions` its bit field as a number.
Docs: "User Object", "Guild Member Object", "Permissions".
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from waddlebot.platforms.fields import dig, id_at, number_at, object_at, objects_at, text_at
from waddlebot.platforms.reading import hashed
from waddlebot_sdk.roles import Role

KICK_MEMBERS = 1 << 1
BAN_MEMBERS = 1 << 2
ADMINISTRATOR = 1 << 3
MANAGE_GUILD = 1 << 5
MANAGE_MESSAGES = 1 << 13
MODERATE_MEMBERS = 1 << 40
_MENTION = re.compile(r"<@[!&]?(\d{1,20})>", re.ASCII)
_SAME_BOOST_SECONDS = 300
_ADMIN = ADMINISTRATOR | MANAGE_GUILD
_MODERATOR = KICK_MEMBERS | BAN_MEMBERS | MANAGE_MESSAGES | MODERATE_MEMBERS


def moderates(permissions: int) -> bool:
    """Whether they let anybody look after others."""
    return bool(permissions & (_ADMIN | _MODERATOR))


def role_of(payload: dict[str, Any], user_id: str) -> Role:
    """From `member.permissions` (interactions carry them) and the guild's owner, where said."""
    owner = id_at(payload, "guild", "owner_id")
    if owner and owner == user_id:
        return Role.OWNER
    permissions = number_at(payload, "member", "permissions") or 0
    if permissions & _ADMIN:
        return Role.ADMIN
    return Role.MODERATOR if permissions & _MODERATOR else Role.USER


def name_of(user: object, member: object = None) -> str:
    """What people see: the name in this server, the display name, the account's name."""
    return text_at(member, "nick") or text_at(user, "global_name") or text_at(user, "username")


def login_of(user: object) -> str:
    """The account's name, which nobody else bears; with a number (old accounts) many bear it."""
    is_unique = text_at(user, "discriminator") in {"", "0"}
    return text_at(user, "username") if is_unique else ""


def user_of(payload: dict[str, Any]) -> dict[str, Any]:
    """The person of an interaction or member event: inside `member` in servers, else beside it."""
    return object_at(payload, "member", "user") or object_at(payload, "user")


def mentioned_in(text: str, payload: dict[str, Any]) -> dict[str, str]:
    """Names of the people and roles that this line of the payload mentions, by their ids.

    A line says them in `mentions`, what a command was given in `resolved`. Roles' names are the
    gateway's to know.
    """
    given = object_at(payload, "data", "resolved")
    users = [
        *((user, dig(user, "member")) for user in objects_at(payload, "mentions")),
        *((user, dig(given, "members", key)) for key, user in object_at(given, "users").items()),
    ]
    roles = [*objects_at(payload, "mentioned_roles"), *object_at(given, "roles").values()]
    names = {id_at(user, "id"): name_of(user, member) for user, member in users}
    names |= {id_at(role, "id"): text_at(role, "name") for role in roles}
    return {found: names[found] for found in _MENTION.findall(text) if names.get(found)}


def boost_id(server: str, user_id: str, since: datetime) -> str:
    """A boost is told as a line, as a change of the member, or as both within a second."""
    return hashed("boost", server, user_id, int(since.timestamp()) // _SAME_BOOST_SECONDS)


def is_bot(user: object) -> bool:
    return dig(user, "bot") is True
