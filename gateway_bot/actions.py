"""What is said about an action of a platform, when it is known what came of it."""

from __future__ import annotations

from waddlebot.domain.entities import platform_of
from waddlebot.domain.events import Channel
from waddlebot.domain.outcomes import Reply
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot.platforms import find_dress

_DONE, _REFUSED = "d", "r"


def about_action(action: PlatformAction, text: str, *, private: bool) -> Reply:
    """To whoever asked for it, alone or with everybody in that place; one id for each."""
    return Reply(
        id=f"{action.id}{_REFUSED if private else _DONE}",
        session_id=action.session_id,
        execution_id=action.execution_id,
        entity=action.entity,
        text=text,
        way_back=Channel(),
        user=action.asked_by or None,
        user_name=find_dress(platform_of(action.entity)).plain(action.asked_by_name),
        private=private,
    )
