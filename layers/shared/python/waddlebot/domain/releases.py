"""Two releases run side by side while one takes the other's place, and speak with each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain.errors import Unavailable


class OfNewerRelease(Unavailable):
    """Nothing of it was read or done: tried again, it meets the new release."""

    def __init__(self, what: str, version: int, newest: int) -> None:
        super().__init__(
            what, f"speaks version {version} of a newer release; this one reads up to {newest}"
        )


def refuse_newer(payload: Mapping[str, Any], newest: int, of: str) -> None:
    """Before anything else is read of what another function sent; without a version it is the
    first.

    Raises:
        OfNewerRelease: its `v` is higher than `newest`.
    """
    version = payload.get("v", 1)
    if isinstance(version, int) and version > newest:
        raise OfNewerRelease(of, version, newest)
