"""Welcomes whoever writes for the first time, or joins."""

from __future__ import annotations

from functions.modules.welcome import commands, greeting
from functions.modules.welcome.kept_welcome import MODULE_NAME
from functions.modules.welcome.personal_data import erase, export
from functions.modules.welcome.store import Welcomes
from waddlebot_sdk import Module, PersonalData, on
from waddlebot_sdk.wishes import May

MODULE: Module[Welcomes] = Module(
    name=MODULE_NAME,
    summary="Welcomes whoever writes for the first time, or joins.",
    commands=commands.COMMANDS,
    listens=(
        on("first_line", greeting.wrote_first),
        on("member_join", greeting.joined),
    ),
    may=frozenset({May.SAY_ELSEWHERE}),
    personal_data=PersonalData(export=export, erase=erase),
)
