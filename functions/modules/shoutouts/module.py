"""Recommends other streamers: by hand, and whoever raids."""

from __future__ import annotations

from functions.modules.shoutouts import commands, friend_commands, raiding
from functions.modules.shoutouts.personal_data import erase, export
from functions.modules.shoutouts.store import Shoutouts
from waddlebot_sdk import ExecutionMode, May, Module, PersonalData, on

MODULE: Module[Shoutouts] = Module(
    name="shoutouts",
    summary="Recommends other streamers: by hand, and whoever raids.",
    commands=(*commands.COMMANDS, *friend_commands.COMMANDS, *raiding.COMMANDS),
    listens=(on("raid", raiding.raided), on("ban", raiding.banned)),
    personal_data=PersonalData(export=export, erase=erase),
    may=frozenset({May.SEE_CHANNELS, May.SHOUT_OUT}),
    # Twitch is asked meanwhile what three channels play.
    timeout_seconds=6.0,
    # Nobody else who hears of a raid or a ban waits for that.
    execution_mode=ExecutionMode.PARALLEL,
)
