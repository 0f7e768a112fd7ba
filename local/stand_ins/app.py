"""The stand-ins as one ASGI application, and the watch over what webhooks are answered with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs

from local.stand_ins.asgi import (
    AsgiApp,
    Dropped,
    Json,
    PathRouter,
    Receive,
    Scope,
    Send,
    Socket,
    Stream,
    break_off,
    json_answer,
    read_request,
    send_answer,
    send_stream,
)
from local.stand_ins.conversation import Conversation
from local.stand_ins.discord import Discord
from local.stand_ins.faults import Faults
from local.stand_ins.feed import KEPT, Feed
from local.stand_ins.hearsay import take_note
from local.stand_ins.nothing_here import not_found
from local.stand_ins.people import TWITCH_BOT_USER, StandInPeople
from local.stand_ins.people_side import PeopleSide
from local.stand_ins.places import StandInPlaces
from local.stand_ins.platform import StandInPlatform, Surroundings
from local.stand_ins.signing_in import CLIENT, SigningIn
from local.stand_ins.slack import Slack
from local.stand_ins.twitch import Twitch
from local.stand_ins.webhooks import Webhooks

HOME_CHANNEL = "1001"
"""Of Twitch, where the pond lives."""
_NOT_FOUND = "The stand-ins have no such page. Try GET …/places."


def bot_environment(
    front: str, keys: Mapping[str, str], prefix: str = "/stand-ins"
) -> dict[str, str]:
    """What a bot is told so that it lives at the stand-ins; `front` is their address."""
    base, token = front.rstrip("/") + prefix, keys["STAND_IN_TOKEN"]
    return {
        "DISCORD_API_URL": f"{base}/discord/api/v10",
        "DISCORD_TOKEN": token,
        "DISCORD_APPLICATION_ID": keys["DISCORD_APPLICATION_ID"],
        "DISCORD_PUBLIC_KEY": keys["DISCORD_PUBLIC_KEY"],
        "SLACK_API_URL": f"{base}/slack/api",
        "SLACK_BOT_TOKEN": token,
        "SLACK_CLIENT_ID": CLIENT,
        "SLACK_CLIENT_SECRET": token,
        "SLACK_SIGNING_SECRET": keys["SLACK_SIGNING_SECRET"],
        "TWITCH_API_URL": f"{base}/twitch/helix",
        "TWITCH_AUTH_URL": f"{base}/twitch/oauth2",
        "TWITCH_APP_TOKEN": token,
        "TWITCH_CLIENT_ID": CLIENT,
        "TWITCH_CLIENT_SECRET": token,
        "TWITCH_BOT_USER_ID": TWITCH_BOT_USER,
        "TWITCH_BOT_IS_MODERATOR": "1",
        "TWITCH_EVENTSUB_SECRET": keys["TWITCH_EVENTSUB_SECRET"],
        "TWITCH_CALLBACK_URL": f"{front.rstrip('/')}/webhooks/twitch",
        "TWITCH_CHANNELS": HOME_CHANNEL,
    }


class StandIns:
    """An ASGI application for everything under `prefix`, mounted or not.

    `keys` holds SLACK_SIGNING_SECRET, TWITCH_EVENTSUB_SECRET, DISCORD_STAND_IN_PRIVATE_KEY (the hex
    seed of DISCORD_PUBLIC_KEY), DISCORD_APPLICATION_ID and STAND_IN_TOKEN, the one token that all
    three platforms accept. `webhook_url` is the bot's front, where the stand-ins are mounted too.
    `kept_at` is the file that keeps the conversation over a restart; `faults` is shared with the
    stand-ins of services.
    Call `start` and `stop`, or let the server's lifespan do it.
    """

    def __init__(
        self,
        *,
        keys: Mapping[str, str],
        webhook_url: str,
        prefix: str = "/stand-ins",
        closed: Mapping[str, str] = MappingProxyType({}),
        real: Collection[str] = (),
        kept_at: Path | None = None,
        faults: Faults | None = None,
    ) -> None:
        self._prefix = prefix
        self._real = real
        self._webhooks = Webhooks(webhook_url)
        self._conversation = Conversation(path=kept_at, most=KEPT) if kept_at else None
        around = Surroundings(
            keys=keys,
            address=webhook_url.rstrip("/") + prefix,
            prefix=prefix,
            feed=Feed(conversation=self._conversation),
            faults=faults or Faults(),
            people=StandInPeople(),
            places=StandInPlaces(),
            webhooks=self._webhooks,
            closed=closed,
        )
        self._around = around
        signing_in = SigningIn(around)
        self._discord = Discord(around, signing_in)
        self._platforms: dict[str, StandInPlatform] = {
            "discord": self._discord,
            "slack": Slack(around, signing_in),
            "twitch": Twitch(around, signing_in),
        }
        self._router = PathRouter()
        PeopleSide(around, self._platforms, self._discord.gateway).routes(self._router)
        # Twitch tells a sign-in from more by itself; Slack's takes every method of its API.
        self._platforms["twitch"].routes(self._router)
        signing_in.routes(self._router)
        for name in ("discord", "slack"):
            self._platforms[name].routes(self._router)

    async def start(self) -> None:
        await self._webhooks.start()

    async def stop(self) -> None:
        await self._webhooks.stop()
        if self._conversation:
            self._conversation.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self._serve_socket(scope, receive, send)
        else:
            await self._serve_request(scope, receive, send)

    def watching(self, app: AsgiApp) -> AsgiApp:
        """The same application; what it answers webhooks with is shown as the platforms do."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            name = _webhook_of(scope)
            platform = self._platforms.get(name)
            if platform is None or name in self._real:
                return await app(scope, receive, send)
            tape = _Tape(
                name=name,
                platform=platform,
                around=self._around,
                scope=scope,
                plain_receive=receive,
                plain_send=send,
            )
            return await app(scope, tape.receive, tape.send)

        return watched

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_gateway = self._path(scope).rstrip("/") == "/discord/gateway"
        if not is_gateway or "discord" in self._real:
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        query = parse_qs(scope["query_string"].decode())
        await self._discord.connect(
            Socket(receive, send),
            lambda name: query.get(name, [""])[0],
            f"http://{headers['host']}",
        )

    async def _serve_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = self._path(scope)
        if (platform := path.strip("/").partition("/")[0]) in self._real:
            error = {"code": "NOT_FOUND", "message": self._around.closed[platform]}
            await send_answer(json_answer({"success": False, "error": error}, 404), send)
            return
        request = await read_request(scope, receive, path)
        found = self._router.find(request)
        if found is None:
            await send_answer(not_found(request, _NOT_FOUND), send)
            return
        handler, request = found
        try:
            answer = await handler(request)
        except Dropped:
            await break_off(send)
            return
        if isinstance(answer, Stream):
            await send_stream(answer, receive, send)
        else:
            await send_answer(answer, send)

    def _path(self, scope: Scope) -> str:
        return str(scope["path"]).removeprefix(self._prefix)


@dataclass(slots=True, kw_only=True)
class _Tape:
    """Listens to one webhook and its answer while they pass."""

    name: str
    platform: StandInPlatform
    around: Surroundings
    scope: Scope
    plain_receive: Receive
    plain_send: Send
    question: bytes = b""
    answer: bytes = b""
    status: int = 0

    async def receive(self) -> Json:
        message = dict(await self.plain_receive())
        self.question += message.get("body", b"")
        if message["type"] == "http.request" and not message.get("more_body"):
            take_note(self.name, self.platform, self.around, self.scope, self.question)
        return message

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.answer += message.get("body", b"")
        # Before the last byte leaves: no follow-up of the bot's can come sooner than its answer.
        if self.status == 200 and not message.get("more_body") and "status" not in message:
            headers = {
                name.decode().lower(): value.decode() for name, value in self.scope["headers"]
            }
            self.platform.answered(headers, self.question, self.answer)
        await self.plain_send(message)


def _webhook_of(scope: Scope) -> str:
    """The platform whose webhook this is; "" for everything else."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return ""
    before, _, platform = str(scope["path"]).rpartition("/")
    return platform if before.endswith("/webhooks") else ""
