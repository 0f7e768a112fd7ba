"""Keeps a community's quotes, links and notes, and reminds people."""

from __future__ import annotations

from functions.modules.memories import commands, reminder_commands
from functions.modules.memories.personal_data import erase, export
from functions.modules.memories.store import Memories
from waddlebot_sdk import Module, PersonalData, Setting, on

MODULE: Module[Memories] = Module(
    name="memories",
    summary="Keeps a community's quotes, links and notes, and reminds people.",
    commands=(*commands.COMMANDS, *reminder_commands.COMMANDS),
    listens=(
        on("due", reminder_commands.remind_now),
        on("button_click", commands.another, action="another"),
        on("modal_submit", commands.filled_in, action="addquote"),
    ),
    settings=(
        Setting(name="ticker", default=True, summary="Show a new quote on the stream's overlay."),
    ),
    personal_data=PersonalData(export=export, erase=erase),
)
