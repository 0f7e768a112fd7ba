"""Writes to open sockets: API Gateway's `@connections`, signed here and sent over http.client.

Source: "Use @connections commands in your backend service". The local front answers the same API.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property
from urllib.parse import quote, urlsplit

from waddlebot.runtime.credentials import CredentialSource
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import CONNECTIONS_URLS
from waddlebot.runtime.signing import sign

AT_ONCE = 50
SECONDS = 3.0
# A frozen function wakes up with connections that the other side forgot long ago.
KEPT_SECONDS = 15.0
TRIES = 3
WAIT_SECONDS = 0.2


class Reached(Enum):
    """What became of one socket. FULL: too much waits for its reader, or is written at once."""

    YES = "yes"
    GONE = "gone"
    FULL = "full"
    NO = "no"


class _Kept(threading.local):
    connection: http.client.HTTPConnection | None = None
    last_used: float = 0.0


class SocketWriter:
    """Of one audience; made at first use and kept as long as the process lives."""

    def __init__(self, environment: Environment, audience: str) -> None:
        self._at = urlsplit(environment[CONNECTIONS_URLS[audience]])
        self._region = environment["AWS_REGION"]
        self._credentials = CredentialSource(environment)
        self._kept = _Kept()

    def each(
        self, sockets: Iterable[str], deed: Callable[[str], Reached]
    ) -> list[tuple[str, Reached]]:
        """What `deed` came to at each of them, fifty at once."""
        asked = list(dict.fromkeys(sockets))
        if len(asked) == 1:
            return [(asked[0], deed(asked[0]))]
        return list(zip(asked, self._many.map(deed, asked), strict=True))

    def write(self, socket: str, frame: bytes, *, tries: int = TRIES) -> Reached:
        """Tried again where it was too much at once or nobody answered: a frame that comes twice
        has the same number.
        """
        return self._asked("POST", socket, frame, tries)

    def end(self, socket: str) -> Reached:
        return self._asked("DELETE", socket, b"")

    def _asked(self, method: str, socket: str, body: bytes, tries: int = TRIES) -> Reached:
        status = 0
        for nth in range(tries):
            time.sleep(nth * WAIT_SECONDS)
            status = self._status(method, socket, body)
            if status < 300:
                return Reached.YES
            if status == http.HTTPStatus.GONE:
                return Reached.GONE
            if status < 500 and status != http.HTTPStatus.TOO_MANY_REQUESTS:
                return Reached.NO
        return Reached.FULL if status == http.HTTPStatus.TOO_MANY_REQUESTS else Reached.NO

    def _status(self, method: str, socket: str, body: bytes) -> int:
        """503 where nobody answers."""
        path = f"{self._at.path}/@connections/{quote(socket, safe='')}"
        headers = sign(
            path,
            body,
            {"Host": self._at.netloc},
            credentials=self._credentials.current(),
            region=self._region,
            now=datetime.now(UTC),
            method=method,
            service="execute-api",
        )
        connection = self._connection()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return http.HTTPStatus.SERVICE_UNAVAILABLE
        self._kept.connection, self._kept.last_used = connection, time.monotonic()
        return answer.status

    def _connection(self) -> http.client.HTTPConnection:
        kept, self._kept.connection = self._kept.connection, None
        if kept and time.monotonic() - self._kept.last_used < KEPT_SECONDS:
            return kept
        if kept:
            kept.close()
        host, port = self._at.hostname or "", self._at.port
        if self._at.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=SECONDS)
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=self._tls)

    @cached_property
    def _many(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="socket")

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()
