"""Twitch's EventSub over a WebSocket, for whoever has no public address for webhooks.

Nothing is repeated over a socket: what happens while it is broken is lost, so the gap is measured
and told. Sources: "Handling WebSocket Events" and "EventSub Subscription Types".
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp

from gateway_bot.connections.staying import Broken, Refused, stay_connected
from gateway_bot.connections.storing import MOST_WAITING, Append, store_all
from waddlebot.domain.events import Event
from waddlebot.platforms.fields import dig, id_at, objects_at, parse_object, text_at
from waddlebot.platforms.received import Action
from waddlebot.platforms.twitch.events import read_websocket

API_URL = "https://api.twitch.tv/helix"
SOCKET_URL = "wss://eventsub.wss.twitch.tv/ws"
WELCOME_SECONDS = 10.0
CALL_SECONDS = 5.0
MOST_CHANNELS = 30
"""A connection carries 300 subscriptions, and a channel takes eight."""

# Subscriptions, gifts and raids are told in chat, which asks for no right of the broadcaster's.
_CHAT = {"channel.chat.message": "1", "channel.chat.notification": "1"}
_AS_MODERATOR = {"channel.follow": "2", "channel.moderate": "2"}
_OF_CHANNEL = {
    "channel.cheer": "1",
    "channel.charity_campaign.donate": "1",
    "stream.online": "1",
    "stream.offline": "1",
}

log = logging.getLogger(__name__)

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwitchSettings:
    """`channels` are logins or user ids of broadcasters; the token is the bot's own, as a user."""

    token: str = field(repr=False)
    client_id: str
    bot_user_id: str
    channels: Sequence[str]
    api_url: str = API_URL
    socket_url: str = SOCKET_URL
    most_waiting: int = MOST_WAITING
    grace_seconds: float = 5.0


async def run(settings: TwitchSettings, append: Append) -> None:
    """Holds the connection until it is cancelled; events go to `append`, in order.

    Returns only where Twitch refuses the token for good, which is logged.
    """
    waiting: asyncio.Queue[Event] = asyncio.Queue(settings.most_waiting)
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
    async with asyncio.TaskGroup() as tasks, aiohttp.ClientSession(timeout=timeout) as session:
        storing = tasks.create_task(store_all(waiting, append))
        connection = _Connection(settings=settings, session=session, waiting=waiting)
        await stay_connected("twitch", connection.listen)
        await waiting.join()
        storing.cancel()


