"""Sending without I/O: a platform's `deliver` yields calls and is sent their answers.

delivery = deliver(outgoing, credentials)
call = next(delivery)
while True:
    try:
        call = delivery.send(make(call))
    except StopIteration as done:
        return done.value  # Delivered
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from waddlebot.platforms.fields import dig

_NO_ANSWER = 0
_PATIENCE_SECONDS = 2.0
_LONGEST_WAIT_SECONDS = 3600.0


class State(StrEnum):
    SENT = "sent"
    AGAIN = "again"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCall:
    """`url` is absolute; `bucket` names the rate limit that the call spends.

    `kept_seconds`: an answer to the same question may be so old.

    `json` or `form` is the body as it is encoded; None: without one. Tokens stand in `headers` and
    `form`, which are shown nowhere.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    json: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = field(default=None, repr=False)
    bucket: str
    kept_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """Header names are lower case; `json` is None where the body is none.

    `status` 0: nobody answered, the call may have arrived.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """`reason` is a sentence for the moderators or the operator, without ids of ours.

    AGAIN: after `wait_seconds`, in the same order. REFUSED: trying again does not help. SENT with a
    reason: it was said another way than was meant. `closed`: the place takes nothing from the bot,
    and those who run it can change that.
    """

    state: State
    wait_seconds: float = 0.0
    reason: str = ""
    closed: bool = False

    @property
    def is_unsaid(self) -> bool:
        """Nothing was said, but it may be said elsewhere."""
        return self.closed and self.state is State.REFUSED


Delivery = Generator[HttpCall, HttpAnswer, Delivered]
SENT = Delivered(state=State.SENT)


def refused(reason: str) -> Delivered:
    return Delivered(state=State.REFUSED, reason=reason)


def closed(reason: str) -> Delivered:
    return Delivered(state=State.REFUSED, reason=reason, closed=True)


def said_otherwise(elsewhere: Delivered, meant: Delivered) -> Delivered:
    """Of a reply that could not be said as it was `meant`, and was tried another way then."""
    if elsewhere.state is State.SENT:
        return replace(elsewhere, reason=meant.reason, closed=meant.closed)
    return elsewhere if elsewhere.state is State.AGAIN else meant


def again(wait_seconds: float, reason: str = "") -> Delivered:
    return Delivered(state=State.AGAIN, wait_seconds=wait_seconds, reason=reason)


def try_again(platform: str, answer: HttpAnswer, *, now: datetime) -> Delivered | None:
    """For what passes by itself: too much at once (429), or the platform is not well."""
    if answer.status == 429:
        return again(_wait_seconds(answer, now), f"{platform} takes no more messages for now.")
    if answer.status == _NO_ANSWER or answer.status >= 500:
        return again(_PATIENCE_SECONDS, f"{platform} does not answer.")
    return None


def _wait_seconds(answer: HttpAnswer, now: datetime) -> float:
    reset = _number(answer.headers.get("ratelimit-reset"))
    said = (
        _number(answer.headers.get("retry-after")),
        _number(dig(answer.json, "retry_after")),
        reset - now.timestamp() if reset is not None else None,
    )
    waits = [seconds for seconds in said if seconds is not None]
    return min(max([*waits, 0.1]), _LONGEST_WAIT_SECONDS) if waits else _PATIENCE_SECONDS


def _number(value: object) -> float | None:
    try:
        number = float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
