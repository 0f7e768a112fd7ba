from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Later, Speaker
from waddlebot_sdk import Call, Role

MODULE_NAME = "calendar"
AUTO_APPROVED = "event-autoapprove"
"""A label of people who plan what they like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody on one platform, by its own id and name; `later` is how to come back to them."""

    platform: str
    id: str
    name: str
    later: Later


def asking_guest(call: Call) -> Guest:
    """Who typed or pressed. Raises LookupError for an event that nobody caused."""
    if call.user is None:
        raise LookupError(f"{call.event_type} names no person")
    later = (
        msgspec.convert(call.later, Later)
        if call.later
        else Later(
            entity=EntityId(call.entity.id), user=Speaker(id=call.user.id, name=call.user.name)
        )
    )
    return Guest(platform=call.entity.platform, id=call.user.id, name=call.user.name, later=later)


def may_moderate(call: Call) -> bool:
    """The label of the module's name gives what its moderators may, as everywhere."""
    return call.user is not None and (
        call.user.role.covers(Role.MODERATOR) or MODULE_NAME in call.user.labels
    )


def needs_nobody(call: Call) -> bool:
    """Whether what this person plans waits for no moderator."""
    return may_moderate(call) or (call.user is not None and AUTO_APPROVED in call.user.labels)


def read_later(kept: Any) -> Later:
    return msgspec.convert(kept, Later)


def keep_later(later: Later) -> Any:
    """As JSON has it."""
    return msgspec.to_builtins(later)
