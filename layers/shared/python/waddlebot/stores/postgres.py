"""The door to PostgreSQL: one kept connection a server, and what is done when it is gone.

A server may answer and still be away: it takes no writes any more, is full, or is being stopped.
Its connection is dropped, as the name that it was made by may mean another server by now.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row
from psycopg.types import json as _json

from waddlebot.domain.errors import Full, NotLetIn, Unavailable
from waddlebot.stores.addresses import Address, Entrance, address_at
from waddlebot.stores.refused_users import REFUSED, is_not_let_in, refusal_of, user_in

Connection = psycopg.Connection[DictRow]
Params = Mapping[str, Any] | Sequence[Any] | None
Result = TypeVar("Result")

Cursor = psycopg.Cursor[DictRow]
Jsonb = _json.Jsonb
Statement = tuple[LiteralString, Params]

_BEGIN: Statement = ("BEGIN", None)
_COMMIT: Statement = ("COMMIT", None)

CONNECT_SECONDS = 2
REST_SECONDS = 5.0
"""A replica that failed is left alone for so long: asking it costs each reader a connection."""
PREPARED_AFTER = 5
"""Times that a statement was asked on a connection; the server keeps its plan from then on."""
DATABASE = "the database"
TAKES_NO_WRITES = "takes no writes"

READ_ONLY = psycopg.errors.ReadOnlySqlTransaction
STALE_PLAN = psycopg.errors.FeatureNotSupported
"""What PostgreSQL says of a kept plan whose columns a migration has changed. Nothing else that we
ask is unsupported."""
FULL = (psycopg.errors.DiskFull, psycopg.errors.OutOfMemory)
AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    # To the library these are mistakes of ours.
    READ_ONLY,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.TransactionTimeout,
    STALE_PLAN,
)
"""Nothing is wrong with what was asked: it may be asked again."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A transaction, `found` by the last statement that it began with, and what its commit does."""

    connection: Connection
    found: list[dict[str, Any]]
    at_commit: list[Statement] = field(default_factory=list)


