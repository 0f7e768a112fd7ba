"""How tests of this folder read: who says what, and what chat answers."""

from __future__ import annotations

from datetime import datetime

from functions.modules.inventory.store import Inventory
from waddlebot_sdk.dialogue import Dialogue
from waddlebot_sdk.shown import Shown, show_time

Chat = Dialogue[Inventory]


def says(chat: Chat, name: str, *lines: str, role: str = "user") -> list[str]:
    for line in lines:
        chat.says(name, line, role=role)
    return chat.heard()


def moderates(chat: Chat, *lines: str) -> list[str]:
    return says(chat, "Max", *lines, role="moderator")


def at(moment: datetime, shown: Shown = Shown.MOMENT) -> str:
    return show_time(moment, shown)
