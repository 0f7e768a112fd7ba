"""Strangers who send half a request, or far too much of one, at the port itself."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from local.api_gateway import GatewayRoute, HttpFront
from local.lambda_service import InvokeAnswer
from local.port import free_port, listen
from local.serving import serving
from tests.helpers.patience import was_within

LIMIT = 100_000
SECONDS = 0.6
WHOLE = b"POST /answer HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi"


class Service:
    """Counts what came through to it."""

    def __init__(self) -> None:
        self.events: list[bytes] = []

    async def invoke(self, _function: str, event: bytes, **_: Any) -> InvokeAnswer:
        self.events.append(event)
        return InvokeAnswer(
            status=200, request_id="1", payload=b'{"statusCode": 200, "body": "yes"}'
        )


@pytest.fixture
def door() -> Iterator[tuple[int, Service]]:
    port, service, leave = free_port(), Service(), threading.Event()
    ready = threading.Event()
    front = HttpFront(
        [GatewayRoute(method="POST", path="/answer", function="answer")],
        service,  # type: ignore[arg-type]
        max_body_bytes=LIMIT,
    )

    async def live() -> None:
        async with serving(front, listen(port), request_seconds=SECONDS):
            ready.set()
            await asyncio.to_thread(leave.wait)

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    assert ready.wait(15)
    try:
        yield port, service
    finally:
        leave.set()
        thread.join(15)


@contextlib.contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=15) as link:
        yield link


def until_cut(link: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    got = b""
    with contextlib.suppress(ConnectionError):
        while part := link.recv(65_536):
            got += part
    return got


HALVES = {
    "nothing at all": b"",
    "half a line": b"POST /answ",
    "a head without its end": b"POST /answer HTTP/1.1\r\nhost: x\r\n",
    "half a body": b"POST /answer HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf",
    "a chunk without its end": (
        b"POST /answer HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel"
    ),
}


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
def test_half_a_request_is_cut_and_never_handed_on(door: tuple[int, Service], half: bytes) -> None:
    port, service = door
    with connected(port) as link:
        link.sendall(half)
        began = time.monotonic()
        got = until_cut(link)
        assert was_within(10, began)
    assert not got or b" 408 " in got
    assert service.events == []


def test_who_sends_a_byte_now_and_then_is_cut_all_the_same(door: tuple[int, Service]) -> None:
    port, service = door
    began = time.monotonic()
    with connected(port) as link, contextlib.suppress(ConnectionError):
        link.sendall(b"POST /answer HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n")
        while time.monotonic() - began < 12:
            link.sendall(b"x")
            time.sleep(0.05)
    assert was_within(10, began)
    assert service.events == []


def test_a_head_without_end_is_cut_at_its_limit(door: tuple[int, Service]) -> None:
    port, service = door
    sent = 0
    with connected(port) as link, contextlib.suppress(ConnectionError):
        link.sendall(b"POST /answer HTTP/1.1\r\nhost: x\r\n")
        while sent < 50_000_000:
            link.sendall(b"x-more: " + b"y" * 60_000 + b"\r\n")
            sent += 60_010
    assert sent < 50_000_000
    assert service.events == []


@pytest.mark.parametrize("size", ["content-length: 50000000", "transfer-encoding: chunked"])
def test_a_body_is_read_to_its_limit_and_no_further(door: tuple[int, Service], size: str) -> None:
    port, service = door
    sent = 0
    with connected(port) as link, contextlib.suppress(ConnectionError):
        link.sendall(f"POST /answer HTTP/1.1\r\nhost: x\r\n{size}\r\n\r\n".encode())
        part = b"x" * 50_000
        part = b"c350\r\n" + part + b"\r\n" if "chunked" in size else part
        while sent < 50_000_000:
            link.sendall(part)
            sent += 50_000
    assert sent < 30_000_000  # what the kernel holds on both sides, and not the rest
    assert service.events == []


def test_who_waits_for_leave_to_send_too_much_reads_why_not(door: tuple[int, Service]) -> None:
    port, service = door
    with connected(port) as link:
        link.sendall(
            b"POST /answer HTTP/1.1\r\nhost: x\r\ncontent-length: 50000000\r\n"
            b"expect: 100-continue\r\n\r\n"
        )
        got = until_cut(link)
    assert got.startswith(b"HTTP/1.1 413 ")
    assert b"Request Too Long" in got
    assert service.events == []


def test_who_takes_time_between_whole_requests_is_served(door: tuple[int, Service]) -> None:
    port, service = door
    with connected(port) as link:
        for _ in range(3):
            link.sendall(WHOLE[:20])
            time.sleep(SECONDS / 4)
            link.sendall(WHOLE[20:])
            got = b""
            while b"yes" not in got:
                got += link.recv(65_536)
            assert got.startswith(b"HTTP/1.1 200 ")
            time.sleep(SECONDS * 1.5)
    assert len(service.events) == 3
