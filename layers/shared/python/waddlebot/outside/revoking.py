"""Tokens that are kept nowhere any more are ended at their service, as far as it can be asked."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence

from waddlebot.domain.connections import Connection, Tokens
from waddlebot.outside.driving import Ask
from waddlebot.platforms.renewing import Renewer

PAUSES = (0.0, 0.5, 2.0)
CALL_SECONDS = 3.0

log = logging.getLogger(__name__)

Doomed = Sequence[tuple[Connection, Tokens]]


def revoke_all(
    doomed: Doomed, renewers: Mapping[str, Renewer], ask: Ask, *, seconds: float
) -> Sequence[Connection]:
    """Whose tokens are still good there: their service did not answer in so many seconds.

    Each is tried three times. What a service says to a token that it takes no more is of no
    interest: then it is ended.
    """
    ends, left = time.monotonic() + seconds, list[Connection]()
    for connection, tokens in doomed:
        renewer = renewers.get(connection.service)
        if renewer is None or not _is_revoked(renewer, tokens, ask, ends):
            left.append(connection)
            log.warning("tokens not revoked", extra={"of_service": connection.service})
    return left


def _is_revoked(renewer: Renewer, tokens: Tokens, ask: Ask, ends: float) -> bool:
    for pause in PAUSES:
        if time.monotonic() + pause > ends:
            return False
        time.sleep(pause)
        if _is_answered(renewer, tokens, ask):
            return True
    return False


def _is_answered(renewer: Renewer, tokens: Tokens, ask: Ask) -> bool:
    calls = renewer.revoke(tokens)
    try:
        call = next(calls)
        while True:
            answer = ask(call, CALL_SECONDS)
            if not answer.status or answer.status == 429 or answer.status >= 500:
                return False
            call = calls.send(answer)
    except StopIteration:
        return True
