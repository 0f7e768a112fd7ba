"""What a platform may answer to a call that is no answer: read as none, whoever asked."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web
from redis.asyncio import Redis

from gateway_bot.calling import Calling, call_helix, call_plainly
from gateway_bot.connections.discord_plan import DiscordPlan, DiscordSettings
from gateway_bot.connections.discord_servers import Server
from gateway_bot.connections.discord_sessions import ONLY, Progress, Sessions
from gateway_bot.connections.discord_threads import Threads
from gateway_bot.post import open_session
from tests.helpers.events_and_commands import an_event
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event
from waddlebot.platforms.delivering import HttpAnswer, HttpCall, try_again

JSON = "application/json"
ODD = {
    "nested": (b"[" * 100_000, JSON),
    "a long number": (b'{"data": ' + b"1" * 5_000 + b"}", JSON),
    "no text": (b'{"data": "\xff\xfe"}', JSON),
    "no charset": (b'{"data": "\xff"}', f"{JSON}; charset=hex"),
    "an odd charset": (b'{"data": "\xff"}', f"{JSON}; charset=punycode"),
    "text of no charset": (b"\xff", "text/plain; charset=hex"),
    "nothing": (b"", JSON),
}


@asynccontextmanager
async def answering(status: int, body: bytes, kind: str) -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers={"Content-Type": kind})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("calling", [call_helix, call_plainly])
@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("odd", ODD)
def test_an_answer_that_nobody_can_read_keeps_its_status(
    calling: Calling, status: int, odd: str
) -> None:
    async def go() -> HttpAnswer:
        body, kind = ODD[odd]
        async with answering(status, body, kind) as url, open_session() as session:
            headers = {"client-id": "client"}
            call = HttpCall(method="POST", url=url, headers=headers, json={}, bucket="test")
            return await calling(session, call)

    answer = asyncio.run(go())

    assert answer.status == status
    assert answer.json is None


@pytest.mark.parametrize("odd", ODD)
def test_a_line_is_carried_on_where_discord_says_nothing_readable_of_its_place(odd: str) -> None:
    line = an_event("hi", entity=EntityId("discord:channel:7/70"))

    async def go() -> Sequence[Event]:
        body, kind = ODD[odd]
        async with answering(200, body, kind) as url, open_session() as session:
            sessions = Sessions(Redis(), ONLY)  # nothing is kept: no server is asked
            progress = Progress()
            progress.servers.known["7"] = Server()
            settings = DiscordSettings(token="token", api_url=url.rstrip("/"))
            plan = DiscordPlan(
                settings=settings, sessions=sessions, progress=progress, is_ours=lambda: True
            )
            return await Threads(plan=plan, session=session).settle([line])

    assert asyncio.run(go()) == [line]


@pytest.mark.parametrize("name", ["retry-after", "ratelimit-reset"])
@pytest.mark.parametrize("said", ["nan", "NaN", "inf", "-inf", "1e400", "9" * 400])
def test_a_pause_that_is_no_number_is_an_ordinary_one(name: str, said: str) -> None:
    for answer in (
        HttpAnswer(status=429, headers={name: said}),
        HttpAnswer(status=429, json={"retry_after": float(said)}),
    ):
        passing = try_again("Twitch", answer, now=datetime.now(UTC))
        assert passing
        assert math.isfinite(passing.wait_seconds)
        assert 0 < passing.wait_seconds <= 60
