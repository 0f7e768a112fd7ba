"""Twitch's EventSub over a WebSocket, for whoever has no public address for webhooks.

Nothing is repeated over a socket: what happens while it is broken is lost, so the gap is measured
and told, also where another process goes on. Source: "Handling WebSocket Events".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp

from gateway_bot.connections.staying import Broken, stay_connected
from gateway_bot.connections.storing import MOST_WAITING, Append, store_all
from gateway_bot.connections.twitch_channels import Held, Tell
from gateway_bot.connections.twitch_heard import Heard
from gateway_bot.connections.twitch_helix import (
    A_CHANNEL,
    CALL_SECONDS,
    Helix,
    is_for_webhooks,
    subscriptions_of,
    words_for,
)
from gateway_bot.waiting import is_set_within
from waddlebot.domain.events import Event
from waddlebot.platforms.fields import dig, id_at, objects_at, parse_object, text_at
from waddlebot.platforms.received import Action
from waddlebot.platforms.twitch.events import read_websocket

SOCKET_URL = "wss://eventsub.wss.twitch.tv/ws"
WELCOME_SECONDS = 10.0
MOST_CONNECTIONS = 3
MOST_CHANNELS = 300 // A_CHANNEL
"""Of one connection, which carries 300 subscriptions."""
GAP_SECONDS = 0.3
"""A shorter one is none."""

log = logging.getLogger(__name__)

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwitchSettings:
    """`bot_user_id` is the account whose token subscribes: the bot's own, as a user."""

    helix: Callable[[aiohttp.ClientSession], Helix]
    bot_user_id: str
    socket_url: str = SOCKET_URL
    most_waiting: int = MOST_WAITING
    grace_seconds: float = 5.0


