"""Slack's user and channel objects (docs: "users.info", "conversations.info", "user_change").

`user` and `channel` are those objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from waddlebot.platforms.fields import id_at, is_true, text_at
from waddlebot_sdk.roles import Role

if TYPE_CHECKING:
    from waddlebot.domain.known_people import KnownPerson

MOST_NAME_CHARACTERS = 80
"""Slack's own most for a name that is shown."""


def read_person(user: Mapping[str, Any]) -> KnownPerson:
    """Owners and admins of a workspace are it in that workspace, which `team_id` names."""
    # Ingress reads names alone.
    from waddlebot.domain.known_people import KnownPerson

    team = id_at(user, "team_id")
    home = f"slack:server:{team}" if team else ""
    is_gone = is_true(user, "deleted") or is_true(user, "is_stranger")
    return KnownPerson(
        name=read_name(user),
        home=home,
        role=_role(user),
        is_member=bool(home) and not is_gone,
    )


def read_name(user: Mapping[str, Any]) -> str:
    """What others see, on one line."""
    shown = (
        text_at(user, "profile", "display_name"),
        text_at(user, "profile", "real_name"),
        text_at(user, "real_name"),
        text_at(user, "name"),
    )
    names = (" ".join(one.split())[:MOST_NAME_CHARACTERS].strip() for one in shown)
    return next(filter(None, names), "")


def read_channel_name(channel: Mapping[str, Any]) -> str:
    return text_at(channel, "name")[:MOST_NAME_CHARACTERS]


def _role(user: Mapping[str, Any]) -> Role:
    """Who was sent away, guests, programs and visitors are nobody, whatever else it says."""
    nobody = ("deleted", "is_stranger", "is_bot", "is_restricted", "is_ultra_restricted")
    if any(is_true(user, one) for one in nobody):
        return Role.USER
    if is_true(user, "is_primary_owner") or is_true(user, "is_owner"):
        return Role.OWNER
    return Role.ADMIN if is_true(user, "is_admin") else Role.USER
