"""Lines that were deleted where they stood, as every platform tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from waddlebot.domain.events import MessageType
from waddlebot.platforms.reading import PlatformPlace, Reading, hashed, received
from waddlebot.platforms.received import Action, Received


def gone(
    place: PlatformPlace,
    at: datetime,
    *,
    messages: Sequence[str] = (),
    user_id: str = "",
    named: str = "",
) -> Received:
    """Lines were deleted: these, or all of a person, or all there. `named` is what tells of it.

    Nothing is answered, so it is ignored as a message; chat boxes hear of it (domain/chat_box.py).
    """
    made = received(
        Reading(
            type=MessageType.GONE,
            place=place,
            user_id=user_id,
            data={"messages": list(messages)} if messages else {},
            own_id=hashed("gone", place, user_id, *(messages or (named or at,))),
            occurred_at=at,
            watched_only=True,
        )
    )
    if made.event is None:
        return made
    return Received(action=Action.IGNORE, watched=made.event, facts=made.facts)
