"""Whoever comes with a key that nobody has: little is asked for them, and less the more they try.

What was asked in vain is remembered, and an address that keeps inventing keys has to wait. Whose
key is in memory already never meets this, however many strangers share the address.
"""

from __future__ import annotations

import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import redis

from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.runtime.minute_counts import MinuteCounts
from waddlebot.stores import keys
from waddlebot.stores.windows import charge, seconds_until_free

KEPT_SECONDS = 60
WINDOW_SECONDS = 60
MOST_KEPT = 1_000
MOST_UNKNOWN = 60
"""Unknown keys a minute from one address."""
_IPV6_HOME = 64
"""Bits of an address that one household is given."""


@dataclass(slots=True)
class Strangers:
    """Kept as long as the process lives."""

    limits: redis.Redis
    clock: Callable[[], float] = time.monotonic
    _unknown: OrderedDict[bytes, float] = field(default_factory=OrderedDict)
    _counts: MinuteCounts = field(init=False)

    def __post_init__(self) -> None:
        self._counts = MinuteCounts(self.clock)

    def check(self, key_hash: bytes, source: str) -> None:
        """Before a key is looked up. Raises Rejected: 401, it was in vain before; 429."""
        if self.clock() < self._unknown.get(key_hash, 0.0):
            raise unknown_key()
        wait = self._wait_seconds(source)
        if wait > 0:
            raise _too_many(wait)

    def remember(self, key_hash: bytes, source: str) -> None:
        """It was looked up in vain."""
        self._unknown[key_hash] = self.clock() + KEPT_SECONDS
        self._unknown.move_to_end(key_hash)
        while len(self._unknown) > MOST_KEPT:
            self._unknown.popitem(last=False)
        window, call = keys.strangers_window(source), secrets.token_hex(8)
        try:
            charge(self.limits, window, MOST_UNKNOWN, WINDOW_SECONDS, call)
        except Unavailable:
            self._counts.add(source)

    def _wait_seconds(self, source: str) -> float:
        window = keys.strangers_window(source)
        try:
            return seconds_until_free(self.limits, window, MOST_UNKNOWN, WINDOW_SECONDS)
        except Unavailable:
            is_full = self._counts.find(source) >= MOST_UNKNOWN
            return self._counts.seconds_left() if is_full else 0.0


def source_of(aws_event: Mapping[str, Any]) -> str:
    """The address that a request came from, as far as it tells strangers apart.

    It is the connection's own: what a header says of it, anybody can write.
    """
    http = (aws_event.get("requestContext") or {}).get("http") or {}
    try:
        address = ipaddress.ip_address(str(http.get("sourceIp", "")))
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((int(address), _IPV6_HOME), strict=False))


def unknown_key() -> Rejected:
    return Rejected(401, "UNKNOWN_API_KEY", "This API key is not known here.")


def _too_many(wait_seconds: float) -> Rejected:
    wait = int(wait_seconds) + 1
    return Rejected(
        429,
        "TOO_MANY_UNKNOWN_KEYS",
        f"Too many unknown keys came from this address. Try again in {wait} s.",
        details={"limit": MOST_UNKNOWN, "retry_after": wait},
        retry_after_seconds=wait,
    )
