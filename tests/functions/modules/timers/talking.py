"""People write lines, the clock moves on, and what is due happens as the gateway would do it."""

from __future__ import annotations

from datetime import timedelta

from functions.modules.timers.store import Timers
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue

HERE = "twitch:channel:demo"


def people_write(chat: Dialogue[Timers], connection: Connection, lines: int = 1) -> None:
    """So many lines, as the record counts them; five seconds go by."""
    chat.now += timedelta(seconds=5)
    connection.execute(
        """
        WITH told AS (
            UPDATE lines_heard SET lines = lines + %(more)s, last_at = %(now)s
            WHERE entity_id = %(here)s RETURNING lines
        )
        UPDATE due SET after_lines = NULL
        FROM told WHERE entity_id = %(here)s AND fired_at IS NULL AND after_lines <= told.lines
        """,
        {"more": lines, "now": chat.now, "here": HERE},
    )


def says(chat: Dialogue[Timers], connection: Connection, line: str) -> None:
    """A moderator, whose line is heard as all lines are."""
    chat.says("Max", line, role="moderator")
    people_write(chat, connection)


def let_time_pass(chat: Dialogue[Timers], connection: Connection, **duration: float) -> None:
    until = chat.now + timedelta(**duration)
    due = Due(connection)
    while rows := due.take(until, 1):
        (row,) = rows
        chat.now = max(chat.now, row.at)
        due.mark([row.id], chat.now)
        chat.happens("due", row.to_event().data)
    chat.now = until
