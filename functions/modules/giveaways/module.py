"""Gives things away by draws that anybody can check."""

from __future__ import annotations

from functions.modules.giveaways import commands, entering, proving, telling
from functions.modules.giveaways.giveaways import Giveaways
from functions.modules.giveaways.people import MODULE_NAME
from functions.modules.giveaways.personal_data import erase, export
from waddlebot_sdk import Module, PersonalData, on, route

MODULE: Module[Giveaways] = Module(
    name=MODULE_NAME,
    summary="Gives things away by draws that anybody can check.",
    commands=(*commands.COMMANDS, *entering.COMMANDS),
    listens=(
        on("due", telling.told_now),
        on("ban", telling.banned),
        on("button_click", entering.entered_by_button, action="enter"),
    ),
    routes=(route("GET", "proof/{token}", proving.read),),
    personal_data=PersonalData(export=export, erase=erase),
)
