"""Slack's socket mode, for whoever has no public address for webhooks.

What is not acknowledged comes again by itself, so nothing waits in memory: a batch is stored, then
acknowledged. Sources: "Using Socket Mode", "apps.connections.open".
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from gateway_bot.connections.staying import Broken, Refused, stay_connected
from gateway_bot.connections.storing import Append
from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.domain.events import Event
from waddlebot.platforms.fields import parse_object, text_at
from waddlebot.platforms.received import Action
from waddlebot.platforms.slack.events import read_websocket

API_URL = "https://slack.com/api"
HELLO_SECONDS = 10.0
BEAT_SECONDS = 15.0
CALL_SECONDS = 5.0
MOST_IN_BATCH = 100
_FOR_GOOD = frozenset({"invalid_auth", "not_authed", "account_inactive", "not_allowed_token_type"})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """`token` is the app's own (`xapp-…`), with the scope `connections:write`."""

    token: str = field(repr=False)
    api_url: str = API_URL


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`answer` goes back with the acknowledgement, where Slack waits for one."""

    id: str
    event: Event | None
    answer: Any = None


async def run(settings: SlackSettings, append: Append) -> None:
    """Holds the connection until it is cancelled; events go to `append`, in order.

    Returns only where Slack refuses the token for good, which is logged.
    """
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        connection = _Connection(settings=settings, session=session, append=append)
        await stay_connected("slack", connection.carry)


@dataclass(slots=True, kw_only=True)
class _Connection:
    settings: SlackSettings
    session: aiohttp.ClientSession
    append: Append

    async def carry(self) -> None:
        socket = await self._connect()
        log.info("slack connected")
        try:
            while True:
                await self._listen(socket)
                # Announced some seconds before: the next one stands before the old one falls.
                old, socket = socket, await self._connect()
                await old.close()
                log.info("slack was connected anew, as it asked")
        finally:
            await socket.close()

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Until Slack asks for another connection. Raises Broken."""
        frames: asyncio.Queue[str | None] = asyncio.Queue(MOST_IN_BATCH)
        reading = asyncio.create_task(_read(socket, frames))
        try:
            while True:
                batch = await _batch(frames)
                told = [frame for frame in batch if frame is not None]
                await self._store(socket, [one for frame in told if (one := _opened(frame))])
                if any(map(_says_goodbye, told)):
                    return
                if None in batch:
                    raise Broken(f"closed with {socket.close_code}")
        finally:
            reading.cancel()

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        socket = await self.session.ws_connect(await self._address(), heartbeat=BEAT_SECONDS)
        hello = await socket.receive(timeout=HELLO_SECONDS)
        if text_at(_object(hello.data), "type") != "hello":
            await socket.close()
            raise Broken("no hello")
        return socket

    async def _address(self) -> str:
        url = f"{self.settings.api_url}/apps.connections.open"
        headers = {"authorization": f"Bearer {self.settings.token}"}
        async with self.session.post(url, headers=headers) as answer:
            told: Any = await answer.json(content_type=None)
        told = told if isinstance(told, dict) else {}
        if told.get("ok") is True:
            return text_at(told, "url")
        why = text_at(told, "error") or f"status {answer.status}"
        if why in _FOR_GOOD:
            raise Refused(f"SLACK_APP_TOKEN must be the app's own token, xapp-… ({why})")
        raise Broken(why)

    async def _store(
        self, socket: aiohttp.ClientWebSocketResponse, envelopes: Sequence[Envelope]
    ) -> None:
        """Nothing is acknowledged before it is stored; what is not comes again."""
        events = [one.event for one in envelopes if one.event]
        try:
            if events:
                await self.append(events)
        except Unavailable as away:
            log.warning("events are left to slack", extra={"what": away.what, "count": len(events)})
            return
        for one in envelopes:
            payload = {} if one.answer is None else {"payload": one.answer}
            await socket.send_json({"envelope_id": one.id, **payload})


async def _read(socket: aiohttp.ClientWebSocketResponse, frames: asyncio.Queue[str | None]) -> None:
    """All frames of text, then None: it is closed. While nothing is taken, nothing is read."""
    async for message in socket:
        if message.type is aiohttp.WSMsgType.TEXT:
            await frames.put(str(message.data))
    await frames.put(None)


async def _batch(frames: asyncio.Queue[str | None]) -> list[str | None]:
    batch = [await frames.get()]
    while not frames.empty():
        batch.append(frames.get_nowait())
    return batch


def _opened(frame: str) -> Envelope | None:
    """None for what carries nothing: hello, disconnect, what cannot be read."""
    envelope_id = text_at(_object(frame), "envelope_id")
    if not envelope_id:
        return None
    received = read_websocket(frame)
    answer = received.answer.body if received.answer else b""
    return Envelope(
        id=envelope_id, event=received.routed, answer=json.loads(answer) if answer else None
    )


def _says_goodbye(frame: str) -> bool:
    return read_websocket(frame).action is Action.RECONNECT


def _object(frame: object) -> dict[str, Any]:
    if not isinstance(frame, str):
        return {}
    try:
        return parse_object(frame)
    except Rejected:
        return {}
