from __future__ import annotations

from dataclasses import dataclass

import msgspec

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Later
from waddlebot_sdk import Call, Role

MODULE_NAME = "polls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voter:
    """An account: whom its person is otherwise is known where votes are counted."""

    platform: str
    id: str


def asking_voter(call: Call) -> Voter:
    """Who typed or pressed. Raises LookupError for an event that nobody caused."""
    if call.user is None:
        raise LookupError(f"{call.event_type} names no person")
    return Voter(platform=call.entity.platform, id=call.user.id)


def this_place(call: Call) -> Later:
    """For everybody there, in a thread for those who are in it; `private` where it is private talk.

    Its `entity` names the place: of a thread its own, and not the channel's.
    """
    if not call.later:
        return Later(entity=EntityId(call.entity.id))
    return msgspec.structs.replace(msgspec.convert(call.later, Later), user=None)


def may_moderate(call: Call) -> bool:
    """The label of the module's name gives what its moderators may, as everywhere."""
    return call.user is not None and (
        call.user.role.covers(Role.MODERATOR) or MODULE_NAME in call.user.labels
    )
