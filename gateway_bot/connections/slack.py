"""Slack's socket mode, for whoever has no public address for webhooks.

What is not acknowledged comes again by itself, so nothing waits in memory: a batch is stored, then
acknowledged. Sources: "Using Socket Mode", "apps.connections.open".
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from gateway_bot.connections.completing import Complete, nothing_offered
from gateway_bot.connections.staying import (
    Broken,
    Refused,
    Staying,
    Tell,
    Waits,
    asked_pause,
    say_nothing,
)
from gateway_bot.connections.storing import Append, append_each
from waddlebot.domain.completions import Completing
from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.domain.events import Event
from waddlebot.platforms.fields import parse_object, text_at
from waddlebot.platforms.received import Action, Received, without_event
from waddlebot.platforms.slack.components import options_of
from waddlebot.platforms.slack.events import read_websocket

API_URL = "https://slack.com/api"
HELLO_SECONDS = 10.0
GOODBYE_SECONDS = 10.0
"""Slack announces the end of a socket so long before."""
BEAT_SECONDS = 15.0
CALL_SECONDS = 5.0
MOST_IN_BATCH = 100
_CLOSE_SECONDS = 2.0
_REFUSED = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "not_allowed_token_type",
        "token_revoked",
        "token_expired",
    }
)
_GOODBYES = frozenset({"warning", "refresh_requested"})
"""Another connection is wanted. All other reasons would be the next one's, too."""
_TROUBLES = {
    "link_disabled": "Slack's socket mode is switched off: switch it on in the app's settings.",
    "too_many_websockets": (
        "Slack gives this app no more sockets, it has ten: end the gateways that still hold some."
    ),
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """`token` is the app's own (`xapp-…`), with the scope `connections:write`."""

    token: str = field(repr=False)
    api_url: str = API_URL
    hello_seconds: float = HELLO_SECONDS
    waits: Waits = field(default_factory=Waits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`answer` goes back with the acknowledgement, where Slack waits for one; where somebody types
    it is for when nobody knows what to offer.
    """

    id: str
    event: Event | None
    answer: Any = None
    completing: Completing | None = None


async def run(
    settings: SlackSettings,
    append: Append,
    tell: Tell = say_nothing,
    *,
    complete: Complete = nothing_offered,
) -> None:
    """Holds the connection until it is cancelled; events go to `append`, in order, and to `tell`
    what the operator has to do. `complete` says what is offered while somebody types.
    """
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        staying = Staying(platform="slack", waits=settings.waits, tell=tell)
        connection = _Connection(
            settings=settings, session=session, append=append, staying=staying, complete=complete
        )
        try:
            await staying.keep(connection.carry)
        finally:
            connection.offering.end()


@dataclass(slots=True)
class _Link:
    """A socket that said hello, and what it said since. None stands for its end."""

    socket: aiohttp.ClientWebSocketResponse
    frames: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(MOST_IN_BATCH))
    reading: asyncio.Task[None] | None = None

    def open(self) -> _Link:
        self.reading = asyncio.create_task(_read(self.socket, self.frames))
        return self

    async def close(self) -> None:
        if self.reading:
            self.reading.cancel()
        await _close(self.socket)


@dataclass(slots=True, kw_only=True)
class _Connection:
    settings: SlackSettings
    session: aiohttp.ClientSession
    append: Append
    staying: Staying
    complete: Complete
    offering: _Offering = field(init=False)

    def __post_init__(self) -> None:
        self.offering = _Offering(self.complete)

    async def carry(self) -> None:
        link = await self._connect()
        log.info("slack connected")
        try:
            while True:
                await self._listen(link)
                link = await self._replace(link)
                log.info("slack was connected anew, as it asked")
        finally:
            await link.close()

    async def _replace(self, old: _Link) -> _Link:
        """The old one is read until the next one stands, or until it falls as it was announced."""
        listening = asyncio.create_task(self._listen(old))
        try:
            await self.staying.rest()
            return await self._connect()
        except (Broken, aiohttp.ClientError, TimeoutError, OSError):
            await asyncio.wait([listening], timeout=GOODBYE_SECONDS)
            raise
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await old.close()

    async def _listen(self, link: _Link) -> None:
        """Until Slack asks for another connection. Raises Broken."""
        while True:
            batch = await _batch(link.frames)
            told = [frame for frame in batch if frame is not None]
            await self._store(link.socket, [one for frame in told if (one := _opened(frame))])
            for why in filter(None, map(_goodbye, told)):
                if why in _GOODBYES:
                    return
                raise _parted(why)
            if None in batch:
                raise Broken(f"closed with {link.socket.close_code}")

    async def _connect(self) -> _Link:
        socket = await self.session.ws_connect(await self._address(), heartbeat=BEAT_SECONDS)
        try:
            await self._hear_hello(socket)
            await self.staying.stands()
        except BaseException:
            await _close(socket)
            raise
        return _Link(socket).open()

    async def _hear_hello(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Raises Broken, and TimeoutError where there is none."""
        async with asyncio.timeout(self.settings.hello_seconds):
            while not socket.closed:
                hello = _object((await socket.receive()).data)
                if text_at(hello, "type") == "hello":
                    return
                if text_at(hello, "type") == "disconnect":
                    raise _parted(text_at(hello, "reason"))
        raise Broken(f"no hello, closed with {socket.close_code}")

    async def _address(self) -> str:
        url = f"{self.settings.api_url}/apps.connections.open"
        headers = {"authorization": f"Bearer {self.settings.token}"}
        async with self.session.post(url, headers=headers) as answer:
            told = _object(await answer.text(errors="replace"))
            pause = asked_pause(answer.headers)
        if told.get("ok") is True and text_at(told, "url"):
            return text_at(told, "url")
        why = text_at(told, "error") or f"status {answer.status}"
        if why in _REFUSED:
            raise Refused(
                f"SLACK_APP_TOKEN must be the app's own token, xapp-… ({why}): set it and start "
                "the gateway anew. It is tried again every few minutes."
            )
        raise _parted(why, pause)

    async def _store(
        self, socket: aiohttp.ClientWebSocketResponse, envelopes: Sequence[Envelope]
    ) -> None:
        """Nothing is acknowledged before it is stored; what is not comes again."""
        events = [one.event for one in envelopes if one.event]
        try:
            if events:
                await append_each(events, self.append)
        except Unavailable as away:
            log.warning("events are left to slack", extra={"what": away.what, "count": len(events)})
            return
        for one in envelopes:
            if one.completing:
                self.offering.begin(socket, one, one.completing)
            else:
                await _acknowledge(socket, one, one.answer)


@dataclass(slots=True)
class _Offering:
    """What somebody types waits behind no event, and no event behind that."""

    complete: Complete
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(
        self, socket: aiohttp.ClientWebSocketResponse, envelope: Envelope, asked: Completing
    ) -> None:
        task = asyncio.create_task(self._offer(socket, envelope, asked))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()

    async def _offer(
        self, socket: aiohttp.ClientWebSocketResponse, envelope: Envelope, asked: Completing
    ) -> None:
        """None of ours where nobody knows in time: nothing there can come later."""
        try:
            answer = options_of(await self.complete(asked))
        except Unavailable as error:
            log.info("nothing was offered in time", extra={"why": str(error)})
            answer = envelope.answer
        with contextlib.suppress(ConnectionError):  # whoever types goes on typing
            await _acknowledge(socket, envelope, answer)


async def _acknowledge(
    socket: aiohttp.ClientWebSocketResponse, envelope: Envelope, answer: Any
) -> None:
    payload = {} if answer is None else {"payload": answer}
    await socket.send_json({"envelope_id": envelope.id, **payload})


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
    received = _received(frame)
    answer = received.answer.body if received.answer else b""
    return Envelope(
        id=envelope_id,
        event=received.routed,
        answer=json.loads(answer) if answer else None,
        completing=received.completing,
    )


def _received(frame: str) -> Received:
    """What cannot be read is acknowledged: it would come again the same."""
    try:
        return read_websocket(frame)
    except Exception:
        log.exception("a frame of slack's was left out")
        return without_event(Action.IGNORE)


def _goodbye(frame: str) -> str:
    """The reason, where it is one."""
    told = _object(frame)
    return (text_at(told, "reason") or "warning") if text_at(told, "type") == "disconnect" else ""


def _parted(why: str, pause_seconds: float = 0.0) -> Broken:
    return Broken(why, pause_seconds=pause_seconds, trouble=_TROUBLES.get(why, ""))


async def _close(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Whoever does not answer it is left: the connection is cut all the same."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await socket.close()


def _object(frame: object) -> dict[str, Any]:
    if not isinstance(frame, str):
        return {}
    try:
        return parse_object(frame)
    except Rejected:
        return {}
