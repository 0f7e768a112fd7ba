"""Tokens of connections that ended, kept sealed until their service has heard that they did.

Whose turn it is stands in the row: whoever takes one moves the next turn on before the service is
asked. A row that was connected again meanwhile has another `generation`, and is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from waddlebot.domain.connections import REPLACED, Connection, Tokens
from waddlebot.stores.connections import EndedConnection, connection_in, names_of, tokens_in
from waddlebot.stores.postgres import Connection as Transaction
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.sealing import Seal, SealLost

FIRST_SECONDS = 30.0
"""Until then whoever ended it asks by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """`tries` counts this one, too."""

    connection: Connection
    tries: int
    tokens: Tokens = field(repr=False)


def keep_to_revoke(transaction: Transaction, ended: EndedConnection) -> EndedConnection:
    """In the transaction that ended it; as it is now."""
    if ended.row["sealed"] is None:
        return ended
    row = transaction.execute(
        """
        UPDATE connections SET sealed = %(sealed)s, key_version = %(version)s,
            revoke_at = now() + %(seconds)s * interval '1 s', revoke_tries = 0
        WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
        RETURNING *
        """,
        {
            **names_of(ended.connection),
            "sealed": ended.row["sealed"],
            "version": ended.row["key_version"],
            "seconds": FIRST_SECONDS,
        },
    ).fetchone()
    assert row is not None  # noqa: S101 - it is locked
    return EndedConnection(
        connection=connection_in(row), row={**row, "wrapped": ended.row["wrapped"]}
    )


def set_aside(
    transaction: Transaction, service: str, account: str, *, kind: str, by: str
) -> EndedConnection | None:
    """Before another one is kept that `by` gave: what stands in its row, and is to be given back.

    None where nothing does, or what does may be the same: a service gives who lends again the token
    that they lent before.
    """
    row = transaction.execute(
        """
        INSERT INTO connections AS was (service, account, kind, owner_kind, owner_id, name, scopes,
            generation, state, sealed, key_version, connected_by, revoke_at)
        SELECT service, account, %(replaced)s || kind || ':' || generation, owner_kind, owner_id,
            name, scopes, generation, 'disconnected', sealed, key_version, connected_by,
            now() + %(seconds)s * interval '1 s'
        FROM connections
        WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
            AND sealed IS NOT NULL AND (kind <> 'admin' OR connected_by <> %(by)s)
        ON CONFLICT (service, account, kind) DO UPDATE SET sealed = excluded.sealed,
            key_version = excluded.key_version, revoke_at = excluded.revoke_at, revoke_tries = 0
        RETURNING *, (SELECT wrapped FROM seal_keys WHERE version = was.key_version) AS wrapped
        """,
        {
            "service": service,
            "account": account,
            "kind": kind,
            "by": by,
            "replaced": REPLACED,
            "seconds": FIRST_SECONDS,
        },
    ).fetchone()
    return EndedConnection(connection=connection_in(row), row=row) if row else None


class Revocations:
    """Every method raises Unavailable."""

    def __init__(self, postgres: Postgres, seal: Seal) -> None:
        self._postgres = postgres
        self._seal = seal

    def take(self, most: int, *, pauses: Sequence[float]) -> Sequence[Revocation]:
        """Those whose turn it is; after as many tries as there are `pauses` (seconds until the
        next) a row has none any more. Tokens that do not open are given up at once."""
        rows = self._postgres.write(
            """
            WITH due AS (
                SELECT service, account, kind FROM connections WHERE revoke_at <= now()
                ORDER BY revoke_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
            ), taken AS (
                UPDATE connections SET revoke_tries = revoke_tries + 1,
                    revoke_at = now() + interval '1 s' * (%(pauses)s::float[])[
                        least(revoke_tries + 1, cardinality(%(pauses)s::float[]))
                    ]
                FROM due WHERE (connections.service, connections.account, connections.kind)
                    = (due.service, due.account, due.kind)
                RETURNING connections.*
            )
            SELECT taken.*, wrapped FROM taken JOIN seal_keys ON version = key_version
            """,
            {"most": most, "pauses": list(pauses)},
        )
        return list(self._opened(rows))

    def end(self, connection: Connection) -> None:
        """The service has heard of it: nothing of its tokens is kept."""
        self._wipe(connection, unrevoked=False)

    def give_up(self, connection: Connection) -> None:
        """Nor is anything kept here, and its owner is told; of what was replaced the operator
        alone, as ending it at the service would end what took its place."""
        self._wipe(connection, unrevoked=True)

    def _opened(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[Revocation]:
        for row in rows:
            connection = connection_in(row)
            try:
                tokens = tokens_in(self._seal, row)
            except SealLost:
                self.give_up(connection)
                continue
            yield Revocation(connection=connection, tries=row["revoke_tries"], tokens=tokens)

    def _wipe(self, connection: Connection, *, unrevoked: bool) -> None:
        if connection.kind.startswith(REPLACED):
            self._postgres.write(
                """
                DELETE FROM connections
                WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
                """,
                names_of(connection),
            )
            return
        self._postgres.write(
            """
            UPDATE connections SET sealed = NULL, key_version = NULL, revoke_at = NULL,
                unrevoked = %(unrevoked)s
            WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
                AND generation = %(generation)s AND state <> 'connected'
            """,
            {
                **names_of(connection),
                "generation": connection.generation,
                "unrevoked": unrevoked,
            },
        )
