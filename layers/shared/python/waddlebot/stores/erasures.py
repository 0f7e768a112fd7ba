"""Who asked to be forgotten, until they are."""

from __future__ import annotations

from waddlebot.domain.accounts import Account
from waddlebot.stores.personal_data import accounts
from waddlebot.stores.postgres import Connection


def ask_to_forget(connection: Connection, account: Account) -> int:
    """All accounts of the person; how many those are. Asked twice is asked once."""
    asked = accounts(connection, account)
    for one in asked:
        connection.execute(
            "INSERT INTO erasures (platform, user_id) VALUES (%s, %s) ON CONFLICT DO NOTHING", one
        )
    return len(asked)
