"""Says something so that everybody sees it: Twitch's announcements."""

from __future__ import annotations

from typing import cast

from functions.builtins.tools import Builtin, InSession
from waddlebot.decisions.asking import channel_of
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, Role, command


@command(
    "announce <words>",
    "Say something so that everybody sees it.",
    example="announce The raffle ends in ten minutes",
    role=Role.MODERATOR,
)
def announce(call: Call, tools: InSession) -> Answer:
    channel_of(tools.session)
    words = call.in_words(call.arguments["words"])
    if not find_abilities(call.entity.platform).announces:
        return Chat(words)
    action = PlatformAction(
        id=f"{call.execution_id}a",
        kind=ActionKind.ANNOUNCE,
        entity=channel_of(tools.session),
        text=words,
        session_id=call.session_id,
        execution_id=call.execution_id,
        asked_by=call.user.id if call.user else "",
        asked_by_name=call.user.name if call.user else "",
    )
    return cast(Answer, [action])


MODULE = Builtin(
    tools=InSession,
    name="announce",
    summary="Says something so that everybody sees it.",
    commands=(announce,),
)
