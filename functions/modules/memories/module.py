"""Keeps a community's quotes, links and notes, and reminds people."""

from __future__ import annotations

from functions.modules.memories import (
    commands,
    filing,
    import_commands,
    memo_commands,
    quoting,
    reacting,
    reminder_commands,
)
from functions.modules.memories.personal_data import erase, export
from functions.modules.memories.reacting_texts import PIN
from functions.modules.memories.store import Memories
from waddlebot_sdk import Module, PersonalData, Setting, on

MODULE: Module[Memories] = Module(
    name="memories",
    summary="Keeps a community's quotes, links and notes, and reminds people.",
    commands=(
        *quoting.COMMANDS,
        *commands.COMMANDS,
        *filing.COMMANDS,
        *reminder_commands.COMMANDS,
        *memo_commands.COMMANDS,
        *reacting.COMMANDS,
        *import_commands.COMMANDS,
    ),
    listens=(
        on("due", reminder_commands.remind_now),
        on("button_click", quoting.another, action="another"),
        on("button_click", reacting.liked, action="like"),
        on("reaction", reacting.pinned_by_emoji, action=PIN),
        on("modal_submit", quoting.filled_in, action="addquote"),
        on("modal_submit", import_commands.brought, action="importquotes"),
    ),
    settings=(
        Setting(name="ticker", default=True, summary="Show a new quote on the stream's overlay."),
        Setting(name="pins", default=0, summary="Pins of so many people keep a line; 0: never."),
    ),
    personal_data=PersonalData(export=export, erase=erase),
)
