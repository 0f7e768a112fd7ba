"""Quiets the bot in one channel at once, and wakes it again."""

from __future__ import annotations

from functions.builtins.tools import Builtin, Deciding
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.quiet.deeds import set_quiet
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Role, command, say_command


@command(
    "waddlebot off",
    "Quiet the bot in this channel.",
    example="waddlebot off",
    role=Role.MODERATOR,
)
def off(call: Call, tools: Deciding) -> Answer:
    return _decide(call, tools, quiet=True)


@command(
    "waddlebot on",
    "Wake the bot in this channel.",
    example="waddlebot on",
    role=Role.MODERATOR,
)
def on(call: Call, tools: Deciding) -> Answer:
    return _decide(call, tools, quiet=False)


def _decide(call: Call, tools: Deciding, *, quiet: bool) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        set_quiet(edit, asker, tools.session.spot.entity, quiet=quiet)
        if quiet:
            return f"I am quiet in this channel now. {say_command('waddlebot on')} wakes me."
        return f"I am back. {say_command('help')} shows what you can do."

    return tools.decide(call, decide)


MODULE = Builtin(
    tools=Deciding,
    name="quiet",
    summary="Quiets the bot in a channel.",
    commands=(off, on),
)
