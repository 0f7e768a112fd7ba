"""The clock moves on and what is due happens, as the gateway would make it happen."""

from __future__ import annotations

from datetime import timedelta

from functions.modules.memories.store import Memories
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Memories]


def let_time_pass(chat: Chat, connection: Connection, **duration: float) -> None:
    """The clock moves on and what is due happens, as the gateway would make it happen."""
    chat.wait(timedelta(**duration))
    due = Due(connection)
    for row in due.take(chat.now, 10):
        event = row.to_event()
        chat.happens("due", event.data, to=event.user.name if event.user else None)
        due.mark([row.id], chat.now)
