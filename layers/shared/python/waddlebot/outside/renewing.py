"""Access to services that people connected: a token that is good, renewed before it runs out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from waddlebot.domain.connections import BOT, Connection, ConnectionState, Tokens
from waddlebot.domain.errors import Unavailable
from waddlebot.outside.driving import Ask, drive, revoke
from waddlebot.platforms.renewing import RenewedTokens, Renewer, TokensRefused
from waddlebot.stores.connections import Connections, OpenedConnection
from waddlebot.stores.renewals import Renewals, RenewalTurn

EARLY = timedelta(minutes=5)
SHARE_OF_LIFE = 5
"""Nor earlier than a fifth of its life before the end: some live for a minute."""
KEPT_SECONDS = 60.0
"""So long a process may use what was ended elsewhere."""
TURN_SECONDS = 40.0
CALL_SECONDS = 10.0
"""Of all calls of one renewal; after a turn's end nobody of it still asks or is asked."""
MOST_TRIES = 3
"""So often a renewal is begun of which nobody hears again."""
JUST_GIVEN = timedelta(minutes=2)
PATIENCE_SECONDS = 3.0
STORE_PAUSES = (0.0, 0.2, 1.0, 3.0)
"""New tokens that are not stored are lost where the old ones ended: it is tried again."""
_LOOK_SECONDS = 0.1


log = logging.getLogger(__name__)


class NotConnected(Unavailable):
    """Nobody has connected it, or it was disconnected."""

    def __init__(self, service: str) -> None:
        super().__init__(service, "is not connected")


