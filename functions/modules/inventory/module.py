"""Keeps what a community lends: who has what, and until when."""

from __future__ import annotations

from functions.modules.inventory import (
    changing_commands,
    csv_commands,
    keeping_commands,
    late_commands,
    lending_commands,
    looking_commands,
    request_commands,
    waiting_commands,
)
from functions.modules.inventory.due_now import due_now
from functions.modules.inventory.personal_data import erase, export
from functions.modules.inventory.store import Inventory
from waddlebot_sdk import Module, PersonalData, Setting, on, route

MODULE: Module[Inventory] = Module(
    name="inventory",
    summary="Keeps what a community lends: who has what, and until when.",
    commands=(
        *lending_commands.COMMANDS,
        *waiting_commands.COMMANDS,
        *late_commands.COMMANDS,
        *request_commands.COMMANDS,
        *keeping_commands.COMMANDS,
        *changing_commands.COMMANDS,
        *csv_commands.COMMANDS,
        *looking_commands.COMMANDS,
    ),
    listens=(
        on("due", due_now),
        on("modal_submit", csv_commands.imported, action="import"),
        on("button_click", request_commands.accept_pressed, action="accept"),
        on("button_click", request_commands.refuse_pressed, action="refuse"),
    ),
    settings=(
        Setting(
            name="days",
            default=14,
            summary="How long somebody keeps a thing who says no day; 0 is without end.",
        ),
        Setting(
            name="hold_hours",
            default=24,
            summary="How long something is kept for who is next in line; 0 keeps nothing.",
        ),
        Setting(
            name="remind_hours",
            default=24,
            summary="How long before its day somebody is reminded of a thing; 0 only on the day.",
        ),
        Setting(
            name="approval",
            default=False,
            summary="A moderator accepts who takes something.",
        ),
    ),
    routes=(route("GET", "csv/{token}", csv_commands.fetched),),
    personal_data=PersonalData(export=export, erase=erase),
)
