"""Waiting, and being told meanwhile that it is over."""

from __future__ import annotations

import asyncio


async def is_set_within(stop: asyncio.Event, seconds: float) -> bool:
    """Returns as soon as `stop` is set, else after so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return False
    return True
