"""Says what a community wants to be said again and again, while people talk."""

from __future__ import annotations

from functions.modules.timers import commands
from functions.modules.timers.kept_timers import MODULE_NAME
from functions.modules.timers.personal_data import erase, export
from functions.modules.timers.saying import said_now
from functions.modules.timers.store import Timers
from waddlebot_sdk import Module, PersonalData, on

MODULE: Module[Timers] = Module(
    name=MODULE_NAME,
    summary="Says what a community wants to be said again and again, while people talk.",
    commands=commands.COMMANDS,
    listens=(on("due", said_now),),
    personal_data=PersonalData(export=export, erase=erase),
)
