from __future__ import annotations

from dataclasses import dataclass

from waddlebot_sdk import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody on one platform: the platform's own id and name."""

    platform: str
    id: str
    name: str


def asking_person(call: Call) -> Person:
    """Who typed a command. Raises LookupError for an event that nobody caused."""
    if call.user is None:
        raise LookupError(f"{call.event_type} names no person")
    return Person(platform=call.entity.platform, id=call.user.id, name=call.user.name)
