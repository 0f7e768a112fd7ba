"""Tells whoever can change it why something was not said where it was meant to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from functions.builtins.tools import Builtin, WithStores
from waddlebot.domain import sayings
from waddlebot.domain.entities import platform_of
from waddlebot.domain.events import MessageType
from waddlebot.domain.executions import Notice
from waddlebot.stores.members import Members
from waddlebot_sdk import Answer, Call, Role, on


def tell(call: Call, tools: WithStores) -> Answer:
    """Once a day a place and reason; where nobody there can change it, it is only on record."""
    if not call.data.get("closed"):
        return None
    why, is_action = str(call.data["why"]), bool(call.data.get("is_action"))
    text = why if is_action else sayings.unsaid(why, said=bool(call.data["said"]))
    # Notices are the router's own; the public contract knows responses alone.
    return cast(Answer, list(_notices(text, tools)))


def _notices(text: str, tools: WithStores) -> Iterator[Notice]:
    """In the moderators' channel; where there is none, or that is what is closed, to an owner."""
    session = tools.session
    channel, closed = session.community.moderators_channel, session.event.entity
    if channel and channel not in {closed, session.spot.entity}:
        yield Notice(entity=channel, text=text)
        return
    platform = platform_of(closed)
    for member in Members(tools.postgres).with_roles(session.community.id):
        is_owner = member.role is Role.OWNER and member.entity is None
        if is_owner and member.platform == platform:
            yield Notice(entity=closed, text=text, user=member.user_id, user_name=member.name)
            return


MODULE = Builtin(
    tools=WithStores,
    name="unsaid",
    summary="Says where WaddleBot cannot speak.",
    listens=(on(MessageType.UNSAID, tell),),
)
