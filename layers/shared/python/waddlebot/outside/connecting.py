"""Connections to the outside: where they lead is checked as they are made, and they end in time.

The name stays in the URL, so `Host` and the certificate are checked against it; the socket goes to
an address that was looked at. A connection that is kept stays with that address.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2

from waddlebot.outside.addresses import Resolver, public_addresses
from waddlebot.outside.named_answerers import StandIns

CONNECT_SECONDS = 1.0
# A frozen function wakes up with connections that the other side forgot long ago.
KEPT_SECONDS = 15.0
MOST_CONNECTIONS = 20
_WRITTEN_AT_ONCE = 16 * 1024

_ends: ContextVar[float] = ContextVar("ends")


@contextmanager
def ending(seconds: float) -> Iterator[None]:
    """Whatever is sent and received by this thread inside must be through in so many seconds."""
    token = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(token)


def remaining_seconds() -> float:
    """Of the innermost `ending`; without one there is no end."""
    return _ends.get(float("inf")) - time.monotonic()


class Transport(httpx2.BaseTransport):
    """One request, one answer: no redirects, no cookies, no proxies, nothing from the environment.

    Without a `resolver` the hosts are our own choice and are not checked.
    """

    def __init__(
        self,
        *,
        resolver: Resolver | None = None,
        stand_ins: StandIns | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=tls or ssl.create_default_context(),
            max_connections=MOST_CONNECTIONS,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=_Network(resolver, stand_ins or {}),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        assert isinstance(request.stream, httpx2.SyncByteStream)  # noqa: S101 - ours is no other
        url = request.url
        asked = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _in_httpx():
            answer = self._pool.handle_request(asked)
        return httpx2.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
            request=request,
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _in_httpx():
            yield from self._stream

    def close(self) -> None:
        self._stream.close()


@contextmanager
def _in_httpx() -> Iterator[None]:
    """The errors of the pool, by the names that users of httpx2 know."""
    try:
        yield
    except httpcore2.ConnectTimeout as error:
        raise httpx2.ConnectTimeout(str(error)) from error
    except httpcore2.ConnectError as error:
        raise httpx2.ConnectError(str(error)) from error
    except httpcore2.TimeoutException as error:
        raise httpx2.ReadTimeout(str(error)) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        raise httpx2.ReadError(str(error)) from error


class _Network(httpcore2.NetworkBackend):
    def __init__(self, resolver: Resolver | None, stand_ins: StandIns) -> None:
        self._resolver = resolver
        self._stand_ins = stand_ins
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        del timeout, local_address
        if stand_in := self._stand_ins.get(host):
            origin = urlsplit(stand_in)
            stream = self._connect([str(origin.hostname)], origin.port or port, socket_options)
            return _Bounded(stream, plain=origin.scheme == "http")
        return _Bounded(self._connect(self._places(host, port), port, socket_options))

    def _places(self, host: str, port: int) -> Sequence[str]:
        if self._resolver is None:
            return [host]
        return public_addresses(host, port, resolver=self._resolver, seconds=remaining_seconds())

    def _connect(
        self, places: Iterable[str], port: int, options: Iterable[Any] | None
    ) -> httpcore2.NetworkStream:
        """The first that answers."""
        failed: Exception = httpcore2.ConnectError("no address")
        for place in places:
            try:
                return self._plain.connect_tcp(
                    place, port, timeout=_at_most(CONNECT_SECONDS), socket_options=options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed


@dataclass(slots=True)
class _Bounded(httpcore2.NetworkStream):
    """What drips a byte every second does not hold us longer than what says nothing.

    `plain`: a stand-in that speaks without TLS.
    """

    stream: httpcore2.NetworkStream
    plain: bool = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, _at_most(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _WRITTEN_AT_ONCE):
            self.stream.write(buffer[start : start + _WRITTEN_AT_ONCE], _at_most(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        del timeout
        if self.plain:
            return self
        patience = _at_most(2 * CONNECT_SECONDS)
        return _Bounded(self.stream.start_tls(ssl_context, server_hostname, patience))

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def _at_most(seconds: float | None) -> float | None:
    """Raises httpcore2.ReadTimeout where the time is over."""
    left = min(remaining_seconds(), float("inf") if seconds is None else seconds)
    if left <= 0:
        raise httpcore2.ReadTimeout("the deadline passed")
    return None if left == float("inf") else left
