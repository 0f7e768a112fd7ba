"""Quiets the bot in one channel at once, and wakes it again."""

from __future__ import annotations

from functools import partial

from functions.router.destinations.builtin import BuiltinTools
from waddlebot.stores.communities import Communities
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Module, Role, command


@command(
    "waddlebot off",
    "Quiet the bot in this channel.",
    example="waddlebot off",
    role=Role.MODERATOR,
)
def off(call: Call, tools: BuiltinTools) -> Answer:
    return tools.change(call, partial(_set_quiet, tools, quiet=True))


@command(
    "waddlebot on",
    "Wake the bot in this channel.",
    example="waddlebot on",
    role=Role.MODERATOR,
)
def on(call: Call, tools: BuiltinTools) -> Answer:
    return tools.change(call, partial(_set_quiet, tools, quiet=False))


def _set_quiet(tools: BuiltinTools, edit: Edit, *, quiet: bool) -> str:
    Communities(edit).set_quiet(tools.session.spot.entity, quiet)
    if quiet:
        return "I am quiet in this channel now. !waddlebot on wakes me."
    return "I am back. !help shows what you can do."


MODULE: Module[BuiltinTools] = Module(
    name="quiet",
    summary="Quiets the bot in a channel.",
    commands=(off, on),
)
