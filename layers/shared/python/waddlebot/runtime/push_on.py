"""Hands what pages of overlays are to see now to who writes to their sockets."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from waddlebot.domain.errors import Unavailable
from waddlebot.domain.socket_pushes import (
    SocketFrame,
    SocketPush,
    encoded_batches,
    encoded_frames,
)
from waddlebot.runtime.invoke import Invoker

FUNCTION = "overlay-push"

log = logging.getLogger(__name__)


def push_on(pushes: Sequence[SocketPush], invoker: Callable[[], Invoker]) -> None:
    """One call that nobody waits for, and none where nobody looks. It is in the record by now: a
    page that hears nothing of it asks.
    """
    _send(encoded_batches(pushes), invoker)


def frames_on(frames: Sequence[SocketFrame], invoker: Callable[[], Invoker]) -> None:
    """As `push_on`, of what a page that hears nothing asks for as well."""
    _send(encoded_frames(frames), invoker)


def _send(batches: Iterable[bytes], invoker: Callable[[], Invoker]) -> None:
    for batch in batches:
        try:
            invoker().send(FUNCTION, batch)
        except Unavailable as error:
            log.warning("pages were not told", extra={"error": str(error)})
            return
