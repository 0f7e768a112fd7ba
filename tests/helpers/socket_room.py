"""Sockets of overlays as OBS opens them; front, functions and servers are the real ones."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from functions.catalogue import OVERLAY
from local.api_gateway import Fronts, HttpFront, OpenSockets, SocketFront, SocketLimits
from local.callers import App, Receive, Scope, Send
from local.lambda_service import LambdaService
from local.port import free_port, listen
from local.serving import serving
from local.wiring import AWS_CREDENTIALS, local_function, routes_of, socket_apis
from tests.helpers.overlays import a_token
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.overlays import OverlaySource
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.invoke import Invoker
from waddlebot.runtime.needs import CONNECTIONS_URLS
from waddlebot.runtime.push_on import push_on
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.record_rows import encode_rows, write_rows
from waddlebot_sdk.responses import Ticker

COMES_FROM = "x-test-source"


@dataclass(slots=True, kw_only=True)
class SocketRoom:
    database: Postgres
    community: CommunityId
    port: int
    lambda_url: str = ""
    sockets: OpenSockets = field(default_factory=OpenSockets)
    loop: asyncio.AbstractEventLoop | None = None
    service: LambdaService | None = None
    _pushed: int = 0

    def token(self, source: str = "ticker") -> str:
        return a_token(f"{self.community} {source}")

    def open(self, path: str = "", *, source_ip: str = "") -> ClientConnection:
        """Raises websockets' InvalidStatus where the handshake is refused."""
        headers = {COMES_FROM: source_ip} if source_ip else {}
        address = f"ws://127.0.0.1:{self.port}{path or f'/{self.token()}/ticker'}"
        return connect(address, additional_headers=headers, open_timeout=20)

    def push(self, *texts: str) -> None:
        """As the router records and shows them."""
        now, rows = datetime.now(UTC), []
        for text in texts:
            self._pushed += 1
            rows.append(
                {
                    "nth": len(rows),
                    "community_id": self.community,
                    "source": "ticker",
                    "execution_id": f"execution-{self._pushed}",
                    "position": 0,
                    "content": Ticker(text).to_wire(),
                    "made_at": now,
                    "expires_at": now + timedelta(seconds=60),
                }
            )
        shown = write_rows(self.database, encode_rows({"pushes": rows}))
        push_on(shown, partial(Invoker, self.environment))

    @property
    def environment(self) -> Environment:
        return Environment({**AWS_CREDENTIALS, "AWS_ENDPOINT_URL_LAMBDA": self.lambda_url})

    def known(self) -> list[str]:
        rows = self.database.write(
            "SELECT connection_id FROM overlay_sockets ORDER BY connected_at"
        )
        return [row["connection_id"] for row in rows]

    def wake(self, payload: dict[str, Any]) -> dict[str, Any]:
        """As the clock does, or who writes to sockets."""
        assert self.service
        assert self.loop
        asked = self.service.invoke("overlay-sockets", json.dumps(payload).encode())
        done = asyncio.run_coroutine_threadsafe(asked, self.loop).result(30)
        answer: dict[str, Any] = json.loads(done.payload)
        return answer

    async def live(
        self, values: dict[str, str], folder: Path, ready: threading.Event, leave: threading.Event
    ) -> None:
        self.loop, port = asyncio.get_running_loop(), free_port()
        self.lambda_url = f"http://127.0.0.1:{port}"
        async with self.sockets.reachable():
            values = {**values, CONNECTIONS_URLS["overlay"]: self.sockets.url}
            functions = [
                local_function(row, values, lambda_url=self.lambda_url, assets=folder)
                for row in OVERLAY
            ]
            self.service = LambdaService(functions, logs=folder, port=port)
            await self.service.start()
            try:
                front = Fronts(
                    http=HttpFront(routes_of(OVERLAY), self.service),
                    sockets=SocketFront(socket_apis(), self.service, self.sockets),
                )
                async with serving(_from_elsewhere(front), listen(self.port)):
                    ready.set()
                    await asyncio.to_thread(leave.wait)
            finally:
                await self.service.stop()


def frames(socket: ClientConnection, count: int = 1, *, within: float = 20) -> list[dict[str, Any]]:
    """The next ones, decoded."""
    return [json.loads(socket.recv(timeout=within)) for _ in range(count)]


def ending(socket: ClientConnection, *, within: float = 20) -> tuple[list[str], int]:
    """What was still said, and the code it was closed with."""
    said: list[str] = []
    try:
        while True:
            said.append(str(socket.recv(timeout=within)))
    except ConnectionClosed as closed:
        return said, closed.rcvd.code if closed.rcvd else 1006


@contextlib.contextmanager
def socket_room(
    database: Postgres,
    community: CommunityId,
    values: dict[str, str],
    folder: Path,
    limits: SocketLimits | None = None,
) -> Iterator[SocketRoom]:
    room = SocketRoom(
        database=database, community=community, port=free_port(), sockets=OpenSockets(limits)
    )
    for source in OverlaySource:
        give_token(database, community, source, room.token(source))
    ready, leave = threading.Event(), threading.Event()
    thread = threading.Thread(
        target=lambda: asyncio.run(room.live(values, folder, ready, leave)), daemon=True
    )
    thread.start()
    try:
        assert ready.wait(60)
        yield room
    finally:
        leave.set()
        thread.join(30)


def give_token(
    database: Postgres, community: CommunityId, source: str, token: str, *, grace: float = 0
) -> None:
    """As its next generation; the one before is good for so many seconds more."""
    database.write(
        """
        INSERT INTO overlay_tokens (community_id, source, token_hash) VALUES (%s, %s, %s)
        ON CONFLICT (community_id, source) DO UPDATE SET generation = overlay_tokens.generation + 1,
            token_hash = EXCLUDED.token_hash, previous_hash = overlay_tokens.token_hash,
            previous_until = now() + %s * interval '1 second'
        """,
        (community, source, hashlib.sha256(token.encode()).digest(), grace),
    )


def _from_elsewhere(app: App) -> App:
    """The network's part: who asks may be somebody of another address."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        named = dict(scope["headers"]).get(COMES_FROM.encode())
        if named:
            scope = {**scope, "client": (named.decode(), 40_000)}
        await app(scope, receive, send)

    return asked
