"""Sockets that are open, each with an end, and what waits to be sent to them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.api_gateway.socket_events import Handshake

GOING_AWAY, TOO_BIG, NORMAL = 1001, 1009, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketLimits:
    """API Gateway's own, which nobody can have raised but the last.

    Source: "Quotas for configuring and running a WebSocket API". Browsers send a message as one
    frame, and a server sees whole messages: one beyond a frame counts as a frame too large.
    `waiting` is how many messages wait for a slow reader before a post is refused;
    `connects_a_second` is what an account may be raised beyond, and begins with.
    """

    frame_bytes: int = 32 * 1024
    message_bytes: int = 128 * 1024
    idle_seconds: float = 600
    life_seconds: float = 2 * 60 * 60
    waiting: int = 100
    connects_a_second: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    code: int
    reason: str = ""
    is_theirs: bool = False


class WaitsTooLong(Exception):
    """Its reader takes nothing any more."""


@dataclass(eq=False)
class OpenSocket:
    """One of them; made within the event loop that serves it."""

    handshake: Handshake
    limits: SocketLimits
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]]
    last_active: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[Ending] = loop.create_future()
        self._waiting: asyncio.Queue[bytes | Ending] = asyncio.Queue(self.limits.waiting)
        self._life = loop.call_later(self.limits.life_seconds, self.end, _going("of age"))
        self._idle = loop.call_later(self.limits.idle_seconds, self.end, _going("idle"))

    def post(self, frame: bytes) -> None:
        """Raises WaitsTooLong."""
        self._put(frame)

    def close(self) -> None:
        """After what waits was sent."""
        try:
            self._put(Ending(code=NORMAL, reason="Connection Closed Normally"))
        except WaitsTooLong:
            self.end(Ending(code=NORMAL))

    def end(self, ending: Ending) -> None:
        """At once; the first one counts."""
        if not self.ended.done():
            self.ended.set_result(ending)

    def is_used(self) -> None:
        """Something came or went: it is not idle."""
        self.last_active = datetime.now(UTC)
        self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(
            self.limits.idle_seconds, self.end, _going("idle")
        )

    async def write(self) -> None:
        while isinstance(next_one := await self._waiting.get(), bytes):
            await self.send({"type": "websocket.send", "text": next_one.decode()})
            self.is_used()
        self.end(next_one)

    def forget(self) -> None:
        self._life.cancel()
        self._idle.cancel()

    def _put(self, what: bytes | Ending) -> None:
        try:
            self._waiting.put_nowait(what)
        except asyncio.QueueFull:
            raise WaitsTooLong from None


def _going(why: str) -> Ending:
    return Ending(code=GOING_AWAY, reason=f"Going away: {why}")
