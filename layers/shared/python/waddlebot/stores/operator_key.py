"""The key that the environment holds: let in at each deployment, and the only one of its kind."""

from __future__ import annotations

from waddlebot.stores.api_keys import ApiKey, ApiKeys, hash_key, id_of
from waddlebot.stores.audit_log import Change, note
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.versions import HOUSE


def let_in(postgres: Postgres, text: str, key: ApiKey) -> bool:
    """False where this very key was revoked: it stays so, whatever the environment says.

    What an earlier deployment let in is dead from now on. Keys of the account that were made or
    rotated on purpose stay, and end when they were said to.

    Raises:
        Unavailable: nothing was changed, or the commit's answer was lost.
    """
    key_hash = hash_key(text)
    with postgres.writer() as connection:
        _end_replaced(connection, key.account, key_hash)
        revoked = connection.execute(
            "SELECT FROM revoked_keys WHERE key_hash = %(hash)s", {"hash": key_hash}
        ).fetchone()
        if revoked is None:
            ApiKeys(postgres).insert(key_hash, key)
    return revoked is None


def _end_replaced(connection: Connection, account: str, kept: bytes) -> None:
    """Nobody made them by name, and nobody decided when they end."""
    ended = connection.execute(
        """
        DELETE FROM api_keys WHERE account = %(account)s AND created_by = ''
            AND expires_at IS NULL AND key_hash <> %(kept)s
        RETURNING key_hash
        """,
        {"account": account, "kept": kept},
    ).fetchall()
    for row in ended:
        was = {"id": id_of(row["key_hash"])}
        note(connection, Change(who=HOUSE, action="replace key", about=account, before=was))
