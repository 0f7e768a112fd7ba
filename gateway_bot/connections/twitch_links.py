"""Sockets of EventSub that said welcome, and how one follows another without losing a frame.

Source: "Handling WebSocket Events".
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from gateway_bot.connections.staying import Broken
from waddlebot.domain.errors import Rejected
from waddlebot.platforms.fields import id_at, number_at, object_at, parse_object, text_at

WELCOME_SECONDS = 10.0
_LONGEST_SILENCE_SECONDS = 600
_MOST_BYTES = 1 << 20
_CLOSE_SECONDS = 2.0
_QUIET_SECONDS = 0.2
"""Nothing more is on its way on a socket that Twitch has left."""
_DRAIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`session_id` is what subscriptions name; more than `silent_after` seconds of silence are an
    end."""

    socket: aiohttp.ClientWebSocketResponse
    session_id: str
    silent_after: float

    async def next(self) -> str:
        """The next frame of text. Raises Broken; TimeoutError where nothing came in time."""
        return await _next(self.socket, self.silent_after)

    async def close(self) -> None:
        await _close(self.socket)


async def open_link(
    session: aiohttp.ClientSession, url: str, *, grace_seconds: float, welcome_seconds: float
) -> Link:
    """Raises Broken, aiohttp.ClientError or TimeoutError: there is no welcome, and no socket."""
    socket = await session.ws_connect(url, max_msg_size=_MOST_BYTES)
    try:
        async with asyncio.timeout(welcome_seconds):
            while not (welcome := _welcome(await _next(socket, welcome_seconds))):
                """What is said before is not for us."""
    except BaseException:
        await _close(socket)
        raise
    session_id, silence = welcome
    return Link(socket=socket, session_id=session_id, silent_after=silence + grace_seconds)


async def hear_out(
    old: Link, opening: asyncio.Task[Link], take: Callable[[str], Awaitable[object]]
) -> None:
    """Reads the old one until the new one is welcome and nothing more comes, or it ends itself.

    Where there is no new one it is read until Twitch ends it. Raises nothing of either.
    """
    loop = asyncio.get_running_loop()
    ends_at: float | None = None
    receiving = asyncio.ensure_future(old.next())
    try:
        while ends_at is None or loop.time() < ends_at:
            watched = {receiving} if opening.done() else {receiving, opening}
            is_left = opening.done() and opening.exception() is None
            if is_left and ends_at is None:
                ends_at = loop.time() + _DRAIN_SECONDS
            done, _ = await asyncio.wait(
                watched,
                timeout=_QUIET_SECONDS if is_left else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if receiving in done:
                await take(receiving.result())
                receiving = asyncio.ensure_future(old.next())
            elif is_left:
                return
        if receiving.done():
            await take(receiving.result())
    except (Broken, TimeoutError):
        return
    finally:
        receiving.cancel()
        await asyncio.gather(receiving, return_exceptions=True)


def _welcome(frame: str) -> tuple[str, float] | None:
    """The session's id, and after how many seconds of silence it is over."""
    try:
        told = parse_object(frame)
    except Rejected:
        return None
    session = object_at(told, "payload", "session")
    session_id = id_at(session, "id")
    if text_at(told, "metadata", "message_type") != "session_welcome" or not session_id:
        return None
    seconds = number_at(session, "keepalive_timeout_seconds")
    is_told = seconds is not None and 0 < seconds <= _LONGEST_SILENCE_SECONDS
    return session_id, float(seconds) if is_told and seconds else WELCOME_SECONDS


async def _next(socket: aiohttp.ClientWebSocketResponse, seconds: float) -> str:
    while True:
        message = await socket.receive(timeout=seconds)
        if message.type is aiohttp.WSMsgType.TEXT:
            return str(message.data)
        if message.type is not aiohttp.WSMsgType.BINARY:
            raise Broken(f"closed with {socket.close_code}")


async def _close(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Whoever does not answer it is left: the connection is cut all the same."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await socket.close()
