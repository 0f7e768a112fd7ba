"""One socket of Discord's gateway: py-cord opens it, beats and introduces us; frames are read here.

Its own reader ends the connection over a frame that it cannot read, and reconnects by itself where
the socket is closed. Both are ours.
"""

from __future__ import annotations

import json
import logging
import zlib
from typing import Any, TypeGuard

import msgspec
from discord.gateway import DiscordWebSocket, KeepAliveHandler

from gateway_bot.connections.staying import Broken

_LEAST_BEAT_SECONDS, _MOST_BEAT_SECONDS = 1.0, 60.0

log = logging.getLogger(__name__)


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """`sequence` is 0 where the frame has none; `payload` is whatever stands there."""

    op: int
    sequence: int = 0
    name: str = ""
    payload: Any = None


class InvalidSession(Exception):
    """Discord does not go on with the session, or not now."""

    def __init__(self, *, is_resumable: bool) -> None:
        super().__init__("the session is invalid")
        self.is_resumable = is_resumable


class GatewaySocket(DiscordWebSocket):
    """Frames with events are announced to the client as `frame`; all others end here.

    `poll_event` raises discord.ConnectionClosed, InvalidSession or Broken.
    """

    _keep_alive: KeepAliveHandler | None

    async def received_message(self, msg: Any, /) -> None:
        text = self._unpacked(msg)
        if text is None:
            return
        if self._keep_alive:
            self._keep_alive.tick()
        frame = read_frame(text)
        if frame is None:
            log.warning("a frame of discord's was passed over", extra={"characters": len(text)})
            return
        await self._answer(frame)
        self.sequence = frame.sequence or self.sequence  # what the beats carry

    async def _answer(self, frame: Frame) -> None:
        if frame.op == self.DISPATCH:
            self._dispatch("frame", frame)
        elif frame.op == self.HELLO and self._keep_alive is None:
            await self._begin_to_beat(frame.payload)
        elif frame.op == self.HEARTBEAT and self._keep_alive:
            await self.send_as_json(self._keep_alive.get_payload())
        elif frame.op == self.HEARTBEAT_ACK and self._keep_alive:
            self._keep_alive.ack()
        elif frame.op == self.RECONNECT:
            raise Broken("it asks to connect anew")
        elif frame.op == self.INVALIDATE_SESSION:
            raise InvalidSession(is_resumable=frame.payload is True)

    async def identify(self) -> None:
        await self._until_greeted()
        await super().identify()

    async def resume(self) -> None:
        await self._until_greeted()
        await super().resume()

    async def _until_greeted(self) -> None:
        """py-cord takes the first frame for the hello, whatever it is."""
        while self._keep_alive is None:
            await self.poll_event()

    async def _begin_to_beat(self, hello: Any) -> None:
        told = hello.get("heartbeat_interval") if isinstance(hello, dict) else None
        if isinstance(told, bool) or not isinstance(told, int | float) or not told > 0:
            raise Broken("its hello has no heartbeat interval")
        interval = min(max(told / 1000, _LEAST_BEAT_SECONDS), _MOST_BEAT_SECONDS)
        self._keep_alive = KeepAliveHandler(ws=self, interval=interval, shard_id=self.shard_id)
        await self.send_as_json(self._keep_alive.get_payload())
        self._keep_alive.start()

    def _unpacked(self, message: str | bytes) -> str | None:
        """None where more of it is to come. Raises Broken: what follows cannot be unpacked."""
        if isinstance(message, str):
            return message
        self._buffer.extend(message)
        if not self._buffer.endswith(b"\x00\x00\xff\xff"):
            return None
        packed, self._buffer = self._buffer, bytearray()
        try:
            return self._zlib.decompress(packed).decode(errors="replace")
        except zlib.error as error:
            raise Broken("a frame cannot be unpacked") from error

    def _can_handle_close(self) -> bool:
        """py-cord would begin to repeat on its own, without a pause."""
        return False


def read_frame(text: str) -> Frame | None:
    """None for what is no frame at all. A field of another type counts as missing."""
    try:
        told = _decoded(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not _is_count(told.get("op")):
        return None
    sequence, name = told.get("s"), told.get("t")
    return Frame(
        op=told["op"],
        sequence=sequence if _is_count(sequence) else 0,
        name=name if isinstance(name, str) else "",
        payload=told.get("d"),
    )


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)  # takes halves of characters, too, which readers leave out


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
