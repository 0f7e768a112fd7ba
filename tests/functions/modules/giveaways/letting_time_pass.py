"""The clock moves on and what is due happens, as the gateway would make it happen."""

from __future__ import annotations

from datetime import timedelta

from functions.modules.giveaways.giveaways import Giveaways
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue


def let_time_pass(chat: Dialogue[Giveaways], connection: Connection, **duration: float) -> None:
    """What comes of it may bring more that is due by then."""
    until = chat.now + timedelta(**duration)
    due = Due(connection)
    while rows := due.take(until, 1):
        (row,) = rows
        chat.now = max(chat.now, row.at)
        due.mark([row.id], chat.now)
        chat.happens("due", row.to_event().data, to=row.user.name if row.user else None)
    chat.now = until