@dataclass(slots=True, kw_only=True)
class _Connection:
    settings: TwitchSettings
    session: aiohttp.ClientSession
    waiting: asyncio.Queue[Event]
    _silent_after: float = 10.0
    _heard: float = 0.0
    _is_first: bool = True

    async def listen(self) -> None:
        socket = await self._open(self.settings.socket_url)
        try:
            await self._subscribe(await self._welcome(socket))
            while True:
                frame = await self._next(socket)
                received = read_websocket(
                    frame, now=datetime.now(UTC), own_id=self.settings.bot_user_id
                )
                if received.event:
                    await self.waiting.put(received.event)
                if received.action is Action.REVOCATION:
                    log.error("twitch took a subscription back", extra={"facts": received.facts})
                if received.action is Action.RECONNECT:
                    socket = await self._move(socket, frame)
        finally:
            await socket.close()

    async def _move(
        self, old: aiohttp.ClientWebSocketResponse, frame: str
    ) -> aiohttp.ClientWebSocketResponse:
        """Subscriptions carry over; the old socket stays until the new one is welcome."""
        url = text_at(parse_object(frame), "payload", "session", "reconnect_url")
        new = await self._open(url)
        try:
            await self._welcome(new)
        except BaseException:
            await new.close()
            raise
        await old.close()
        log.info("twitch moved to another address")
        return new

    async def _open(self, url: str) -> aiohttp.ClientWebSocketResponse:
        return await self.session.ws_connect(url, max_msg_size=1 << 20)

    async def _welcome(self, socket: aiohttp.ClientWebSocketResponse) -> str:
        """The session's id."""
        self._silent_after = WELCOME_SECONDS
        before, frame = self._heard, await self._next(socket)
        session = dig(parse_object(frame), "payload", "session")
        if not isinstance(session, Mapping) or not id_at(session, "id"):
            raise Broken("no welcome")
        seconds = session.get("keepalive_timeout_seconds")
        self._silent_after = (
            seconds if isinstance(seconds, int) else WELCOME_SECONDS
        ) + self.settings.grace_seconds
        if not self._is_first:
            gap = round(time.monotonic() - before, 1)
            log.warning("twitch connected again", extra={"gap_seconds": gap})
        else:
            log.info("twitch connected")
        self._is_first = False
        return id_at(session, "id")

    async def _next(self, socket: aiohttp.ClientWebSocketResponse) -> str:
        """The next frame of text. Raises Broken; TimeoutError where nothing came in time."""
        while True:
            message = await socket.receive(timeout=self._silent_after)
            if message.type is aiohttp.WSMsgType.TEXT:
                self._heard = time.monotonic()
                return str(message.data)
            if message.type is not aiohttp.WSMsgType.BINARY:
                raise Broken(f"closed with {socket.close_code}")

    async def _subscribe(self, session_id: str) -> None:
        """To all there is of each channel; what the token does not allow is said once."""
        refused: dict[str, str] = {}
        taken = 0
        for channel in await self._broadcasters():
            for wanted in subscriptions_of(channel, self.settings.bot_user_id):
                transport = {"method": "websocket", "session_id": session_id}
                status, answer = await self._call(
                    "POST", "/eventsub/subscriptions", json={**wanted, "transport": transport}
                )
                if status < 400 or status == 409:  # 409: it is there already
                    taken += 1
                else:
                    refused[wanted["type"]] = f"{status} {text_at(answer, 'message')}"
        for kind, why in refused.items():
            log.warning("twitch does not tell of %s", kind, extra={"why": why})
        if not taken:
            raise Broken("no subscription was taken")

    async def _broadcasters(self) -> list[str]:
        """User ids, also of those who were named by login."""
        named = [one for one in self.settings.channels if not one.isdigit()]
        found: dict[str, str] = {}
        if named:
            status, answer = await self._call("GET", "/users", params=[("login", x) for x in named])
            if status >= 400:
                raise Broken(f"channels cannot be looked up: {status}")
            found = {text_at(one, "login"): id_at(one, "id") for one in objects_at(answer, "data")}
        for name in named:
            if name.lower() not in found:
                log.error("there is no twitch channel %s", name)
        ids = [found.get(one.lower(), one) for one in self.settings.channels]
        return [one for one in ids if one.isdigit()][:MOST_CHANNELS]

    async def _call(self, method: str, path: str, **more: Any) -> tuple[int, Wire]:
        headers = {
            "authorization": f"Bearer {self.settings.token}",
            "client-id": self.settings.client_id,
        }
        url = f"{self.settings.api_url}{path}"
        async with self.session.request(method, url, headers=headers, **more) as answer:
            body: Any = await answer.json(content_type=None)
            if answer.status == 401:
                raise Refused("TWITCH_USER_TOKEN must be a current token of the bot's account")
            return answer.status, body if isinstance(body, dict) else {}


def subscriptions_of(channel: str, bot: str) -> Iterator[Wire]:
    """`{"type", "version", "condition"}`, chat first. Nothing is told twice."""
    of_channel = {"broadcaster_user_id": channel}
    for kind, version in _CHAT.items():
        yield {"type": kind, "version": version, "condition": {**of_channel, "user_id": bot}}
    for kind, version in _OF_CHANNEL.items():
        yield {"type": kind, "version": version, "condition": of_channel}
    for kind, version in _AS_MODERATOR.items():
        condition = {**of_channel, "moderator_user_id": bot}
        yield {"type": kind, "version": version, "condition": condition}
