"""Waiting for what is to come, no longer than it takes."""

from __future__ import annotations

import time
from collections.abc import Callable

LOOK_SECONDS = 0.05
WITHIN_SECONDS = 20.0


def eventually(is_so: Callable[[], object], *, within: float = WITHIN_SECONDS) -> bool:
    """Whether it came to be so within these seconds."""
    end = time.monotonic() + within
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_SECONDS)
    return True
