"""The checks that every platform's signature shares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from waddlebot.domain.errors import Rejected


def header(headers: Mapping[str, str], name: str, *, status: int) -> str:
    """Raises Rejected where the header is missing or was surely not written by a platform."""
    value = headers.get(name)
    if not value or not value.isascii():
        raise Rejected(status, "UNSIGNED", f"The header {name} is missing.")
    return value


def require_fresh(signed_at: datetime | None, now: datetime, *, seconds: int, status: int) -> None:
    """Raises Rejected where the time is no time, or further from now than `seconds`."""
    if signed_at is None or abs((now - signed_at).total_seconds()) > seconds:
        raise Rejected(status, "STALE", "The signed time is missing or too far from now.")


def wrong_signature(status: int) -> Rejected:
    return Rejected(status, "WRONG_SIGNATURE", "The signature does not fit the body.")
