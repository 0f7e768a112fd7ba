"""Writes to the sockets of overlays' pages. It stands outside of our network, where API Gateway can
be reached, and has no database: it is told who looks, and tells who is gone.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

import msgspec

from functions.overlay.deaf import DeafSockets
from functions.overlay.shown import shown
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.socket_pushes import SocketBatch, SocketPush, decode_batch
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.runtime.socket_writer import TRIES, Reached, SocketWriter
from waddlebot.stores.overlays import NumberedPush

MOST_FRAME_BYTES = 32 * 1024
ASK = {"kind": "ask"}
"""In place of what no frame holds: the page asks for it."""

log = logging.getLogger(__name__)


def handler(payload: Mapping[str, Any], context: object) -> dict[str, int]:
    """A SocketBatch gives `{"written", "gone", "missed"}`, each a number of sockets."""
    room_log("overlay-push", context)
    batch = decode_batch(payload)
    sockets = resources().overlay_sockets
    reached = {**_written(batch, sockets), **_ended(batch, sockets)}
    reached |= _shut_out(deaf().note(reached), sockets)
    gone = [one for one, fate in reached.items() if fate is Reached.GONE]
    _tell_gone(gone)
    missed = sum(fate in {Reached.NO, Reached.FULL} for fate in reached.values())
    if missed:
        log.warning("sockets did not take it", extra={"sockets": missed})
    return {"written": len(reached) - len(gone) - missed, "gone": len(gone), "missed": missed}


def _written(batch: SocketBatch, sockets: SocketWriter) -> dict[str, Reached]:
    """Each socket gets its frames in their order; several at once."""
    frames: defaultdict[str, list[bytes]] = defaultdict(list)
    for push in batch.pushes:
        frame = _frame(push)
        for socket in push.sockets:
            frames[socket].append(frame)
    for one in batch.frames:
        frame = _no_longer(_encoded(one.frame))
        for socket in one.sockets:
            frames[socket].append(frame)
    return dict(sockets.each(frames, lambda socket: _in_order(socket, frames[socket], sockets)))


def _in_order(socket: str, frames: Sequence[bytes], sockets: SocketWriter) -> Reached:
    """What follows one that did not arrive would be asked for anyway."""
    tries = 1 if deaf().is_slow(socket) else TRIES
    for frame in frames:
        fate = sockets.write(socket, frame, tries=tries)
        if fate is not Reached.YES:
            return fate
    return Reached.YES


def _shut_out(over: Sequence[str], sockets: SocketWriter) -> dict[str, Reached]:
    """Whoever reads nothing costs each push its time: from now on it is nobody's."""
    if over:
        log.warning("sockets read nothing", extra={"closed": len(over)})
    return {one: Reached.GONE for one, _ in sockets.each(over, sockets.end)}


def _frame(push: SocketPush) -> bytes:
    return _no_longer(_encoded(shown(msgspec.convert(push.shown, NumberedPush))))


def _no_longer(frame: bytes) -> bytes:
    return frame if len(frame) <= MOST_FRAME_BYTES else _encoded(ASK)


def _ended(batch: SocketBatch, sockets: SocketWriter) -> dict[str, Reached]:
    frame = _encoded({"kind": "closed", "why": batch.why})
    return dict(sockets.each(batch.close, partial(_end, frame=frame, sockets=sockets)))


def _end(socket: str, *, frame: bytes, sockets: SocketWriter) -> Reached:
    sockets.write(socket, frame)
    return sockets.end(socket)


def _tell_gone(gone: Sequence[str]) -> None:
    if gone:
        try:
            resources().invoke.send("overlay-sockets", json.dumps({"gone": gone}).encode())
        except Unavailable as error:  # they are found gone again, or have their end
            log.warning("who is gone was not told", extra={"error": str(error)})


def _encoded(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@cache
def deaf() -> DeafSockets:
    return DeafSockets()


@cache
def resources() -> Resources:
    return Resources(Environment.of_process())
