"""The page, the real stand-ins and a bot of a few sentences behind one port, without the house."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, unquote

import aiohttp
import uvicorn
from nacl.signing import SigningKey

from local.callers import LocalCallers
from local.one_port import OnePort
from local.playground import Playground
from local.port import free_port
from local.serving import PortServer
from local.stand_ins import StandIns
from local.stand_ins.asgi import (
    AsgiAnswer,
    AsgiRequest,
    Receive,
    Scope,
    Send,
    read_request,
    send_answer,
)
from local.stand_ins.people import PEOPLE, TWITCH_BOT_USER
from tests.helpers.small_overlay import OVERLAY, overlay_answer, show, ticker_of
from waddlebot.domain.errors import Rejected
from waddlebot.domain.offers import Offering
from waddlebot.platforms.discord.listings import dressed
from waddlebot.platforms.slack.components import actions_of, options_of
from waddlebot.platforms.slack.listings import blocks_of
from waddlebot.platforms.slack.render import rendered
from waddlebot.platforms.twitch import signature
from waddlebot_sdk import Choice, ListEntry, Listing

_SEED = "11" * 32
KEYS = {
    "DISCORD_STAND_IN_PRIVATE_KEY": _SEED,
    "DISCORD_PUBLIC_KEY": SigningKey(bytes.fromhex(_SEED)).verify_key.encode().hex(),
    "DISCORD_APPLICATION_ID": "200000000000000001",
    "SLACK_SIGNING_SECRET": "slack-secret",
    "TWITCH_EVENTSUB_SECRET": "twitch-secret",
    "STAND_IN_TOKEN": "stand-in-token",
    "WADDLEBOT_API_KEY": "wbk_of_the_small_house",
}
DESK = "desk.example"
"""As which a remote desktop's browser knows this machine."""
LISTING = Listing(
    title="What you can use here",
    entries=(
        ListEntry(name="memories", about="Keeps quotes & <notes>: !quote !note"),
        ListEntry(name="a*b_c", about="*Not* bold"),
    ),
    more="More about one: !help !quote",
)


@dataclass(slots=True, kw_only=True)
class SmallBot:
    """Answers each line once, in front of the real stand-ins; `heard` is its record."""

    url: str
    heard: dict[str, dict[str, Any]] = field(default_factory=dict)
    kept: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await show(lambda: self.kept, receive, send)
        else:
            await send_answer(
                await self._answer(await read_request(scope, receive, scope["path"])), send
            )

    async def _answer(self, request: AsgiRequest) -> AsgiAnswer:
        if request.path == "/webhooks/twitch":
            return await self._twitch(request)
        if request.path == "/webhooks/slack":
            return await self._slack(request)
        if request.path.startswith(OVERLAY):
            return overlay_answer(request.path.removeprefix(OVERLAY), self.kept)
        if request.path.startswith("/api/operations/events/"):
            return self._record(request)
        return AsgiAnswer(status=404)

    async def _twitch(self, request: AsgiRequest) -> AsgiAnswer:
        try:
            now, secret = datetime.now(UTC), KEYS["TWITCH_EVENTSUB_SECRET"]
            signature.verify(request.headers, request.body, secret=secret, now=now)
        except Rejected:
            return AsgiAnswer(status=403)
        event = request.fields()["event"]
        event_id = f"twitch:{event['message_id']}"
        is_new = event_id not in self.heard
        said = self._say(event_id, event["chatter_user_login"], event["message"]["text"])
        if said:
            body = {
                "broadcaster_id": event["broadcaster_user_id"],
                "sender_id": TWITCH_BOT_USER,
                "message": said,
                "reply_parent_message_id": event["message_id"],
            }
            await self._post("/stand-ins/twitch/helix/chat/messages", body)
        if is_new and "free nitro" in event["message"]["text"]:
            where = f"broadcaster_id={event['broadcaster_user_id']}"
            what = f"message_id={event['message_id']}"
            await self._call("DELETE", f"/stand-ins/twitch/helix/moderation/chat?{where}&{what}")
        return AsgiAnswer(status=204)

    async def _slack(self, request: AsgiRequest) -> AsgiAnswer:
        if "form" in request.headers["content-type"]:
            return self._slack_asked(request)
        body = request.fields()
        event = body["event"]
        event_id = f"slack:{body['team_id']}/{event['channel']}/{event['ts']}"
        said = self._say(event_id, _login("slack", event["user"]), event["text"])
        if said:
            message: dict[str, Any] = {
                "channel": event["channel"],
                "text": said.replace("&", "&amp;"),
            }
            if event["text"] == "!modules":
                finder = actions_of(Offering(finder="Find a command"))
                message["blocks"] = [*blocks_of(LISTING, rendered), finder]
            await self._post("/stand-ins/slack/api/chat.postMessage", message)
        return AsgiAnswer()

    def _slack_asked(self, request: AsgiRequest) -> AsgiAnswer:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if "payload" in form:  # typed into the finder, or taken there
            return _json(options_of([Choice("quote", "!quote: Show a quote")]))
        said = self._say(f"slack:{form['trigger_id']}", form["user_name"], f"!{form['text']}")
        return _json({"response_type": "ephemeral", "text": said})

    async def discord_line(self, message: dict[str, Any]) -> None:
        login = _login("discord", message["author"]["id"])
        said = self._say(f"discord:{message['id']}", login, message["content"])
        if said:
            body: dict[str, Any] = {
                "content": said,
                "message_reference": {"message_id": message["id"]},
            }
            if message["content"] == "!modules":
                body = dressed(body, LISTING)
            path = f"/stand-ins/discord/api/v10/channels/{message['channel_id']}/messages"
            await self._post(path, body)

    def _say(self, event_id: str, login: str, text: str) -> str:
        if event_id in self.heard:
            return ""
        refused = text.startswith("!addquote") and login == "ana"
        verdict = {
            "execution_id": "7f3kaa",
            "command": text.split(maxsplit=1)[0],
            "reason": "role" if refused else "allowed",
            "needed_role": "moderator" if refused else "user",
            "role": "user",
            "user_name": login.capitalize(),
            "status": None if refused else "success",
            "wait_seconds": 0.0,
            "decided_by": "",
        }
        said = _answer_to(text, refused=refused)
        self.heard[event_id] = {
            "message": {"text": text},
            "verdicts": [verdict] if said else [],
        }
        if said.startswith("Kept"):
            self.kept = ticker_of(text.partition(" ")[2])
        return said

    def _record(self, request: AsgiRequest) -> AsgiAnswer:
        right = request.headers.get("authorization") == f"Bearer {KEYS['WADDLEBOT_API_KEY']}"
        event_id = unquote(request.path.removeprefix("/api/operations/events/"))
        if not right or event_id not in self.heard:
            return AsgiAnswer(status=404 if right else 401)
        return _json(self.heard[event_id])

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        await self._call("POST", path, json=body)

    async def _call(self, method: str, path: str, **more: Any) -> None:
        bot = "Bot" if "discord" in path else "Bearer"
        headers = {"authorization": f"{bot} {KEYS['STAND_IN_TOKEN']}", "client-id": "small"}
        async with aiohttp.ClientSession(headers=headers) as http:
            while True:
                async with http.request(method, f"{self.url}{path}", **more) as answer:
                    if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                        answer.raise_for_status()
                        return
                    await asyncio.sleep(float(answer.headers["retry-after"]))

    async def hold_gateway(self) -> None:
        """Discord's chat lines, for as long as the house stands."""
        address = f"{self.url}/stand-ins/discord/gateway?v=10"
        me = {"token": KEYS["STAND_IN_TOKEN"], "intents": 1 << 15 | 1 << 9 | 1}
        async with aiohttp.ClientSession() as http, http.ws_connect(address) as socket:
            await socket.send_json({"op": 2, "d": {**me, "properties": {}}})
            async for frame in socket:
                got = json.loads(frame.data)
                if got.get("t") == "MESSAGE_CREATE" and not got["d"]["author"].get("bot"):
                    await self.discord_line(got["d"])


