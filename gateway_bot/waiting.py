"""Waiting, and being told meanwhile that it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


async def is_set_within(stop: asyncio.Event, seconds: float) -> bool:
    """Returns as soon as `stop` is set, else after so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return False
    return True


async def unless_set(stop: asyncio.Event, work: Coroutine[Any, Any, Result]) -> Result | None:
    """What comes of it, or None where `stop` is set before: then it is cut off."""
    working, told = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((working, told), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, told):
            task.cancel()
        await asyncio.gather(working, told, return_exceptions=True)
