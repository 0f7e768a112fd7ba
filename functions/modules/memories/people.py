from __future__ import annotations

from dataclasses import dataclass

import msgspec

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Later, Speaker
from waddlebot_sdk import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """Somebody on one platform: the platform's own id and name."""

    platform: str
    id: str
    name: str

    @classmethod
    def of(cls, platform: str, user_id: str) -> Somebody:
        """Where the name is of no interest."""
        return cls(platform=platform, id=user_id, name="")


def asking_person(call: Call) -> Somebody:
    """Who typed a command. Raises LookupError for an event that nobody caused."""
    if call.user is None:
        raise LookupError(f"{call.event_type} names no person")
    return Somebody(platform=call.entity.platform, id=call.user.id, name=call.user.name)


def asking_later(call: Call) -> Later:
    """Where and how to come back to who typed it; the release before tells only the place."""
    if call.later:
        return msgspec.convert(call.later, Later)
    person = asking_person(call)
    speaker = Speaker(id=person.id, name=person.name)
    return Later(entity=EntityId(call.entity.id), user=speaker)
