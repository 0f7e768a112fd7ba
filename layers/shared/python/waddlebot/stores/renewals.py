"""Tokens that run out are renewed by one at a time: whose turn it is stands in the row.

A turn is committed before the service is asked. Whoever dies in it leaves it to run out; the next
one asks again, and the service's word decides whether what is kept is still any good.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from waddlebot.domain.connections import Connection, Tokens
from waddlebot.stores.connections import about, names_of
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.sealing import Seal

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5, 600
_HOLDER_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalTurn:
    """`holder` fences it; `tries` counts this one and those before that nobody heard of again."""

    connection: Connection
    holder: str
    tries: int


class Renewals:
    """Every method raises Unavailable."""

    def __init__(self, postgres: Postgres, seal: Seal) -> None:
        self._postgres = postgres
        self._seal = seal

    def claim(self, connection: Connection, *, seconds: float) -> RenewalTurn | None:
        """None where somebody has it, a pause is kept, or its tokens are others by now."""
        holder = secrets.token_hex(_HOLDER_BYTES)
        rows = self._postgres.write(
            """
            UPDATE connections SET renewing_by = %(holder)s,
                renewing_until = clock_timestamp() + %(seconds)s * interval '1 s',
                renewing_tries = renewing_tries + 1
            WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
                AND generation = %(generation)s AND state = 'connected'
                AND (renewing_until IS NULL OR renewing_until < clock_timestamp())
            RETURNING renewing_tries
            """,
            {
                **names_of(connection),
                "generation": connection.generation,
                "holder": holder,
                "seconds": seconds,
            },
        )
        if not rows:
            return None
        return RenewalTurn(connection=connection, holder=holder, tries=rows[0]["renewing_tries"])

    def release(self, turn: RenewalTurn) -> None:
        """It failed for now. The next one pauses, twice as long each time."""
        self._postgres.write(
            """
            UPDATE connections SET renewing_by = NULL, renewing_tries = 0,
                renewing_fails = renewing_fails + 1, renewing_until = clock_timestamp()
                    + least(%(first)s * 2 ^ least(renewing_fails, 20), %(longest)s) * interval '1 s'
            WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
                AND renewing_by = %(holder)s
            """,
            {
                **names_of(turn.connection),
                "holder": turn.holder,
                "first": FIRST_PAUSE_SECONDS,
                "longest": LONGEST_PAUSE_SECONDS,
            },
        )

    def store(
        self,
        turn: RenewalTurn,
        tokens: Tokens,
        *,
        expires_at: datetime | None,
        scopes: frozenset[str] | None = None,
    ) -> bool:
        """Whether it still had the tokens of the turn: what comes too late is not kept.

        One that was thought lost meanwhile is found again: these were just given. `scopes` stay as
        they were where None.
        """
        with self._postgres.writer() as transaction:
            sealed = self._seal.seal(transaction, tokens, about(turn.connection))
            stored = transaction.execute(
                """
                UPDATE connections SET sealed = %(sealed)s, key_version = %(version)s,
                    expires_at = %(expires_at)s, scopes = coalesce(%(scopes)s::text[], scopes),
                    generation = generation + 1, state = 'connected', why = '',
                    renewed_at = now(), renewing_by = NULL, renewing_until = NULL,
                    renewing_tries = 0, renewing_fails = 0, reseal_failed = false
                WHERE service = %(service)s AND account = %(account)s AND kind = %(kind)s
                    AND generation = %(generation)s AND state <> 'disconnected'
                """,
                {
                    **names_of(turn.connection),
                    "generation": turn.connection.generation,
                    "sealed": sealed.text,
                    "version": sealed.version,
                    "expires_at": expires_at,
                    "scopes": None if scopes is None else sorted(scopes),
                },
            )
        return stored.rowcount == 1
