"""Connections and their sealed tokens; how they are renewed stands in renewals.py.

Here as everywhere else the row is the truth: of two who change a connection at once the second
finds another `generation` there, and nothing of what it brings is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import (
    BOT,
    NO_TOKENS,
    Connection,
    ConnectionState,
    Owner,
    OwnerKind,
    Tokens,
)
from waddlebot.stores.postgres import Connection as Transaction
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.sealing import Seal, Sealed, SealLost

_ROWS: LiteralString = """
    SELECT connections.*, seal_keys.wrapped FROM connections
    LEFT JOIN seal_keys ON seal_keys.version = key_version
"""
_THIS: LiteralString = "service = %(service)s AND account = %(account)s AND kind = %(kind)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedConnection:
    """`tokens` are empty where it is not connected. `renewed_at` is when they were given."""

    connection: Connection
    tokens: Tokens = field(repr=False)
    renewed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStanding:
    """What is asked of many at once; `login` is the channel's, as far as it is known."""

    state: ConnectionState
    scopes: frozenset[str]
    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedConnection:
    """`row` is as it was before, with its tokens sealed: whoever may open them revokes them."""

    connection: Connection
    row: Mapping[str, Any] = field(repr=False)


class Connections:
    """Every method raises Unavailable; those that seal or open raise SealLost, which is one."""

    def __init__(self, postgres: Postgres, seal: Seal) -> None:
        self._postgres = postgres
        self._seal = seal

    def keep(self, connection: Connection, tokens: Tokens) -> Connection:
        """New, or connected again: what was there before is replaced, whatever its state."""
        with self._postgres.writer() as transaction:
            sealed = self._seal.seal(transaction, tokens, about(connection))
            row = transaction.execute(
                """
                INSERT INTO connections AS was (service, account, kind, owner_kind, owner_id, name,
                    scopes, expires_at, sealed, key_version, connected_by)
                VALUES (%(service)s, %(account)s, %(kind)s, %(owner_kind)s, %(owner_id)s, %(name)s,
                    %(scopes)s, %(expires_at)s, %(sealed)s, %(version)s, %(connected_by)s)
                ON CONFLICT (service, account, kind) DO UPDATE SET
                    owner_kind = excluded.owner_kind, owner_id = excluded.owner_id,
                    name = excluded.name, scopes = excluded.scopes,
                    expires_at = excluded.expires_at, sealed = excluded.sealed,
                    key_version = excluded.key_version, generation = was.generation + 1,
                    connected_by = excluded.connected_by, state = 'connected', why = '',
                    renewing_by = NULL, renewing_until = NULL,
                    renewing_tries = 0, renewing_fails = 0, reseal_failed = false,
                    revoke_at = NULL, revoke_tries = 0, unrevoked = false,
                    connected_at = now(), renewed_at = now()
                RETURNING *
                """,
                {
                    **names_of(connection),
                    "owner_kind": connection.owner.kind.value,
                    "owner_id": connection.owner.id,
                    "name": connection.name,
                    "scopes": sorted(connection.scopes),
                    "expires_at": connection.expires_at,
                    "sealed": sealed.text,
                    "version": sealed.version,
                    "connected_by": connection.connected_by,
                },
            ).fetchone()
        assert row is not None  # noqa: S101 - whatever was there, a row is
        return connection_in(row)

    def expect(self, connection: Connection) -> None:
        """A row without tokens, where there is none yet: whoever renews it first gets them."""
        self._postgres.write(
            """
            INSERT INTO connections (service, account, kind, owner_kind, owner_id, name, scopes,
                expires_at, generation)
            VALUES (%(service)s, %(account)s, %(kind)s, %(owner_kind)s, %(owner_id)s, %(name)s,
                %(scopes)s, now(), 0)
            ON CONFLICT DO NOTHING
            """,
            {
                **names_of(connection),
                "owner_kind": connection.owner.kind.value,
                "owner_id": connection.owner.id,
                "name": connection.name,
                "scopes": sorted(connection.scopes),
            },
        )

    def expect_anew(self, connection: Connection) -> None:
        """One that was lost, as `expect` leaves it: there is something new to get tokens with."""
        self._postgres.write(
            """
            UPDATE connections SET state = 'connected', why = '', expires_at = now(),
                generation = generation + 1
            WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
                AND state = 'lost'
            """,
            names_of(connection),
        )

    def find(self, service: str, account: str, *, kind: str = BOT) -> Connection | None:
        rows = self._rows(service, account, kind)
        return connection_in(rows[0]) if rows else None

    def opened(self, service: str, account: str, *, kind: str = BOT) -> OpenedConnection | None:
        rows = self._rows(service, account, kind)
        return self._open(rows[0]) if rows else None

    def owned_by(self, owner: Owner) -> Sequence[Connection]:
        """In whichever state, by service and name."""
        rows = self._postgres.write(
            _ROWS
            + """
            WHERE owner_kind = %(kind)s AND owner_id = %(id)s
            ORDER BY service, name, account, kind
            """,
            {"kind": owner.kind.value, "id": owner.id},
        )
        return [connection_in(row) for row in rows]

    def of_person(self, account: Account) -> Sequence[OpenedConnection]:
        """What is erased with an account (personal_data.py), as far as it has tokens that open.

        Those that are still to be revoked have some, too.
        """
        rows = self._postgres.write(
            _ROWS
            + """
            WHERE sealed IS NOT NULL AND owner_kind <> 'house' AND (
                (owner_kind, owner_id) = ('person', %(key)s)
                OR (service, account) = (%(platform)s, %(user)s)
            )
            """,
            {"key": account.key, "platform": account.platform, "user": account.user_id},
        )
        found = []
        for row in rows:
            with suppress(SealLost):
                found.append(opened_in(row, tokens_in(self._seal, row)))
        return found

    def every(self, service: str, *, kind: str = BOT) -> Sequence[Connection]:
        """All that are connected with a service, by account."""
        rows = self._postgres.write(
            _ROWS
            + """
            WHERE service = %(service)s AND kind = %(kind)s AND state = 'connected'
            ORDER BY account
            """,
            {"service": service, "kind": kind},
        )
        return [connection_in(row) for row in rows]

    def standings(self, service: str, *, kind: str = BOT) -> Mapping[str, ConnectionStanding]:
        """Of all that ever were of a service, by account, what is connected last: asked once a
        second."""
        rows = self._postgres.write(
            """
            SELECT account, state, scopes, name AS login FROM connections
            WHERE service = %(service)s AND kind = %(kind)s
            ORDER BY state = 'connected', account
            """,
            {"service": service, "kind": kind},
        )
        return {
            row["account"]: ConnectionStanding(
                state=ConnectionState(row["state"]),
                scopes=frozenset(row["scopes"]),
                login=row["login"],
            )
            for row in rows
        }

    def lose(self, connection: Connection, why: str) -> bool:
        """`why` is a sentence for its owner. True once: then they are told."""
        rows = self._postgres.write(
            """
            UPDATE connections SET state = 'lost', why = %(why)s, sealed = NULL, key_version = NULL,
                renewing_by = NULL, renewing_until = NULL, renewing_tries = 0, renewing_fails = 0
            WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
                AND generation = %(generation)s AND state = 'connected'
            RETURNING 1
            """,
            {**names_of(connection), "generation": connection.generation, "why": why},
        )
        return bool(rows)

    def disconnect(self, connection: Connection) -> Tokens | None:
        """Nobody finds its tokens from here on. They are given out once more, to be revoked; None
        where there are none, or none that open."""
        with self._postgres.writer() as transaction:
            ended = end_connection(
                transaction, connection.service, connection.account, kind=connection.kind
            )
        return self.tokens_of(ended) if ended else None

    def tokens_of(self, ended: EndedConnection) -> Tokens | None:
        """None where there were none, or none that open."""
        try:
            return tokens_in(self._seal, ended.row) if ended.row["sealed"] else None
        except SealLost:
            return None

    def _rows(self, service: str, account: str, kind: str) -> list[dict[str, Any]]:
        # The writer: tokens that were renewed a moment ago are the only ones that are any good.
        return self._postgres.write(
            _ROWS + "WHERE " + _THIS, {"service": service, "account": account, "kind": kind}
        )

    def _open(self, row: dict[str, Any]) -> OpenedConnection:
        is_connected = row["state"] == ConnectionState.CONNECTED
        return opened_in(row, tokens_in(self._seal, row) if is_connected else NO_TOKENS)


