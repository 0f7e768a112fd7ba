"""Whoever comes to a module's web address: nobody knows them, and each may come so often."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import redis

from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.runtime.minute_counts import MINUTE, MinuteCounts
from waddlebot.stores import keys
from waddlebot.stores.in_flight import one_of_few
from waddlebot.stores.windows import charge, seconds_until_free

MOST_AT_ONCE = 3
"""Of one module, all its addresses together: commands find a free hand beside them."""
WAIT_SECONDS = 0.3
"""For one of these places: a service tells much in one breath, and each takes little."""
BUSY_SECONDS = 2


@dataclass(slots=True)
class Visitors:
    """Kept as long as the process lives."""

    limits: redis.Redis
    counts: MinuteCounts = field(default_factory=MinuteCounts)

    def charge(self, source: str, address: str, per_minute: int) -> None:
        """One request of `source` to `address`: one round trip.

        While the limits server is away each process counts for itself.

        Raises:
            Rejected: 429, with the seconds to wait.
        """
        window = keys.visitors_window(address, source)
        try:
            charged = charge(self.limits, window, per_minute, MINUTE, secrets.token_hex(8))
        except Unavailable:
            self._charge_here(window, per_minute)
            return
        if not charged.allowed:
            raise _too_many(per_minute, charged.wait_seconds)

    def look(self, source: str, address: str, per_minute: int) -> None:
        """As `charge`, and charges nothing: whoever goes on is charged for what goes wrong."""
        window = keys.visitors_window(address, source)
        try:
            wait_seconds = seconds_until_free(self.limits, window, per_minute, MINUTE)
        except Unavailable:
            is_over = self.counts.find(window) >= per_minute
            wait_seconds = self.counts.seconds_left() if is_over else 0
        if wait_seconds:
            raise _too_many(per_minute, wait_seconds)

    @contextmanager
    def one_of_few(self, module: str, seconds: float) -> Iterator[None]:
        """Of those that a module answers at once, each for `seconds` at most.

        While the limits server is away everybody may.

        Raises:
            Rejected: 503, with the seconds to wait.
        """
        place = keys.visitors_at_once(module)
        with one_of_few(
            self.limits,
            place,
            most=MOST_AT_ONCE,
            life_seconds=seconds + 1,
            wait_seconds=WAIT_SECONDS,
        ) as may:
            if not may:
                raise _busy()
            yield

    def _charge_here(self, window: str, per_minute: int) -> None:
        if self.counts.find(window) >= per_minute:
            raise _too_many(per_minute, self.counts.seconds_left())
        self.counts.add(window)


def _busy() -> Rejected:
    return Rejected(
        503,
        "BUSY",
        f"Too much is asked here at once. Try again in {BUSY_SECONDS} s.",
        retry_after_seconds=BUSY_SECONDS,
    )


def _too_many(per_minute: int, wait_seconds: float) -> Rejected:
    wait = int(wait_seconds) + 1
    return Rejected(
        429,
        "RATE_LIMITED",
        f"More than {per_minute} requests a minute came from this address. Try again in {wait} s.",
        details={"limit": per_minute, "retry_after": wait},
        retry_after_seconds=wait,
    )
