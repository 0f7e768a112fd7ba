"""Says something so that everybody sees it: Twitch's announcements and shoutouts."""

from __future__ import annotations

from typing import cast

from functions.builtins.naming import read_person
from functions.builtins.tools import Builtin, InSession
from waddlebot.decisions.asking import channel_of
from waddlebot.domain.errors import Refusal
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, Role, command, say_command


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
    return cast(Answer, [_action(ActionKind.ANNOUNCE, call, tools, text=words)])


@command(
    "shoutout <person>",
    "Recommend another streamer.",
    also=("so",),
    example="shoutout @penguin_lagoon",
    role=Role.MODERATOR,
)
def shoutout(call: Call, tools: InSession) -> Answer:
    abilities = find_abilities(call.entity.platform)
    if not abilities.shouts_out:
        raise Refusal(f"{abilities.name} knows no shoutouts. There is {say_command('announce')}.")
    return cast(Answer, [_action(ActionKind.SHOUT_OUT, call, tools, user=read_person(call))])


def _action(
    kind: ActionKind, call: Call, tools: InSession, *, user: str = "", text: str = ""
) -> PlatformAction:
    return PlatformAction(
        id=f"{call.execution_id}a",
        kind=kind,
        entity=channel_of(tools.session),
        user=user,
        text=text,
        session_id=call.session_id,
        execution_id=call.execution_id,
        asked_by=call.user.id if call.user else "",
        asked_by_name=call.user.name if call.user else "",
    )


MODULE = Builtin(
    tools=InSession,
    name="announce",
    summary="Says something so that everybody sees it.",
    commands=(announce, shoutout),
)