class Postgres:
    """The writer and its replica; may be used from any thread, which then take turns."""

    def __init__(
        self,
        writer: Address | str,
        replica: Address | str | None = None,
        *,
        name: str = "waddlebot",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`name` is what the server's own lists call this process. Nothing is connected yet."""
        # Of several hosts in an address the one that takes writes, whichever that is by now.
        self._writer = _Server(writer, name, target_session_attrs="read-write")
        self._replica = _Server(replica, name) if replica else None
        self._clock = clock
        self._replica_rests_until = float("-inf")

    @contextmanager
    def writer(self) -> Iterator[Connection]:
        """One transaction: committed when left, rolled back on an error.

        Inside another one of the same thread it is a savepoint of that.

        Raises:
            Unavailable: no connection, or it broke; whether a commit arrived is then unknown.
        """
        with self._writer.transaction() as connection:
            yield connection

    @contextmanager
    def opened(self, *first: Statement) -> Iterator[Opened]:
        """As `writer`, of a few round trips less: it begins with these statements, and ends with
        those that were left to the commit. Not inside another one.

        Raises:
            Unavailable: as `writer`.
        """
        with self._writer.opened(first) as opened:
            yield opened

    def write(self, statement: LiteralString, params: Params = None) -> list[dict[str, Any]]:
        """One statement, one transaction, one round trip. It may be run twice: it must bear that.

        Raises:
            Unavailable: the writer does not answer.

        `{column: value}` a row, in the order of the statement.
        """
        return self._writer.run(statement, params)

    def read(self, statement: LiteralString, params: Params = None) -> list[dict[str, Any]]:
        """One round trip to the replica; if that fails for whatever reason, one to the writer.

        Raises:
            Unavailable: neither answers.

        Rows as of `write`.
        """
        if self._replica is None or self._clock() < self._replica_rests_until:
            return self.write(statement, params)
        try:
            return self._replica.run(statement, params)
        except (Unavailable, psycopg.Error) as error:
            log.warning("replica did not answer", extra={"error": str(error)})
            if isinstance(error, Unavailable):
                self._replica_rests_until = self._clock() + REST_SECONDS
            return self.write(statement, params)

    def close(self) -> None:
        for server in filter(None, (self._writer, self._replica)):
            server.forget()


def ask_replica(at: Address | str, statement: LiteralString, *, name: str) -> list[dict[str, Any]]:
    """Of this server alone, over a connection of its own. Raises Unavailable.

    Rows as `Postgres.write` gives them.
    """
    server = _Server(at, name)
    try:
        return server.run(statement, None)
    finally:
        server.forget()


class _Server:
    def __init__(self, at: Address | str, name: str, **wanted: Any) -> None:
        self._address = address_at(at)
        self._name = name
        self._wanted = wanted
        self._turn = threading.RLock()
        self._kept: Connection | None = None

    def run(self, statement: LiteralString, params: Params) -> list[dict[str, Any]]:
        def rows(connection: Connection) -> list[dict[str, Any]]:
            cursor = connection.execute(statement, params)
            return cursor.fetchall() if cursor.description else []

        with self._turn, self._answering():
            return self._with_fresh(rows)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self._turn, self._answering(), ExitStack() as stack:

            def begin(connection: Connection) -> Connection:
                stack.enter_context(connection.transaction())
                return connection

            yield self._with_fresh(begin)

    @contextmanager
    def opened(self, first: Sequence[Statement]) -> Iterator[Opened]:
        with self._turn, self._answering():
            opened = self._with_fresh(lambda connection: _open(connection, first))
            try:
                yield opened
                _send(opened.connection, [*opened.at_commit, _COMMIT])
            except BaseException:
                _undo(opened.connection)
                raise

    def forget(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    # Whoever lets go of the door lets go of its connection.
    __del__ = forget

    def _with_fresh(self, use: Callable[[Connection], Result]) -> Result:
        """A kept connection may be stale, a new one is not: tried again once."""
        if self._kept is not None and not self._kept.closed:
            try:
                return use(self._kept)
            except (READ_ONLY, STALE_PLAN):  # so nothing was done
                self.forget()
            except AWAY:
                if not self._kept.closed:
                    raise
        self._kept = self._connect()
        return use(self._kept)

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except AWAY as error:
            log.warning("database did not answer", extra={"error": str(error)})
            if isinstance(error, (READ_ONLY, STALE_PLAN, *FULL)):
                self.forget()
            raise _unavailable(error, user_in(self._address.url)) from error
        except REFUSED as error:
            refusal = refusal_of(error, user_in(self._address.url))
            log.error("database refused", extra={"error": f"{DATABASE} {refusal}"})  # noqa: TRY400 - a sentence for the operator, not a stack
            raise Unavailable(DATABASE, refusal) from error

    def _connect(self) -> Connection:
        return psycopg.connect(
            self._address.url,
            autocommit=True,
            row_factory=dict_row,
            prepare_threshold=PREPARED_AFTER if self._address.is_prepared else None,
            connect_timeout=CONNECT_SECONDS,
            application_name=self._name,
            keepalives_idle=5,
            **self._wanted,
            **_entering(self._address.entrance),
        )


def _entering(entrance: Entrance | None) -> dict[str, Any]:
    if entrance is None:
        return {}
    return {
        "password": entrance.password(),
        "sslmode": "verify-full",
        "sslrootcert": entrance.certificates,
    }


def _open(connection: Connection, first: Sequence[Statement]) -> Opened:
    if connection.info.transaction_status is TransactionStatus.INTRANS:
        raise RuntimeError("a transaction is open already: its commit would be this one's")
    try:
        *_, last = _send(connection, [_BEGIN, *first])
    except BaseException:
        _undo(connection)
        raise
    return Opened(connection, last.fetchall() if last.description else [])


def _send(connection: Connection, statements: Sequence[Statement]) -> list[Cursor]:
    """All in one round trip; what follows one that fails is not done."""
    with connection.pipeline():
        return [connection.execute(statement, params) for statement, params in statements]


def _undo(connection: Connection) -> None:
    try:
        connection.rollback()
    except AWAY:
        connection.close()


def _unavailable(error: psycopg.Error, user: str) -> Unavailable:
    if isinstance(error, FULL):
        return Full(DATABASE)
    if is_not_let_in(error):
        return NotLetIn(DATABASE, refusal_of(error, user))
    # Whoever connects is told by the library alone, in these words.
    if isinstance(error, READ_ONLY) or "session is read-only" in str(error):
        return Unavailable(DATABASE, TAKES_NO_WRITES)
    return Unavailable(DATABASE)
