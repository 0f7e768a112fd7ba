"""EventSub's socket and the doors of Helix that a gateway knocks at; it answers as Twitch does."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp import WSCloseCode, web

from gateway_bot.connections.twitch_helix import Helix
from tests.helpers.patience import in_the_loop
from tests.helpers.serving import serving

TOKEN = "the bot's own token"
LOGINS = {"penguins": "1001", "seals": "1002"}
Answers = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadAnswer:
    """What a call of Helix whose path ends so is answered with instead. `reset_at`: seconds since
    1970."""

    path: str
    status: int
    text: str = ""
    kind: str = "application/json"
    reset_at: int | None = None

    def response(self) -> web.Response:
        told = {"status": self.status, "message": "not today"}
        headers = {} if self.reset_at is None else {"Ratelimit-Reset": str(self.reset_at)}
        body = (self.text or json.dumps(told)).encode()
        return web.Response(
            status=self.status, body=body, headers={**headers, "Content-Type": self.kind}
        )


def too_many(path: str, *, seconds: int) -> BadAnswer:
    """As Twitch says it: until a second of its clock."""
    return BadAnswer(path=path, status=429, reset_at=int(time.time()) + seconds + 1)


@dataclass(slots=True, kw_only=True)
class TwitchStandIn:
    """`refuses` are subscription types that the token has no right to."""

    keepalive_seconds: int = 10
    refuses: tuple[str, ...] = ()
    url: str = ""
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    subscriptions: list[Mapping[str, Any]] = field(default_factory=list)
    """Of all sockets that there have been; those that were let go are gone."""
    streams: list[Mapping[str, Any]] = field(default_factory=list)
    token: str = TOKEN
    """The one that is taken."""
    secret: str = "the application's secret"
    refresh: str = "the bot's first refresh token"
    """The one that is good: each is good once here."""
    grants: list[str] = field(default_factory=list)
    """How each new token was asked for."""
    token_calls: int = 0
    said: list[str] = field(default_factory=list)
    """What was said in chat."""
    early: list[str] = field(default_factory=list)
    """What the next sockets say before their welcome."""
    silent: int = 0
    """So many of the next sockets say nothing at all."""
    gone: set[str] = field(default_factory=set)
    """Sessions that take no subscriptions any more."""
    bad: list[BadAnswer] = field(default_factory=list)
    """Each once."""
    calls: list[tuple[float, str]] = field(default_factory=list)
    """Of Helix: when, by its own clock, and which."""
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def kinds(self, channel: str = "1001") -> list[str]:
        return sorted(
            one["type"]
            for one in self.subscriptions
            if one["condition"]["broadcaster_user_id"] == channel
        )

    def hearing(self, channel: str) -> list[int]:
        """The open sockets that have subscribed to the channel's lines."""
        sessions = {
            one["transport"]["session_id"]
            for one in self.subscriptions
            if one["type"] == "channel.chat.message"
            and one["condition"]["broadcaster_user_id"] == channel
        }
        return [
            number
            for number, socket in enumerate(self.sockets)
            if not socket.closed and f"session-{number + 1}" in sessions
        ]

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._as_helix])
        app.router.add_get("/ws", self._socket)
        app.router.add_get("/helix/users", self._users)
        app.router.add_post("/helix/eventsub/subscriptions", self._subscribe)
        app.router.add_delete("/helix/eventsub/subscriptions", self._let_go)
        app.router.add_get("/helix/streams", self._live)
        app.router.add_post("/helix/chat/messages", self._chat)
        app.router.add_post("/helix/whispers", self._whisper)
        app.router.add_post("/oauth2/token", self._grant)
        return app

    async def connected(self, count: int) -> web.WebSocketResponse:
        """The newest of so many sockets."""
        await self.until(lambda: len(self.sockets) >= count)
        return self.sockets[-1]

    async def subscribed(self, count: int) -> None:
        await self.until(lambda: len(self.subscriptions) >= count)

    async def says(
        self, text: str, *, who: str = "7", channel: str = "1001", socket: int = -1
    ) -> None:
        number = next(self._numbers)
        event = {
            "broadcaster_user_id": channel,
            "broadcaster_user_login": "penguins",
            "chatter_user_id": who,
            "chatter_user_name": "Ana",
            "message_id": f"m{number}",
            "message": {"text": text, "fragments": []},
            "badges": [],
        }
        subscription = {"type": "channel.chat.message", "version": "1"}
        payload = {"subscription": subscription, "event": event}
        await self.sends("notification", payload, socket=socket)

    async def sends(self, kind: str, payload: Mapping[str, Any], *, socket: int = -1) -> None:
        metadata = {
            "message_id": f"e{next(self._numbers)}",
            "message_type": kind,
            "message_timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        }
        frame = {"metadata": metadata, "payload": payload}
        await self.sockets[socket].send_str(json.dumps(frame))

    async def welcome(self) -> None:
        session = {
            "id": f"session-{len(self.sockets)}",
            "status": "connected",
            "keepalive_timeout_seconds": self.keepalive_seconds,
        }
        await self.sends("session_welcome", {"session": session})

    async def asks_to_move(self, path: str = "/ws?moved=1") -> None:
        session = {"status": "reconnecting", "reconnect_url": f"{self.url}{path}"}
        await self.sends("session_reconnect", {"session": session})

    async def breaks(self, code: int = WSCloseCode.TRY_AGAIN_LATER) -> None:
        await self.sockets[-1].close(code=code)

    def open_sockets(self) -> int:
        return sum(not socket.closed for socket in self.sockets)

    def as_user(self, session: aiohttp.ClientSession) -> Helix:
        """This stand-in, as somebody meets it who has the bot's own token."""
        return Helix(
            session=session,
            token=TOKEN,
            token_name="TWITCH_USER_TOKEN",
            client_id="client",
            api_url=f"{self.url}/helix",
        )

    async def until(self, is_so: Callable[[], bool]) -> None:
        await in_the_loop(is_so, within=10)

    @web.middleware
    async def _as_helix(self, request: web.Request, handler: Answers) -> web.StreamResponse:
        """Nobody is told anything without a token and the application's id."""
        if not request.path.startswith("/helix/"):
            return await handler(request)
        self.calls.append((time.time(), f"{request.method} {request.path}"))
        if not self._takes(request):
            return _invalid()
        for one in self.bad:
            if request.path.endswith(one.path):
                self.bad.remove(one)
                return one.response()
        return await handler(request)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        for text in self.early:
            await socket.send_str(text)
        if self.silent:
            self.silent -= 1
        else:
            await self.welcome()
        async for _ in socket:
            raise AssertionError("clients send nothing but pong")
        return socket

    async def _users(self, request: web.Request) -> web.Response:
        logins = request.query.getall("login")
        found = [{"id": LOGINS[one], "login": one} for one in logins if one in LOGINS]
        return web.json_response({"data": found})

    async def _subscribe(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked["type"] in self.refuses:
            words = "subscription missing proper authorization"
            return web.json_response({"status": 403, "message": words}, status=403)
        if asked["transport"].get("session_id") in self.gone:
            words = "websocket transport session does not exist or has already disconnected"
            return web.json_response({"status": 400, "message": words}, status=400)
        if any(asked.items() <= one.items() for one in self.subscriptions):
            words = "subscription already exists"
            return web.json_response({"status": 409, "message": words}, status=409)
        taken = {"id": f"s{next(self._numbers)}", "status": "enabled", **asked}
        self.subscriptions.append(taken)
        return web.json_response({"data": [taken]}, status=202)

    async def _let_go(self, request: web.Request) -> web.Response:
        gone = request.query["id"]
        self.subscriptions = [one for one in self.subscriptions if one["id"] != gone]
        return web.Response(status=204)

    async def _chat(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.said.append(asked["message"])
        return web.json_response({"data": [{"message_id": "m", "is_sent": True}]})

    async def _whisper(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.said.append(asked["message"])
        return web.Response(status=204)

    async def _grant(self, request: web.Request) -> web.Response:
        asked = await request.post()
        self.token_calls += 1
        if asked.get("client_secret") != self.secret:
            return web.json_response(
                {"status": 403, "message": "invalid client secret"}, status=403
            )
        how, refresh = str(asked["grant_type"]), {}
        self.grants.append(how)
        if how == "refresh_token":
            if asked.get("refresh_token") != self.refresh:
                words = {"status": 400, "message": "Invalid refresh token"}
                return web.json_response({"error": "Bad Request", **words}, status=400)
            self.refresh = f"refresh-{next(self._numbers)}"
            refresh = {"refresh_token": self.refresh, "scope": ["user:read:chat"]}
        self.token = f"access-{next(self._numbers)}"
        told = {"access_token": self.token, "expires_in": 14_000, "token_type": "bearer"}
        return web.json_response({**told, **refresh})

    def expire(self) -> None:
        """What was given is taken no more."""
        self.token = f"nobody has this: {next(self._numbers)}"

    def _takes(self, request: web.Request) -> bool:
        told = request.headers
        [client_id] = told.getall("client-id")
        return bool(client_id) and told["authorization"] == f"Bearer {self.token}"

    async def _live(self, request: web.Request) -> web.Response:
        asked = request.query.getall("user_id")
        found = [one for one in self.streams if one["user_id"] in asked]
        return web.json_response({"data": found, "pagination": {}})


def _invalid() -> web.Response:
    words = {"status": 401, "message": "Invalid OAuth token"}
    return web.json_response({"error": "Unauthorized", **words}, status=401)


@asynccontextmanager
async def twitch_stand_in(**fields: Any) -> AsyncIterator[TwitchStandIn]:
    stand_in = TwitchStandIn(**fields)
    async with serving(stand_in.app(), stand_in.sockets) as stand_in.url:
        yield stand_in
