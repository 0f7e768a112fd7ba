"""The guestbook behind a real front and a real Lambda service, as on one machine."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
import uvicorn

from functions.catalogue import module_function
from local.api_gateway import HttpFront
from local.lambda_service import InvokeAnswer, LambdaService
from local.serving import PortServer
from local.wiring import local_function, routes_of
from tests.helpers.guestbook import GUESTBOOK
from tests.helpers.module_users import at_home
from tests.helpers.servers import Urls
from waddlebot.runtime.needs import PUBLIC_URL

AT = "/modules/guestbook"
ROW = replace(module_function(GUESTBOOK), handler="tests.helpers.guestbook.handler")


@dataclass(slots=True)
class Visited:
    """`client` comes to its addresses; `call` is what the router does."""

    client: httpx.Client
    _running: _Running

    def call(self, wire: dict[str, Any]) -> InvokeAnswer:
        asked = self._running.service.invoke(ROW.name, json.dumps(wire).encode())
        return asyncio.run_coroutine_threadsafe(asked, self._running.loop).result(timeout=60)


@dataclass(slots=True)
class _Running:
    server: PortServer
    service: LambdaService = field(init=False)
    loop: asyncio.AbstractEventLoop = field(init=False)

    async def serve(self, values: Urls, folder: Path) -> None:
        self.loop = asyncio.get_running_loop()
        function = local_function(ROW, values, lambda_url="http://unused", assets=folder)
        self.service = LambdaService([function], logs=folder)
        await self.service.start()
        try:
            self.server.config.app = HttpFront(routes_of([ROW]), self.service)
            await self.server.serve()
        finally:
            await self.service.stop()


@pytest.fixture
def visited(database_urls: Urls, limits: redis.Redis, tmp_path: Path) -> Iterator[Visited]:
    assert limits.dbsize() == 0  # nobody has come yet
    own = {
        "DATABASE_URL": at_home(database_urls, GUESTBOOK, "guests", "name text"),
        PUBLIC_URL: "https://bot.example.org/",
    }
    server = PortServer(
        uvicorn.Config(
            "unused:app",
            port=0,
            log_level="error",
            ws="none",
            lifespan="off",
            proxy_headers=False,  # as local/serving.py
        )
    )
    running = _Running(server)
    thread = threading.Thread(
        target=lambda: asyncio.run(running.serve({**database_urls, **own}, tmp_path))
    )
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        yield Visited(client, running)
    server.end()
    thread.join()


@pytest.fixture
def client(visited: Visited) -> httpx.Client:
    return visited.client
