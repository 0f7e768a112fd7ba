"""The house's key that overlays' tokens are made of: made once, and sealed as connections are.

It outlives every seal key: sealed anew it stays what it is, and so do all addresses.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from waddlebot.stores.postgres import Connection as Transaction
from waddlebot.stores.sealing import Seal, Sealed, SealLost

_ABOUT = "overlay key"
_BYTES = 32
_ROW = """
    SELECT sealed, key_version, wrapped FROM overlay_key
    JOIN seal_keys ON seal_keys.version = key_version
"""


def read_overlay_key(transaction: Transaction, seal: Seal) -> bytes:
    """32 bytes; whoever asks first makes them. Raises SealLost."""
    while not (row := transaction.execute(_ROW).fetchone()):
        sealed = seal.seal_bytes(transaction, secrets.token_bytes(_BYTES), _ABOUT)
        # Of two who make it at once the second waits, and takes the other's.
        transaction.execute(
            """
            INSERT INTO overlay_key (sealed, key_version) VALUES (%(sealed)s, %(version)s)
            ON CONFLICT DO NOTHING
            """,
            {"sealed": sealed.text, "version": sealed.version},
        )
    return _opened(row, seal)


def reseal_overlay_key(
    transaction: Transaction, seal: Seal, version: int, *, give_up: bool
) -> bool | None:
    """Under the newest data key. Whether it opened; None where there is nothing to do.

    One that does not open and is given up goes: addresses work on, and are made anew to be shown.
    """
    row = transaction.execute(
        f"{_ROW} WHERE key_version < %(version)s AND NOT reseal_failed FOR UPDATE OF overlay_key",
        {"version": version},
    ).fetchone()
    if row is None:
        return None
    try:
        sealed = seal.seal_bytes(transaction, _opened(row, seal), _ABOUT)
    except SealLost:
        transaction.execute(
            "DELETE FROM overlay_key" if give_up else "UPDATE overlay_key SET reseal_failed = true"
        )
        return False
    transaction.execute(
        "UPDATE overlay_key SET sealed = %(sealed)s, key_version = %(version)s",
        {"sealed": sealed.text, "version": sealed.version},
    )
    return True


def _opened(row: Mapping[str, Any], seal: Seal) -> bytes:
    """Raises SealLost."""
    sealed = Sealed(
        text=bytes(row["sealed"]), version=row["key_version"], wrapped=bytes(row["wrapped"])
    )
    lost = SealLost(
        "the key of overlays' addresses",
        "does not open: it was put there from somewhere else. `waddlebot keys rotate-seal "
        "--give-up` takes it away; each address is shown again once it was rotated",
    )
    return seal.open_bytes(sealed, _ABOUT, lost=lost)
