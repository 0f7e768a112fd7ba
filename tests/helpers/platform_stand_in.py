"""A platform's API as far as a sender can see it: answers what a test tells it to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answer = Callable[["PlatformStandIn"], Awaitable[web.StreamResponse]]


LOOKING = re.compile(r"/discord/channels/\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    method: str
    path: str
    body: Any
    at: float


@dataclass(slots=True)
class PlatformStandIn:
    answer: Answer
    seen: list[Seen] = field(default_factory=list)
    url: str = ""

    @property
    def variables(self) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": "local",
            "DISCORD_APPLICATION_ID": "1",
            "DISCORD_API_URL": f"{self.url}/discord",
            "SLACK_BOT_TOKEN": "local",
            "SLACK_API_URL": f"{self.url}/slack",
            "TWITCH_APP_TOKEN": "local",
            "TWITCH_CLIENT_ID": "1",
            "TWITCH_BOT_USER_ID": "42",
            "TWITCH_API_URL": f"{self.url}/twitch",
        }

    def texts(self) -> list[str]:
        bodies = [seen.body for seen in self.seen if seen.body]
        return [body.get("content") or body.get("message") for body in bodies]

    async def receive(self, request: web.Request) -> web.StreamResponse:
        if request.method == "GET" and LOOKING.fullmatch(request.path):
            return web.json_response({})  # whose channel it is: it says no other server
        body = await request.json() if request.can_read_body else None
        at = asyncio.get_running_loop().time()
        self.seen.append(Seen(method=request.method, path=request.path, body=body, at=at))
        return await self.answer(self)


async def accept(_: PlatformStandIn) -> web.StreamResponse:
    return web.json_response({"id": "1", "data": [{"message_id": "1", "is_sent": True}]})


@asynccontextmanager
async def platform_stand_in(answer: Answer = accept) -> AsyncIterator[PlatformStandIn]:
    stand_in = PlatformStandIn(answer)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", stand_in.receive)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [(_, port)] = runner.addresses
    stand_in.url = f"http://127.0.0.1:{port}"
    try:
        yield stand_in
    finally:
        await runner.cleanup()
