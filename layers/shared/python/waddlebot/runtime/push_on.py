"""Hands what pages of overlays are to see now to who writes to their sockets."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from waddlebot.domain.errors import Unavailable
from waddlebot.domain.socket_pushes import SocketPush, encoded_batches
from waddlebot.runtime.invoke import Invoker

FUNCTION = "overlay-push"

log = logging.getLogger(__name__)


def push_on(pushes: Sequence[SocketPush], invoker: Callable[[], Invoker]) -> None:
    """One call that nobody waits for, and none where nobody looks. It is in the record by now: a
    page that hears nothing of it asks.
    """
    for batch in encoded_batches(pushes):
        try:
            invoker().send(FUNCTION, batch)
        except Unavailable as error:
            log.warning("pages were not told", extra={"pushes": len(pushes), "error": str(error)})
            return
