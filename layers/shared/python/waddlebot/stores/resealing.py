"""All that is sealed is sealed anew while the platform runs: a new data key, then
batch after batch.

Begun again after it was broken off it goes on. A key goes once nothing is sealed under it: the
database itself refuses to part with one that is used, so a token stored late is never shut in.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

import psycopg

from waddlebot.domain.connections import REPLACED
from waddlebot.stores.audit_log import Change, note
from waddlebot.stores.connections import about, connection_in, names_of, tokens_in
from waddlebot.stores.overlay_key import reseal_overlay_key
from waddlebot.stores.postgres import Connection as Transaction
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.sealing import Seal, SealLost

GIVEN_UP = "Its tokens were sealed under a key that is gone."


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """Of one batch; `done` are sealed anew, `left` were not tried yet. Those that are `shut` do not
    open: they are lost where they were given up, and else kept as they are."""

    version: int
    done: int
    shut: int
    left: int


class Resealing:
    """Every method raises Unavailable."""

    def __init__(self, postgres: Postgres, seal: Seal) -> None:
        self._postgres = postgres
        self._seal = seal

    def begin(self, *, by: str) -> int:
        """The version to seal under: a new one, unless one was begun and not ended."""
        with self._postgres.writer() as transaction:
            transaction.execute("LOCK TABLE seal_keys IN SHARE ROW EXCLUSIVE MODE")
            transaction.execute("UPDATE connections SET reseal_failed = false WHERE reseal_failed")
            transaction.execute("UPDATE overlay_key SET reseal_failed = false")
            keys = transaction.execute(
                "SELECT version, wrapped FROM seal_keys ORDER BY version DESC LIMIT 2"
            ).fetchall()
            if len(keys) > 1:
                newest, wrapped = keys[0]["version"], bytes(keys[0]["wrapped"])
                if self._seal.is_wrapped_now(newest, wrapped):
                    return int(newest)
            version = self._seal.add_version(transaction)
            note(transaction, Change(who=by, action="rotate seal", about=f"seal key {version}"))
            return version

    def newest(self) -> int:
        """The version that is sealed under now; 0 where nothing was sealed yet."""
        [row] = self._postgres.write("SELECT coalesce(max(version), 0) AS newest FROM seal_keys")
        return int(row["newest"])

    def next(self, version: int, *, most: int, give_up: bool) -> Resealed:
        """The next batch; it is over once nothing is left."""
        with self._postgres.writer() as transaction:
            rows = transaction.execute(
                """
                SELECT connections.*, seal_keys.wrapped FROM connections
                JOIN seal_keys ON seal_keys.version = key_version
                WHERE key_version < %(version)s AND NOT reseal_failed
                ORDER BY service, account, kind
                LIMIT %(most)s FOR UPDATE OF connections
                """,
                {"version": version, "most": most},
            ).fetchall()
            opened = [self._reseal(transaction, row, give_up=give_up) for row in rows]
            key = reseal_overlay_key(transaction, self._seal, version, give_up=give_up)
            opened += [] if key is None else [key]
        done, shut = opened.count(True), opened.count(False)
        return Resealed(version=version, done=done, shut=shut, left=self._end(version))

    def _reseal(self, transaction: Transaction, row: dict[str, Any], *, give_up: bool) -> bool:
        """Whether it opened."""
        connection = connection_in(row)
        try:
            tokens = tokens_in(self._seal, row)
        except SealLost:
            transaction.execute(
                """
                UPDATE connections SET reseal_failed = NOT %(give_up)s,
                    state = CASE WHEN %(give_up)s AND state = 'connected' THEN 'lost'
                        ELSE state END,
                    unrevoked = %(give_up)s AND state <> 'connected'
                        AND NOT kind ^@ %(replaced)s,
                    revoke_at = CASE WHEN %(give_up)s THEN NULL ELSE revoke_at END,
                    why = CASE WHEN %(give_up)s THEN %(why)s ELSE why END,
                    sealed = CASE WHEN %(give_up)s THEN NULL ELSE sealed END,
                    key_version = CASE WHEN %(give_up)s THEN NULL ELSE key_version END
                WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
                """,
                {**names_of(connection), "give_up": give_up, "why": GIVEN_UP, "replaced": REPLACED},
            )
            return False
        sealed = self._seal.seal(transaction, tokens, about(connection))
        transaction.execute(
            """
            UPDATE connections SET sealed = %(sealed)s, key_version = %(version)s,
                reseal_failed = false
            WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
            """,
            {**names_of(connection), "sealed": sealed.text, "version": sealed.version},
        )
        return True

    def _end(self, version: int) -> int:
        """Takes away keys that nothing is sealed under; how many are still to do."""
        # Somebody may just have stored under it: that is among those that are left.
        with contextlib.suppress(psycopg.errors.ForeignKeyViolation):
            self._postgres.write(
                """
                DELETE FROM seal_keys WHERE version < %(version)s AND NOT EXISTS (
                    SELECT FROM connections WHERE key_version = seal_keys.version
                    UNION ALL SELECT FROM overlay_key WHERE key_version = seal_keys.version
                )
                """,
                {"version": version},
            )
        [row] = self._postgres.write(
            """
            SELECT count(*) AS left FROM (
                SELECT key_version, reseal_failed FROM connections
                UNION ALL SELECT key_version, reseal_failed FROM overlay_key
            ) AS sealed
            WHERE key_version < %(version)s AND NOT reseal_failed
            """,
            {"version": version},
        )
        return int(row["left"])
