"""Waits for a count as long as it grows: a starved machine is slow, and nothing else is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable

from bench.progress import BenchProgress

STALL_SECONDS = 60.0
POLL_SECONDS = 0.05
COUNT_SECONDS = 3.0


def wait_for(
    wanted: int,
    count: Callable[[], int],
    *,
    progress: BenchProgress,
    may_be_done: Callable[[], bool] = lambda: True,
    stall_seconds: float = STALL_SECONDS,
) -> int:
    """How many there are: all, or those that were there when for so long no more had come.

    They are counted when they `may_be_done`, which may be cheaper to ask, and every few seconds.
    """
    seen, grew_at, counted_at = -1, time.monotonic(), time.monotonic()
    while True:
        now = time.monotonic()
        if may_be_done() or now >= counted_at + COUNT_SECONDS:
            found, counted_at = count(), now
            if found > seen:
                seen, grew_at = found, now
            if found >= wanted or now - grew_at > stall_seconds:
                return found
            progress.tell(f"{found:,} of {wanted:,} settled")
        time.sleep(POLL_SECONDS)
