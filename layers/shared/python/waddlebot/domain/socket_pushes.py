"""What is shown at open sockets, on its way from the router to who writes to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

MOST_BYTES = 240_000
"""Of one call that nobody waits for; Lambda's own limit was once 256 kB."""


class SocketPush(msgspec.Struct, frozen=True, kw_only=True):
    """`shown` is a row of `overlay_pushes`, `sockets` are the pages that look at its source."""

    shown: dict[str, Any]
    sockets: tuple[str, ...]


class SocketFrame(msgspec.Struct, frozen=True, kw_only=True):
    """What has no number and is written as it stands: `frame` says its kind."""

    frame: dict[str, Any]
    sockets: tuple[str, ...]


class SocketBatch(msgspec.Struct, frozen=True, kw_only=True):
    """Pushes in the order of their numbers; then those in `close` are told `why`, and ended."""

    pushes: tuple[SocketPush, ...] = ()
    frames: tuple[SocketFrame, ...] = ()
    close: tuple[str, ...] = ()
    why: str = ""


Told = TypeVar("Told", SocketPush, SocketFrame)


def nobody_looks(_pushes: Sequence[SocketPush]) -> None:
    """For what no page waits for."""


def encoded_batches(pushes: Sequence[SocketPush]) -> Iterator[bytes]:
    """As few as hold them; one push alone is never cut."""
    for several in _in_calls(pushes):
        yield msgspec.json.encode(SocketBatch(pushes=tuple(several)))


def encoded_frames(frames: Iterable[SocketFrame]) -> Iterator[bytes]:
    """As `encoded_batches`."""
    for several in _in_calls(frames):
        yield msgspec.json.encode(SocketBatch(frames=tuple(several)))


def _in_calls(those: Iterable[Told]) -> Iterator[list[Told]]:
    several: list[Told] = []
    size = 0
    for one in those:
        its_size = len(msgspec.json.encode(one))
        if several and size + its_size > MOST_BYTES:
            yield several
            several, size = [], 0
        several.append(one)
        size += its_size
    if several:
        yield several


def encode_closing(sockets: Sequence[str], why: str) -> bytes:
    return msgspec.json.encode(SocketBatch(close=tuple(sockets), why=why))


def decode_batch(payload: object) -> SocketBatch:
    """Raises msgspec.ValidationError."""
    return msgspec.convert(payload, SocketBatch)
