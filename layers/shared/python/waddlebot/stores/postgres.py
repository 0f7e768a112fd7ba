"""The door to PostgreSQL: one kept connection a server, and what is done when it is gone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg.rows import DictRow, dict_row

from waddlebot.domain.errors import Unavailable

Connection = psycopg.Connection[DictRow]
Params = Mapping[str, Any] | Sequence[Any] | None
Result = TypeVar("Result")

CONNECT_SECONDS = 2
AWAY = (psycopg.OperationalError, psycopg.InterfaceError)

log = logging.getLogger(__name__)


class Postgres:
    """The writer and its replica; may be used from any thread, which then take turns."""

    def __init__(self, writer_url: str, replica_url: str = "", *, name: str = "waddlebot") -> None:
        """`name` is what the server's own lists call this process. Nothing is connected yet."""
        self._writer = _Server(writer_url, name)
        self._replica = _Server(replica_url, name) if replica_url else None

    @contextmanager
    def writer(self) -> Iterator[Connection]:
        """One transaction: committed when left, rolled back on an error.

        Inside another one of the same thread it is a savepoint of that.

        Raises:
            Unavailable: no connection, or it broke; whether a commit arrived is then unknown.
        """
        with self._writer.transaction() as connection:
            yield connection

    def write(self, statement: LiteralString, params: Params = None) -> list[dict[str, Any]]:
        """One statement, one transaction, one round trip. It may be run twice: it must bear that.

        Raises:
            Unavailable: the writer does not answer.
        """
        return self._writer.run(statement, params)

    def read(self, statement: LiteralString, params: Params = None) -> list[dict[str, Any]]:
        """One round trip to the replica; if that fails for whatever reason, one to the writer.

        Raises:
            Unavailable: neither answers.
        """
        if self._replica is None:
            return self.write(statement, params)
        try:
            return self._replica.run(statement, params)
        except (Unavailable, psycopg.Error) as error:
            log.warning("replica did not answer", extra={"error": str(error)})
            return self.write(statement, params)

    def close(self) -> None:
        for server in filter(None, (self._writer, self._replica)):
            server.forget()


class _Server:
    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
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
            raise Unavailable("the database") from error

    def _connect(self) -> Connection:
        return psycopg.connect(
            self._url,
            autocommit=True,
            row_factory=dict_row,
            # Poolers between us and the server give each transaction another connection.
            prepare_threshold=None,
            connect_timeout=CONNECT_SECONDS,
            application_name=self._name,
            keepalives_idle=5,
        )