async def run(
    settings: TwitchSettings,
    append: Append,
    held: Held,
    heard: Heard,
    tell: Tell,
) -> None:
    """Holds as many connections as the channels need until it is cancelled; events go to
    `append`, in order.

    Returns only where Twitch refuses the token for good, which is logged.
    """
    waiting: asyncio.Queue[Event] = asyncio.Queue(settings.most_waiting)
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
    async with asyncio.TaskGroup() as tasks, aiohttp.ClientSession(timeout=timeout) as session:
        helix = settings.helix(session)
        connections = [
            _Connection(settings=settings, helix=helix, waiting=waiting, heard=heard, tell=tell)
            for _ in range(MOST_CONNECTIONS)
        ]
        storing = tasks.create_task(store_all(waiting, append))
        others = [tasks.create_task(_spread(held, connections, tell))]
        others += [
            tasks.create_task(stay_connected("twitch", connection.listen))
            for connection in connections
        ]
        # What one token is refused, all are.
        await asyncio.wait(others, return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            task.cancel()
        await held.tell_refused(helix.token_name, tell)
        await waiting.join()
        storing.cancel()


async def _spread(held: Held, connections: list[_Connection], tell: Tell) -> None:
    """Every channel stays with the connection that has it; a new one goes where there is room."""
    while True:
        held.changed.clear()
        for connection in connections:
            connection.want({name: None for name in connection.wanted if name in held.channels})
        carried = {name for connection in connections for name in connection.wanted}
        for name in [name for name in held.channels if name not in carried]:
            roomy = [one for one in connections if len(one.wanted) < MOST_CHANNELS]
            if roomy:
                roomy[0].want({**roomy[0].wanted, name: None})
            else:
                most = MOST_CONNECTIONS * MOST_CHANNELS
                await tell(name, f"Sockets carry {most} channels: lower MAX_CLAIMS to that.")
        await held.changed.wait()


@dataclass(slots=True, kw_only=True)
class _Connection:
    """`wanted` are the channels that it shall carry, `_taken` by which subscriptions it does."""

    settings: TwitchSettings
    helix: Helix
    waiting: asyncio.Queue[Event]
    heard: Heard
    tell: Tell
    wanted: dict[str, None] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _taken: dict[str, list[str]] = field(default_factory=dict)
    _silent_after: float = 10.0

    def want(self, channels: dict[str, None]) -> None:
        if channels != self.wanted:
            self.wanted = channels
            self._changed.set()

    async def listen(self) -> None:
        while not self.wanted:  # a socket without subscriptions is closed
            self._changed.clear()
            await self._changed.wait()
        socket = await self._open(self.settings.socket_url)
        self._taken.clear()
        try:
            session_id = await self._welcome(socket)
        except BaseException:
            await socket.close()
            raise
        log.info("twitch connected", extra={"channels": len(self.wanted)})
        both = [
            asyncio.ensure_future(self._read(socket)),
            asyncio.ensure_future(self._stay_true(session_id)),
        ]
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in both:
                task.cancel()
            await asyncio.wait(both)

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            while True:
                frame = await self._next(socket)
                received = read_websocket(
                    frame, now=datetime.now(UTC), own_id=self.settings.bot_user_id
                )
                if received.routed:
                    await self.waiting.put(received.routed)
                if received.action is Action.REVOCATION:
                    log.error("twitch took a subscription back", extra={"facts": received.facts})
                if received.action is Action.RECONNECT:
                    socket = await self._move(socket, frame)
        finally:
            await socket.close()

    async def _stay_true(self, session_id: str) -> None:
        """Follows the claims, and notes once a second how far the channels were heard."""
        while self.wanted:
            self._changed.clear()
            await self._follow(session_id)
            while not await is_set_within(self._changed, 1.0):
                await self.heard.note(self._taken)

    async def _follow(self, session_id: str) -> None:
        """Subscribes to what is new, and lets go of what others carry."""
        for name in [name for name in self._taken if name not in self.wanted]:
            for subscription in self._taken.pop(name):
                gone = {"id": subscription}
                await self.helix.call("DELETE", "/eventsub/subscriptions", params=gone)
        new = [name for name in self.wanted if name not in self._taken]
        ids = await self.helix.user_ids(new) if new else {}
        for name in new:
            if name in ids:
                await self._subscribe(name, ids[name], session_id)
            else:
                log.error("there is no twitch channel %s", name)
                await self.tell(name, f"There is no Twitch channel '{name}': see TWITCH_CHANNELS.")
        if not self._taken and self.wanted:
            raise Broken("no subscription was taken")

    async def _subscribe(self, name: str, channel: str, session_id: str) -> None:
        """To all there is of a channel; what the token does not allow is said."""
        transport = {"method": "websocket", "session_id": session_id}
        wanted = list(subscriptions_of(channel, self.settings.bot_user_id))
        answers = await asyncio.gather(
            *(
                self.helix.call(
                    "POST", "/eventsub/subscriptions", json={**one, "transport": transport}
                )
                for one in wanted
            )
        )
        refused: dict[str, str] = {}
        for one, (status, answer) in zip(wanted, answers, strict=True):
            if status < 400:
                ids = [id_at(taken, "id") for taken in objects_at(answer, "data")]
                self._taken.setdefault(name, []).extend(ids)
            elif status == 409:  # it is there already
                self._taken.setdefault(name, [])
            else:
                refused[one["type"]] = f"{status} {text_at(answer, 'message')}"
        refused = {kind: why for kind, why in refused.items() if not is_for_webhooks(kind)}
        for kind, why in refused.items():
            log.warning("twitch does not tell of %s", kind, extra={"channel": name, "why": why})
        await self.tell(name, " ".join(filter(None, (words_for(refused), await self._gap(name)))))

    async def _gap(self, name: str) -> str:
        """What was said meanwhile is lost; measured from the last note, so at most this long."""
        seconds = await self.heard.gap_seconds(name)
        if seconds is None or seconds < GAP_SECONDS:
            return ""
        told = {"channel": name, "gap_seconds": round(seconds, 1)}
        log.warning("twitch was not heard", extra=told)
        return (
            f"Not heard for {seconds:.1f} s until {datetime.now(UTC):%H:%M} UTC: sockets repeat "
            "nothing, webhooks do."
        )

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
        return await self.helix.session.ws_connect(url, max_msg_size=1 << 20)

    async def _welcome(self, socket: aiohttp.ClientWebSocketResponse) -> str:
        """The session's id."""
        self._silent_after = WELCOME_SECONDS
        frame = await self._next(socket)
        session = dig(parse_object(frame), "payload", "session")
        if not isinstance(session, Mapping) or not id_at(session, "id"):
            raise Broken("no welcome")
        seconds = session.get("keepalive_timeout_seconds")
        self._silent_after = (
            seconds if isinstance(seconds, int) else WELCOME_SECONDS
        ) + self.settings.grace_seconds
        return id_at(session, "id")

    async def _next(self, socket: aiohttp.ClientWebSocketResponse) -> str:
        """The next frame of text. Raises Broken; TimeoutError where nothing came in time."""
        while True:
            message = await socket.receive(timeout=self._silent_after)
            if message.type is aiohttp.WSMsgType.TEXT:
                return str(message.data)
            if message.type is not aiohttp.WSMsgType.BINARY:
                raise Broken(f"closed with {socket.close_code}")
