"""Sockets of strangers at the port itself: far too much of a handshake, very many at once, and
those that are held open by nobody."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from local.api_gateway import Fronts, HttpFront, OpenSockets, SocketFront, SocketLimits
from local.api_gateway.socket_front import CONNECT, DEFAULT, DISCONNECT, SocketApi
from local.lambda_service import InvokeAnswer
from local.port import free_port, listen
from local.serving import serving
from tests.helpers.patience import eventually, patience

PONG_SECONDS = 0.4
AT_ONCE = 3
GOOD = (
    b"GET /live HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-key: " + base64.b64encode(b"0" * 16) + b"\r\n"
)


class BusyService:
    """Takes all who connect, and is at its concurrency with three of them."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self._busy = 0

    async def invoke(self, _function: str, event: bytes, **_: Any) -> InvokeAnswer:
        if self._busy >= AT_ONCE:
            return InvokeAnswer(status=429, request_id="1", payload=b"{}")
        self._busy += 1
        await asyncio.sleep(0.005)
        self._busy -= 1
        self.told.append(json.loads(event)["requestContext"]["routeKey"])
        return InvokeAnswer(status=200, request_id="1", payload=b'{"statusCode": 200}')


class Shore:
    def __init__(self, limits: SocketLimits | None) -> None:
        self.port, self.service = free_port(), BusyService()
        self.sockets = OpenSockets(limits)
        self.loop: asyncio.AbstractEventLoop | None = None

    async def live(self, ready: threading.Event, leave: threading.Event) -> None:
        self.loop = asyncio.get_running_loop()
        api = SocketApi(paths=["/live"], functions={CONNECT: "a", DEFAULT: "a", DISCONNECT: "a"})
        front = Fronts(
            http=HttpFront([], self.service),  # type: ignore[arg-type]
            sockets=SocketFront([api], self.service, self.sockets),  # type: ignore[arg-type]
        )
        async with serving(front, listen(self.port), pong_seconds=PONG_SECONDS):
            ready.set()
            await asyncio.to_thread(leave.wait)

    def open(self) -> ClientConnection:
        return connect(f"ws://127.0.0.1:{self.port}/live", open_timeout=patience(20))

    def by_hand(self, *more: bytes) -> socket.socket:
        """A handshake with these lines, of somebody who says and reads nothing more."""
        link = socket.create_connection(("127.0.0.1", self.port), timeout=patience(20))
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.sendall(GOOD + b"".join(more) + b"\r\n")
        return link

    def post(self, frame: bytes) -> None:
        assert self.loop
        for one in list(self.sockets.by_id.values()):
            self.loop.call_soon_threadsafe(one.post, frame)


@pytest.fixture
def shore(request: pytest.FixtureRequest) -> Iterator[Shore]:
    there, ready, leave = Shore(getattr(request, "param", None)), *_events()
    thread = threading.Thread(target=lambda: asyncio.run(there.live(ready, leave)))
    thread.start()
    assert ready.wait(patience(15))
    try:
        yield there
    finally:
        leave.set()
        thread.join(patience(15))


def _events() -> tuple[threading.Event, threading.Event]:
    return threading.Event(), threading.Event()


@pytest.mark.parametrize(
    ("much", "status"),
    [
        (b"x-more: " + b"y" * 30_000 + b"\r\n", b"431"),
        (b"x-more: y\r\n" * 200, b"431"),
        (b"x-more: " + b"y" * 90_000 + b"\r\n", b"431"),
    ],
    ids=["a line of 30 kB", "200 lines", "90 kB"],
)
def test_too_long_a_handshake_is_refused_with_a_status_and_closed(
    shore: Shore, much: bytes, status: bytes
) -> None:
    with shore.by_hand(much) as link:
        assert link.recv(65_536).startswith(b"HTTP/1.1 " + status)
        with contextlib.suppress(ConnectionError):
            while link.recv(65_536):
                pass
    assert shore.service.told == []


def test_very_many_at_once_wait_for_their_turn_and_are_let_in(shore: Shore) -> None:
    with ThreadPoolExecutor(150) as pool, contextlib.ExitStack() as open_:
        for one in pool.map(lambda _: shore.open(), range(150)):
            open_.enter_context(one)
        assert shore.service.told.count(CONNECT) == 150
    assert eventually(lambda: shore.service.told.count(DISCONNECT) == 150)


@pytest.mark.parametrize("shore", [SocketLimits(connects_a_second=5)], indirect=True)
def test_more_in_a_second_than_api_gateway_takes_are_refused(shore: Shore) -> None:
    def comes(_: int) -> int:
        try:
            with shore.open():
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    with ThreadPoolExecutor(20) as pool:
        came = list(pool.map(comes, range(20)))
    assert {*came} == {101, 429}
    assert came.count(101) >= 5
    assert eventually(lambda: comes(0) == 101)


def test_one_that_never_answers_a_ping_is_ended_and_forgotten(shore: Shore) -> None:
    with shore.by_hand():
        assert eventually(lambda: CONNECT in shore.service.told)
        assert eventually(lambda: shore.service.told.count(DISCONNECT) == 1)
        assert shore.sockets.by_id == {}


def test_nor_does_what_waits_to_be_read_keep_it(shore: Shore) -> None:
    with shore.by_hand():
        assert eventually(lambda: len(shore.sockets.by_id) == 1)
        for _ in range(90):
            shore.post(b"z" * 128_000)
        assert eventually(lambda: shore.service.told.count(DISCONNECT) == 1)
        assert shore.sockets.by_id == {}
