"""What is shown at open sockets, on its way from the router to who writes to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

MOST_BYTES = 240_000
"""Of one call that nobody waits for; Lambda's own limit was once 256 kB."""


class SocketPush(msgspec.Struct, frozen=True, kw_only=True):
    """`shown` is a row of `overlay_pushes`, `sockets` are the pages that look at its source."""

    shown: dict[str, Any]
    sockets: tuple[str, ...]


class SocketBatch(msgspec.Struct, frozen=True, kw_only=True):
    """Pushes in the order of their numbers; then those in `close` are told `why`, and ended."""

    pushes: tuple[SocketPush, ...] = ()
    close: tuple[str, ...] = ()
    why: str = ""


def nobody_looks(_pushes: Sequence[SocketPush]) -> None:
    """For what no page waits for."""


def encoded_batches(pushes: Sequence[SocketPush]) -> Iterator[bytes]:
    """As few as hold them; one push alone is never cut."""
    several: list[SocketPush] = []
    size = 0
    for push in pushes:
        its_size = len(msgspec.json.encode(push))
        if several and size + its_size > MOST_BYTES:
            yield msgspec.json.encode(SocketBatch(pushes=tuple(several)))
            several, size = [], 0
        several.append(push)
        size += its_size
    if several:
        yield msgspec.json.encode(SocketBatch(pushes=tuple(several)))


def encode_closing(sockets: Sequence[str], why: str) -> bytes:
    return msgspec.json.encode(SocketBatch(close=tuple(sockets), why=why))


def decode_batch(payload: object) -> SocketBatch:
    """Raises msgspec.ValidationError."""
    return msgspec.convert(payload, SocketBatch)
