"""What Twitch tells where somebody takes back what they allowed the application.

Docs: "EventSub Subscription Types", user.authorization.revoke; "Handling Webhook Events".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from waddlebot.domain.events import MessageType
from waddlebot.platforms.fields import id_at, object_at, text_at
from waddlebot.platforms.reading import PlatformPlace, Reading, facts_of, received
from waddlebot.platforms.received import Action, Received, without_event

_TAKEN_BACK = frozenset({"authorization_revoked", "user_removed"})
_OF_OTHERS = ("user_id", "moderator_user_id")

AUTHORIZATION_REVOKED = "user.authorization.revoke"
"""Told of whoever takes back all that they allowed the application, wherever they stream."""


def read_revocation(payload: Mapping[str, Any], *, envelope_id: str, at: datetime) -> Received:
    """A subscription ended. That is the streamer's doing where it hangs on nobody else: of chat,
    the bot's own account may have lost its leave."""
    condition = object_at(payload, "subscription", "condition")
    channel = id_at(condition, "broadcaster_user_id")
    status = text_at(payload, "subscription", "status")
    is_theirs = status in _TAKEN_BACK and not any(id_at(condition, one) for one in _OF_OTHERS)
    if channel and is_theirs:
        return _ended(channel, status, envelope_id, at, Action.REVOCATION)
    place = PlatformPlace(platform="twitch", channel=channel)
    kind = text_at(payload, "subscription", "type")
    data = {"subscription_type": kind, "status": status}
    return without_event(Action.REVOCATION, facts_of(place, user_id="", text="", data=data))


def read_authorization_revoked(
    event: Mapping[str, Any], *, envelope_id: str, at: datetime
) -> Received:
    """Of `event`, which names who it was in `user_id`: also of whoever only signed in with Twitch,
    and streams nowhere that we know."""
    user = id_at(event, "user_id")
    if not user:
        return without_event(Action.LIFECYCLE)
    return _ended(user, "authorization_revoked", envelope_id, at, Action.LIFECYCLE)


def _ended(user: str, why: str, envelope_id: str, at: datetime, action: Action) -> Received:
    told = received(
        Reading(
            type=MessageType.PROFILE_CHANGE,
            place=PlatformPlace(platform="twitch", channel=user),
            data={"ended": why, "is_bots": True, "status": why},
            own_id=envelope_id,
            occurred_at=at,
            # No community is founded for it: nothing is looked up of what is private.
            private=True,
            watched_only=True,
        )
    )
    return msgspec.structs.replace(told, event=None, watched=told.event, action=action)