class ConnectionLost(NotConnected):
    """Its owner was told, and connects it again. `why` is the sentence that they were told."""

    def __init__(self, service: str, why: str) -> None:
        super().__init__(service)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class _KeptAccess:
    token: str = field(repr=False)
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTokens:
    """Kept as long as a process lives; safe to share between threads.

    `renewers` by service. `tell` is called once for each connection that is lost, after that was
    stored; what it raises is logged.
    """

    connections: Connections
    renewals: Renewals
    renewers: Mapping[str, Renewer]
    ask: Ask
    tell: Callable[[Connection], None]
    _kept: dict[tuple[str, str, str], _KeptAccess] = field(default_factory=dict)
    _turns: dict[tuple[str, str, str], threading.Lock] = field(default_factory=dict)

    def access(self, service: str, account: str, *, kind: str = BOT) -> str:
        """Raises NotConnected, ConnectionLost, Unavailable."""
        key = (service, account, kind)
        if (kept := self._kept.get(key)) and time.monotonic() < kept.until:
            return kept.token
        with self._turns.setdefault(key, threading.Lock()):
            if (kept := self._kept.get(key)) and time.monotonic() < kept.until:
                return kept.token
            self._kept.pop(key, None)
            opened = self._good(self._opened(key))
            self._kept[key] = _kept_access(opened)
            return opened.tokens.access

    def refused(self, service: str, account: str, token: str, *, kind: str = BOT) -> None:
        """The service did not take that token: another one is got, or the connection is lost.

        Raises NotConnected, ConnectionLost, Unavailable.
        """
        key = (service, account, kind)
        with self._turns.setdefault(key, threading.Lock()):
            self._kept.pop(key, None)
            opened = self._opened(key)
            if opened.tokens.access != token:
                return
            if opened.renewed_at > datetime.now(UTC) - JUST_GIVEN and opened.tokens.refresh:
                self._lose(opened.connection, f"{self._name(service)} refuses what it just gave.")
            self._renew(opened)

    def disconnect(self, service: str, account: str, *, kind: str = BOT) -> bool:
        """Its tokens are wiped, then revoked; whether there were any. Raises Unavailable."""
        self._kept.pop((service, account, kind), None)
        found = self.connections.find(service, account, kind=kind)
        tokens = self.connections.disconnect(found) if found else None
        if tokens:
            self._revoke(service, tokens)
        return tokens is not None

    def _opened(self, key: tuple[str, str, str]) -> OpenedConnection:
        service, account, kind = key
        opened = self.connections.opened(service, account, kind=kind)
        if opened is None or opened.connection.state is ConnectionState.DISCONNECTED:
            raise NotConnected(self._name(service))
        if opened.connection.state is ConnectionState.LOST:
            raise ConnectionLost(self._name(service), opened.connection.why)
        return opened

    def _good(self, opened: OpenedConnection) -> OpenedConnection:
        """One whose access has not ended, renewed where its end is near."""
        ends = time.monotonic() + PATIENCE_SECONDS
        connection = opened.connection
        while _ends_soon(opened):
            if renewed := self._renew(opened):
                return renewed
            if not _has_ended(opened):
                return opened  # somebody else is at it, or the service is away: there is time
            if time.monotonic() > ends:
                raise Unavailable(self._name(connection.service), "renews no tokens for now")
            time.sleep(_LOOK_SECONDS)
            opened = self._opened((connection.service, connection.account, connection.kind))
        return opened

    def _renew(self, opened: OpenedConnection) -> OpenedConnection | None:
        """None where it is not our turn, or nothing came of it for now. Raises ConnectionLost."""
        connection = opened.connection
        begun = time.monotonic()
        turn = self.renewals.claim(connection, seconds=TURN_SECONDS)
        if turn is None:
            return None
        if turn.tries > MOST_TRIES:
            name = self._name(connection.service)
            self._lose(connection, f"Renewing it with {name} broke off {MOST_TRIES} times.")
        try:
            renewed = self._asked(opened, begun)
        except TokensRefused as refused:
            self._lose(connection, refused.why)
        except Unavailable as error:
            log.warning("connection not renewed", extra={**_about(connection), "error": str(error)})
            self.renewals.release(turn)
            return None
        except Exception:
            self.renewals.release(turn)
            raise
        return self._stored(turn, renewed)

    def _asked(self, opened: OpenedConnection, begun: float) -> RenewedTokens:
        service = opened.connection.service
        renewer = self.renewers.get(service)
        if renewer is None:
            raise Unavailable(service, "is renewed by nobody here")
        # Whoever was held up so long may not have the turn any more.
        left = begun + CALL_SECONDS - time.monotonic()
        return drive(self.ask, renewer.renew(opened.tokens), seconds=left, what=service)

    def _stored(self, turn: RenewalTurn, renewed: RenewedTokens) -> OpenedConnection:
        connection = turn.connection
        if not self._store(turn, renewed):
            opened = self.connections.opened(
                connection.service, connection.account, kind=connection.kind
            )
            # An answer of the database that was lost looks the same, and the tokens are ours.
            if opened is None or opened.tokens.access != renewed.tokens.access:
                self._revoke(connection.service, renewed.tokens)
        log.info("connection renewed", extra=_about(connection))
        return self._opened((connection.service, connection.account, connection.kind))

    def _store(self, turn: RenewalTurn, renewed: RenewedTokens) -> bool:
        expires_at = (
            None if renewed.seconds is None else datetime.now(UTC) + timedelta(0, renewed.seconds)
        )
        for pause in STORE_PAUSES:
            time.sleep(pause)
            try:
                return self.renewals.store(
                    turn, renewed.tokens, expires_at=expires_at, scopes=renewed.scopes
                )
            except Unavailable as error:
                failed = error
                log.warning("new tokens not stored yet", extra={"error": str(error)})
        raise failed

    def _lose(self, connection: Connection, why: str) -> None:
        """Raises ConnectionLost, whoever has found it."""
        if self.connections.lose(connection, why):
            log.warning("connection lost", extra={**_about(connection), "why": why})
            try:
                self.tell(connection)
            except Exception:
                log.exception("owner not told", extra=_about(connection))
        raise ConnectionLost(self._name(connection.service), why)

    def _revoke(self, service: str, tokens: Tokens) -> None:
        renewer = self.renewers.get(service)
        if renewer:
            revoke(self.ask, renewer, tokens, seconds=CALL_SECONDS)

    def _name(self, service: str) -> str:
        renewer = self.renewers.get(service)
        return renewer.name if renewer else service


def _ends_soon(opened: OpenedConnection) -> bool:
    ends = opened.connection.expires_at
    if ends is None:
        return not opened.tokens.access
    early = min(EARLY, (ends - opened.renewed_at) / SHARE_OF_LIFE)
    return datetime.now(UTC) >= ends - early


def _has_ended(opened: OpenedConnection) -> bool:
    ends = opened.connection.expires_at
    is_over = ends is not None and datetime.now(UTC) >= ends
    return is_over or not opened.tokens.access


def _kept_access(opened: OpenedConnection) -> _KeptAccess:
    ends = opened.connection.expires_at
    left = KEPT_SECONDS
    if ends is not None:
        early = min(EARLY, (ends - opened.renewed_at) / SHARE_OF_LIFE)
        left = min(left, max((ends - early - datetime.now(UTC)).total_seconds(), 0.0))
    return _KeptAccess(token=opened.tokens.access, until=time.monotonic() + left)


def _about(connection: Connection) -> dict[str, str]:
    return {"of_service": connection.service, "of_account": connection.account}
