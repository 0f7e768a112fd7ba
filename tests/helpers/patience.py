"""Waiting for what is to come, no longer than it takes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

LOOK_SECONDS = 0.05
WITHIN_SECONDS = 20.0
SILENCE_SECONDS = 5.0
"""Who waits less than that waits for nothing to come, or asks again."""
SPIN_SECONDS = 0.05
BUSY_SECONDS = 60.0
"""As long as an answer takes at most on a machine that does other work; it costs only who fails."""


def eventually(is_so: Callable[[], object], *, within: float = WITHIN_SECONDS) -> bool:
    """Whether it came to be so within these seconds, on an idle machine."""
    end = time.monotonic() + patience(within)
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_SECONDS)
    return True


def was_within(seconds: float, began: float) -> bool:
    """Whether no more have passed since `began`, on the monotonic clock, on a machine of one's own.

    Where others have the processor all takes longer, by as much as a spin of known length does now.
    """
    passed = time.monotonic() - began
    return passed < seconds or passed < seconds * _stretch()


def is_crowded() -> bool:
    """Whether others have so much of the processor that a thing may take half as long again."""
    return _stretch() > 1.5


def _stretch() -> float:
    began, worked = time.monotonic(), time.thread_time()
    while time.thread_time() - worked < SPIN_SECONDS:
        pass
    return max(1.0, (time.monotonic() - began) / SPIN_SECONDS)


def patience(within: float) -> float:
    """How long somebody waits who would wait so long on an idle machine."""
    return within if within < SILENCE_SECONDS else max(within, BUSY_SECONDS)


async def in_the_loop(is_so: Callable[[], object], *, within: float = WITHIN_SECONDS) -> None:
    """Returns when it came to be so while the loop's other tasks went on. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.001)
