"""The busiest known stream through one gateway: Twitch's socket in, replies back at Helix.

The platform is a few doors of our own in this process; the house is as `make run` starts it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bench.chat_log import quiet_lines
from bench.house import GATEWAY, House, HouseDown, cpu_by_part, running
from local.stand_ins.people import stable_number

LINES_A_SECOND = 833
"""The most that was ever seen in one channel (facts of the field)."""
COMMANDS_A_SECOND = 3
"""As many answers as Twitch takes from a moderator's bot: 100 in 30 s."""
TICK_SECONDS = 0.012
CHANNEL = "88100"
BOT = "1000"
WARM_UP = 10
START_SECONDS, SETTLE_SECONDS = 240.0, 120.0

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """`answer_ms` from when a command was said to when its reply arrived; CPU in percent of one
    core; `behind_seconds` from the last line said to the last one recorded."""

    lines_a_second: float
    answer_ms: list[float]
    gateway_cpu: float
    house_cpu: float
    behind_seconds: float


@dataclass(slots=True)
class _Twitch:
    """The socket and as much of Helix as the gateway and its senders use."""

    url: str = ""
    socket: web.WebSocketResponse | None = None
    subscribed: threading.Event = field(default_factory=threading.Event)
    said_at: dict[str, float] = field(default_factory=dict)
    answered_at: dict[str, float] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/ws", self._socket)
        app.router.add_get("/helix/users", _nothing)
        app.router.add_get("/helix/streams", _nothing)
        app.router.add_post("/helix/eventsub/subscriptions", self._subscribe)
        app.router.add_post("/helix/chat/messages", self._reply)
        return app

    async def say(self, who: str, text: str, message: str) -> None:
        event = {
            "broadcaster_user_id": CHANNEL,
            "broadcaster_user_login": "busy",
            "chatter_user_id": str(stable_number(who)),
            "chatter_user_name": who,
            "message_id": message,
            "message": {"text": text, "fragments": []},
            "badges": [],
        }
        subscription = {"type": "channel.chat.message", "version": "1"}
        await self._send("notification", {"subscription": subscription, "event": event})

    async def _send(self, kind: str, payload: Wire) -> None:
        assert self.socket is not None  # noqa: S101 - it is subscribed to
        metadata = {
            "message_id": f"e{next(self._numbers)}",
            "message_type": kind,
            "message_timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        }
        await self.socket.send_str(json.dumps({"metadata": metadata, "payload": payload}))

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        self.socket = web.WebSocketResponse()
        await self.socket.prepare(request)
        session = {"id": "busy", "status": "connected", "keepalive_timeout_seconds": 600}
        await self._send("session_welcome", {"session": session})
        async for _ in self.socket:
            pass
        return self.socket

    async def _subscribe(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked["type"] == "channel.chat.message":
            self.subscribed.set()
        return web.json_response({"data": [{"id": asked["type"], **asked}]}, status=202)

    async def _reply(self, request: web.Request) -> web.Response:
        body = await request.json()
        about = str(body.get("reply_parent_message_id"))
        self.answered_at.setdefault(about, time.perf_counter())
        sent = {"message_id": f"r{next(self._numbers)}", "is_sent": True}
        return web.json_response({"data": [sent]})


async def _nothing(_request: web.Request) -> web.Response:
    return web.json_response({"data": [], "pagination": {}})


def measure_busy(home: Path, *, seconds: float) -> Busy:
    """Raises HouseDown where a line was not recorded, or a command not answered."""
    with _twitch_running() as (twitch, loop):
        variables = {
            "TWITCH_APP_TOKEN": "bench",
            "TWITCH_USER_TOKEN": "bench",
            "TWITCH_CLIENT_ID": "bench",
            "TWITCH_BOT_USER_ID": BOT,
            "TWITCH_BOT_IS_MODERATOR": "1",
            "TWITCH_CHANNELS": CHANNEL,
            "TWITCH_API_URL": f"{twitch.url}/helix",
            "TWITCH_EVENTSUB_URL": f"{twitch.url}/ws",
        }
        with running(home, **variables) as house:
            if not twitch.subscribed.wait(START_SECONDS):
                raise HouseDown("the gateway did not subscribe")
            _on(loop, _speak(twitch, seconds=WARM_UP / COMMANDS_A_SECOND, name="warm"))
            _wait_recorded(house, twitch)
            twitch.answered_at.clear()
            twitch.said_at.clear()
            return _measure(house, twitch, loop, seconds)


def _measure(
    house: House, twitch: _Twitch, loop: asyncio.AbstractEventLoop, seconds: float
) -> Busy:
    before, began = _cpu_seconds(house), time.perf_counter()
    said = _on(loop, _speak(twitch, seconds=seconds, name="busy"))
    took = time.perf_counter() - began
    used = {part: after - before[part] for part, after in _cpu_seconds(house).items()}
    _wait_recorded(house, twitch)
    behind = time.perf_counter() - began - took
    _wait_answered(twitch)
    return Busy(
        lines_a_second=said / took,
        answer_ms=[
            (twitch.answered_at[one] - at) * 1000
            for one, at in twitch.said_at.items()
            if one.startswith("ask")
        ],
        gateway_cpu=100 * used["gateway"] / took,
        house_cpu=100 * used["house"] / took,
        behind_seconds=behind,
    )


async def _speak(twitch: _Twitch, *, seconds: float, name: str) -> int:
    """So many lines a second, evenly; every so often one is a command. How many were said."""
    lines, said = quiet_lines(), 0
    every = LINES_A_SECOND // COMMANDS_A_SECOND
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        while said < passed * LINES_A_SECOND:
            said += 1
            is_command = said % every == 0
            message = f"{'ask' if is_command else 'line'}-{name}-{said}"
            twitch.said_at[message] = time.perf_counter()
            line = next(lines)
            text = "!help" if is_command else line.text
            await twitch.say(f"{name}{said}" if is_command else line.who, text, message)
        await asyncio.sleep(TICK_SECONDS)
    return said


def _wait_recorded(house: House, twitch: _Twitch) -> None:
    wanted, end = len(twitch.said_at), time.monotonic() + SETTLE_SECONDS
    names = [f"twitch:{one}" for one in twitch.said_at]
    statement = "SELECT count(*) AS lines FROM messages WHERE event_id = ANY(%s)"
    with house.database() as database:
        while (found := int(database.write(statement, [names])[0]["lines"])) < wanted:
            if time.monotonic() > end:
                raise HouseDown(f"of {wanted} lines, {wanted - found} were not recorded")
            time.sleep(0.02)


def _wait_answered(twitch: _Twitch) -> None:
    end = time.monotonic() + SETTLE_SECONDS
    asked = [one for one in twitch.said_at if one.startswith("ask")]
    while missing := [one for one in asked if one not in twitch.answered_at]:
        if time.monotonic() > end:
            raise HouseDown(f"of {len(asked)} commands, {len(missing)} were not answered")
        time.sleep(0.02)


def _cpu_seconds(house: House) -> dict[str, float]:
    """Of the gateway alone, and of all processes of the house with its servers."""
    spent = cpu_by_part(house.processes())
    return {"gateway": spent[GATEWAY], "house": sum(spent.values())}


@contextlib.contextmanager
def _twitch_running() -> Iterator[tuple[_Twitch, asyncio.AbstractEventLoop]]:
    twitch, loop = _Twitch(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = web.AppRunner(twitch.app(), access_log=None, shutdown_timeout=0.1)

    async def start() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        twitch.url = f"http://127.0.0.1:{runner.addresses[0][1]}"

    _on(loop, start())
    try:
        yield twitch, loop
    finally:
        _on(loop, runner.cleanup())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _on(loop: asyncio.AbstractEventLoop, work: Any) -> Any:
    return asyncio.run_coroutine_threadsafe(work, loop).result()
