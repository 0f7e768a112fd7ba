"""Whoever comes to a module's web address: nobody knows them, and each may come so often."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import redis

from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.runtime.minute_counts import MINUTE, MinuteCounts
from waddlebot.stores import keys
from waddlebot.stores.windows import charge


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

    def _charge_here(self, window: str, per_minute: int) -> None:
        if self.counts.find(window) >= per_minute:
            raise _too_many(per_minute, self.counts.seconds_left())
        self.counts.add(window)


def _too_many(per_minute: int, wait_seconds: float) -> Rejected:
    wait = int(wait_seconds) + 1
    return Rejected(
        429,
        "RATE_LIMITED",
        f"More than {per_minute} requests a minute came from this address. Try again in {wait} s.",
        details={"limit": per_minute, "retry_after": wait},
        retry_after_seconds=wait,
    )