def opened_in(row: Mapping[str, Any], tokens: Tokens) -> OpenedConnection:
    """Of a `row` as `connections` has it."""
    return OpenedConnection(
        connection=connection_in(row), tokens=tokens, renewed_at=row["renewed_at"]
    )


def end_connection(
    transaction: Transaction,
    service: str,
    account: str,
    *,
    kind: str = BOT,
    state: ConnectionState = ConnectionState.DISCONNECTED,
    why: str = "",
    before: datetime | None = None,
) -> EndedConnection | None:
    """The one way in which somebody ends a connection: nobody finds its tokens any more.

    None where there is none, it was ended already, or it was made anew since `before`, to the
    second: a service that tells of an ending may do so late. As LOST its owner is told of it, and
    `why` is the sentence.
    """
    names = {"service": service, "account": account, "kind": kind}
    row = transaction.execute(
        _ROWS
        + "WHERE "
        + _THIS
        + """
            AND state NOT IN ('disconnected', %(state)s)
            AND (%(before)s::timestamptz IS NULL
                OR connected_at < %(before)s::timestamptz + interval '1 s')
        FOR UPDATE OF connections
        """,
        {**names, "before": before, "state": state.value},
    ).fetchone()
    if row is None:
        return None
    transaction.execute(
        """
        UPDATE connections SET state = %(state)s, why = %(why)s, sealed = NULL,
            key_version = NULL, expires_at = NULL, generation = generation + 1,
            renewing_by = NULL, renewing_until = NULL, renewing_tries = 0, renewing_fails = 0
        WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
        """,
        {**names, "why": why, "state": state.value},
    )
    return EndedConnection(connection=connection_in(row), row=row)


def about(connection: Connection) -> str:
    """What its tokens are sealed about: in another row they do not open, unless they were set aside
    there."""
    return f"{connection.service}\0{connection.account}\0{connection.kind_replaced}"


def tokens_in(seal: Seal, row: Mapping[str, Any]) -> Tokens:
    """Of a `row` as `connections` has it, with `wrapped` of its key. Raises SealLost."""
    if row["sealed"] is None:
        return NO_TOKENS
    sealed = Sealed(
        text=bytes(row["sealed"]), version=row["key_version"], wrapped=bytes(row["wrapped"])
    )
    return seal.open(sealed, about(connection_in(row)))


def names_of(connection: Connection) -> Mapping[str, str]:
    return {
        "service": connection.service,
        "account": connection.account,
        "kind": connection.kind,
    }


def connection_in(row: Mapping[str, Any]) -> Connection:
    """Of a `row` as `connections` has it."""
    return Connection(
        service=row["service"],
        account=row["account"],
        kind=row["kind"],
        owner=Owner(OwnerKind(row["owner_kind"]), row["owner_id"]),
        name=row["name"],
        scopes=frozenset(row["scopes"]),
        expires_at=row["expires_at"],
        generation=row["generation"],
        state=ConnectionState(row["state"]),
        why=row["why"],
        connected_by=row["connected_by"],
    )