def _answer_to(text: str, *, refused: bool) -> str:
    if refused:
        return "!addquote is for moderators only. Ask one of them, or see !why."
    answers = {
        "!help": "You can use !quote & !addquote. More about one: `!help quote`",
        "!quote": "#1: Waddle on!",
        "!modules": " · ".join(LISTING.as_text().splitlines()),
        "!addquote": "Kept as quote #2.",
        "#roll": "2d6: 3 + 5 = 8",
        "!remind": "⏰ Reminder for you: tea",
    }
    return answers.get(text.split(maxsplit=1)[0], "")


def _json(value: dict[str, Any]) -> AsgiAnswer:
    return AsgiAnswer(headers={"content-type": "application/json"}, body=json.dumps(value).encode())


def _login(platform: str, user_id: str) -> str:
    return next(p.login for p in PEOPLE.values() if p.ids[platform] == user_id)


@contextlib.contextmanager
def small_house(
    closed: Mapping[str, str] = MappingProxyType({}),
    *,
    kept_at: Path | None = None,
    port: int = 0,
) -> Iterator[str]:
    """The address of a house in a thread of its own; nobody speaks on platforms of `closed`."""
    port, ready, leave = port or free_port(), threading.Event(), threading.Event()
    url = f"http://127.0.0.1:{port}"
    serving = _serving(url, port, closed, kept_at)
    thread = threading.Thread(target=lambda: asyncio.run(_live(serving, ready, leave)))
    thread.start()
    assert ready.wait(10)
    try:
        yield url
    finally:
        leave.set()
        thread.join(10)


async def _live(
    serving: AbstractAsyncContextManager[SmallBot], ready: threading.Event, leave: threading.Event
) -> None:
    async with serving as bot:
        gateway = asyncio.create_task(bot.hold_gateway())
        ready.set()
        await asyncio.to_thread(leave.wait)
        gateway.cancel()
        await asyncio.gather(gateway, return_exceptions=True)


@contextlib.asynccontextmanager
async def _serving(
    url: str, port: int, closed: Mapping[str, str], kept_at: Path | None
) -> AsyncIterator[SmallBot]:
    async def hang() -> str:
        return "The quotes module hangs at its next call: one sentence within two seconds."

    bot = SmallBot(url=url)
    stand_ins = StandIns(keys=KEYS, webhook_url=url, closed=closed, kept_at=kept_at)
    playground = Playground(
        url=url,
        values=KEYS,
        breakers={"hang": hang},
        find_overlays=lambda: {one: f"{OVERLAY}{one}" for one in ("ticker", "media", "general")},
    )
    app = OnePort(
        front=stand_ins.watching(bot),
        store=bot,
        stand_ins=stand_ins,
        playground=playground,
        callers=LocalCallers(port=port, host=DESK),
    )
    config = uvicorn.Config(
        app,
        port=port,
        lifespan="off",
        log_level="warning",
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    server = PortServer(config)
    await stand_ins.start()
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers a flag and no event
        await asyncio.sleep(0.005)
    try:
        yield bot
    finally:
        server.end()
        await task
        await stand_ins.stop()
