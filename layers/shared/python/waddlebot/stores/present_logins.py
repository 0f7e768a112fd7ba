"""What streamers are called now: who renames a channel stays who they are."""

from __future__ import annotations

from waddlebot.domain.connections import CHANNEL
from waddlebot.stores.postgres import Postgres


def note_login(postgres: Postgres, service: str, channel: str, login: str) -> bool:
    """Of a channel that is connected, as its service says. Whether it was called otherwise.

    Raises Unavailable.
    """
    rows = postgres.write(
        """
        UPDATE connections SET name = %(login)s
        WHERE service = %(service)s AND account = %(channel)s AND kind = %(kind)s
            AND name <> %(login)s
        RETURNING 1
        """,
        {"service": service, "channel": channel, "kind": CHANNEL, "login": login},
    )
    return bool(rows)
