"""Calls other functions: AWS Lambda's Invoke API, signed here and sent over http.client.

boto3 would cost six times the CPU of a call and 90 ms of every cold start (docs/decisions/0005).
The local Lambda service answers the same API, so nothing here knows where it runs.
"""

from __future__ import annotations

import http.client
import json
import select
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import quote, urlsplit

from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.credentials import CredentialSource
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.invoke_errors import FunctionFailed, NotStarted, TimedOut
from waddlebot.runtime.needs import ENDPOINT, FUNCTION_PREFIX, LAMBDA_ENDPOINT, LIVE
from waddlebot.runtime.signing import sign

CONNECT_SECONDS = 1.0
SEND_SECONDS = 3.0
# A frozen function wakes up with connections that the other side forgot long ago.
KEPT_SECONDS = 15.0
MOST_ERROR_CHARACTERS = 2_000
# Of the payload, not of the moment: no repetition helps (413 is the size limit).
_PAYLOAD_REFUSED = frozenset({400, 413, 415})
# Lambda's own words for "your function was not reached" among the 5xx.
_NOT_REACHED = frozenset(
    {
        "EC2ThrottledException",
        "ENILimitReachedException",
        "SubnetIPAddressLimitReachedException",
        "SnapStartTimeoutException",
        "ServiceUnavailableException",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    error_type: str
    function_error: str
    body: bytes


@dataclass(slots=True)
class _Line:
    """A thread's connection between two calls; it is closed with the thread."""

    connection: http.client.HTTPConnection | None = None
    last_used: float = 0.0

    def take(self) -> http.client.HTTPConnection | None:
        connection, self.connection = self.connection, None
        return connection

    def keep(self, connection: http.client.HTTPConnection) -> None:
        self.connection, self.last_used = connection, time.time()

    def close(self) -> None:
        connection = self.take()
        if connection is not None:
            connection.close()

    __del__ = close


class _Lines(threading.local):
    def __init__(self) -> None:
        self.own = _Line()


class Invoker:
    """Safe to share between threads: each keeps its own connection."""

    def __init__(self, environment: Environment) -> None:
        self._prefix = environment.find(FUNCTION_PREFIX)
        self._region = environment["AWS_REGION"]
        self._endpoint = urlsplit(
            environment.find(LAMBDA_ENDPOINT)
            or environment.find(ENDPOINT)
            # Of both protocols: a network whose way out is IPv6 alone reaches it too.
            or f"https://lambda.{self._region}.api.aws"
        )
        self._credentials = CredentialSource(environment)
        self._lines = _Lines()

    def call(self, function: str, payload: bytes, *, deadline: datetime) -> bytes:
        """What the function returned, as the JSON text it is.

        `function` is its name in the catalogue; after `deadline` nobody waits.

        Raises:
            NotStarted, TimedOut, FunctionFailed, Unavailable: see invoke_errors.
        """
        answer = self._post(function, payload, "RequestResponse", deadline)
        if answer.function_error:
            raise _failure(function, answer.body)
        return answer.body

    def send(self, function: str, payload: bytes) -> None:
        """Hands the call over; returns when Lambda has taken it, not when it ran.

        Raises:
            NotStarted, TimedOut, FunctionFailed, Unavailable: it may not have been taken.
        """
        self._post(function, payload, "Event", datetime.now(UTC) + timedelta(seconds=SEND_SECONDS))

    def close(self) -> None:
        """Ends this thread's connection; the next call opens another."""
        self._lines.own.close()

    def _post(self, function: str, payload: bytes, kind: str, deadline: datetime) -> _Answer:
        name = quote(f"{self._prefix}{function}:{LIVE}", safe="")
        path = f"/2015-03-31/functions/{name}/invocations"
        headers = sign(
            path,
            payload,
            {"Host": self._endpoint.netloc, "X-Amz-Invocation-Type": kind},
            credentials=self._credentials.current(),
            region=self._region,
            now=datetime.now(UTC),
        )
        answer = self._exchange(function, path, payload, headers, deadline)
        _raise_for_service(function, answer)
        return answer

    def _exchange(
        self,
        function: str,
        path: str,
        payload: bytes,
        headers: Mapping[str, str],
        deadline: datetime,
    ) -> _Answer:
        """One request and its answer; only a connection that was read to the end is kept.

        A kept connection that the other side has closed is found out before it is used. One that
        breaks while the request is being sent has not delivered it, so it is sent once more; one
        that breaks later may have started the function, and that is the caller's to weigh.
        """
        connection = self._kept_connection()
        if connection is not None:
            try:
                _send(connection, path, payload, headers, _remaining(function, deadline))
            except OSError:
                connection.close()
                connection = None
        if connection is None:
            connection = self._connect(function, deadline)
            try:
                _send(connection, path, payload, headers, _remaining(function, deadline))
            except OSError as error:
                connection.close()
                raise NotStarted(f"the function {function}") from error
        answer = _receive(connection, function)
        self._lines.own.keep(connection)
        return answer

    def _kept_connection(self) -> http.client.HTTPConnection | None:
        """This thread's connection, taken out until its next answer was read to the end."""
        line = self._lines.own
        connection = line.take()
        if connection is None:
            return None
        if time.time() - line.last_used > KEPT_SECONDS or _was_closed(connection):
            connection.close()
            return None
        return connection

    def _connect(self, function: str, deadline: datetime) -> http.client.HTTPConnection:
        patience = min(CONNECT_SECONDS, _remaining(function, deadline))
        host, port = self._endpoint.hostname or "", self._endpoint.port
        connection = (
            http.client.HTTPSConnection(host, port, timeout=patience, context=self._tls)
            if self._endpoint.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=patience)
        )
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise NotStarted(f"the function {function}") from error
        return connection

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


def _send(
    connection: http.client.HTTPConnection,
    path: str,
    payload: bytes,
    headers: Mapping[str, str],
    patience: float,
) -> None:
    _socket_of(connection).settimeout(patience)
    connection.request("POST", path, payload, dict(headers))


def _receive(connection: http.client.HTTPConnection, function: str) -> _Answer:
    try:
        response = connection.getresponse()
        body = response.read()
    except TimeoutError as error:
        connection.close()
        raise TimedOut(f"the function {function}") from error
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        raise Unavailable(f"the function {function}") from error
    if response.will_close:
        connection.close()
    return _Answer(
        status=response.status,
        # "TooManyRequestsException:http://internal.amazon.com/…" in older answers
        error_type=response.getheader("X-Amzn-ErrorType", "").partition(":")[0],
        function_error=response.getheader("X-Amz-Function-Error", ""),
        body=body,
    )


def _was_closed(connection: http.client.HTTPConnection) -> bool:
    """Nothing is to be read between two requests, unless it is the other side's goodbye."""
    if connection.sock is None:
        return True
    waiting = select.poll()
    waiting.register(connection.sock, select.POLLIN)
    return bool(waiting.poll(0))


def _socket_of(connection: http.client.HTTPConnection) -> socket.socket:
    if connection.sock is None:
        raise ConnectionError("closed")
    return connection.sock


def _remaining(function: str, deadline: datetime) -> float:
    seconds = (deadline - datetime.now(UTC)).total_seconds()
    if seconds <= 0:
        raise TimedOut(f"the function {function}")
    return seconds


def _raise_for_service(function: str, answer: _Answer) -> None:
    """What Lambda itself says; its 4xx are spoken before the function is reached."""
    if answer.status < 300:
        return
    what = f"the function {function}"
    if answer.status in _PAYLOAD_REFUSED:
        message = answer.body[:300].decode(errors="replace")
        raise FunctionFailed(what, answer.error_type or str(answer.status), message)
    if answer.status < 500 or answer.error_type in _NOT_REACHED:
        raise NotStarted(what)
    raise Unavailable(what)


def _failure(function: str, body: bytes) -> Unavailable:
    what = f"the function {function}"
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return FunctionFailed(what, "Unknown", "it said nothing that can be read")
    # In a stranger's words, as long as they like.
    error_type = str(told.get("errorType", ""))[:MOST_ERROR_CHARACTERS]
    message = str(told.get("errorMessage", ""))[:MOST_ERROR_CHARACTERS]
    # Older runtimes report a timeout by its sentence alone.
    if error_type == "Sandbox.Timedout" or (not error_type and "Task timed out" in message):
        return TimedOut(what)
    return FunctionFailed(what, error_type or "Unknown", message)
