"""Keeps what a community lends: who has what, and until when."""

from __future__ import annotations

from functions.modules.inventory import keeping_commands, lending_commands, looking_commands
from functions.modules.inventory.personal_data import erase, export
from functions.modules.inventory.store import Inventory
from waddlebot_sdk import Module, PersonalData, Setting

MODULE: Module[Inventory] = Module(
    name="inventory",
    summary="Keeps what a community lends: who has what, and until when.",
    commands=(
        *lending_commands.COMMANDS,
        *keeping_commands.COMMANDS,
        *looking_commands.COMMANDS,
    ),
    settings=(
        Setting(
            name="days",
            default=14,
            summary="How long somebody keeps a thing who says no day; 0 is without end.",
        ),
    ),
    personal_data=PersonalData(export=export, erase=erase),
)
