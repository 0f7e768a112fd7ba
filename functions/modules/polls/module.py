"""Asks a community, and counts each person once."""

from __future__ import annotations

from functions.modules.polls import commands, ending, voting
from functions.modules.polls.people import MODULE_NAME
from functions.modules.polls.personal_data import erase, export
from functions.modules.polls.polling import Polls
from waddlebot_sdk import Module, PersonalData, on

MODULE: Module[Polls] = Module(
    name=MODULE_NAME,
    summary="Asks a community, and counts each person once.",
    commands=(*commands.COMMANDS, *voting.COMMANDS),
    listens=(
        on("due", ending.due_now),
        on("button_click", voting.pressed, action="vote"),
        on("select_menu", voting.chosen, action="vote"),
    ),
    personal_data=PersonalData(export=export, erase=erase),
)
