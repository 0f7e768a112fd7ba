"""How tests of this folder read: who says what, and what chat answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from functions.modules.inventory.store import Inventory
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection
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


def let_time_pass(chat: Chat, connection: Connection, **duration: float) -> list[str]:
    """The clock moves on and what is due happens, as the gateway would make it happen."""
    chat.wait(timedelta(**duration))
    due = Due(connection)
    while rows := due.take(chat.now, 10):
        for row in rows:
            event = row.to_event()
            chat.happens("due", event.data, to=event.user.name if event.user else None)
            due.mark([row.id], chat.now)
    return chat.heard()
