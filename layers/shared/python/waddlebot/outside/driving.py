"""What a platform says in calls and answers, made over the network within so many seconds."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from typing import TypeVar

from waddlebot.domain.connections import Tokens
from waddlebot.domain.errors import Unavailable
from waddlebot.platforms.delivering import HttpAnswer, HttpCall
from waddlebot.platforms.renewing import Renewer

Ask = Callable[[HttpCall, float], HttpAnswer]
"""Makes a call within so many seconds; status 0 where nobody answered."""
Told = TypeVar("Told")

log = logging.getLogger(__name__)


def drive(
    ask: Ask, calls: Generator[HttpCall, HttpAnswer, Told], *, seconds: float, what: str
) -> Told:
    """Of all calls together. Raises Unavailable, and whatever `calls` raises."""
    ends = time.monotonic() + seconds
    try:
        call = next(calls)
        while True:
            if (left := ends - time.monotonic()) <= 0:
                raise Unavailable(what, "was not asked in time")
            call = calls.send(ask(call, left))
    except StopIteration as done:
        result: Told = done.value
        return result


def revoke(ask: Ask, renewer: Renewer, tokens: Tokens, *, seconds: float) -> None:
    """Nobody has them any more; those that stay end by themselves."""
    try:
        drive(ask, renewer.revoke(tokens), seconds=seconds, what=renewer.name)
    except Unavailable as error:
        log.info("tokens not revoked", extra={"error": str(error)})
