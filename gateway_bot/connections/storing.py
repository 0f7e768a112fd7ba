"""What a live connection has read, on its way to the stream: kept in memory while that is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event

Append = Callable[[Sequence[Event]], Awaitable[None]]
"""Raises Unavailable where nothing can be stored now: it is called again."""

MOST_WAITING = 10_000
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 4.0
_BATCH = 100
_UNWRITABLE = (TypeError, ValueError, msgspec.MsgspecError)
"""It is the event's own fault, and would be the same next time."""

log = logging.getLogger(__name__)


async def store_all(waiting: asyncio.Queue[Event], append: Append) -> None:
    """Until it is cancelled; in order, and nothing is left out."""
    while True:
        events = await _next_batch(waiting)
        await _append_at_last(events, append)
        for _ in events:
            waiting.task_done()


async def _next_batch(waiting: asyncio.Queue[Event]) -> list[Event]:
    events = [await waiting.get()]
    while len(events) < _BATCH and not waiting.empty():
        events.append(waiting.get_nowait())
    return events


async def _append_at_last(events: Sequence[Event], append: Append) -> None:
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            await append_each(events, append)
        except Unavailable as away:
            log.warning("events wait in memory", extra={"why": str(away), "count": len(events)})
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        else:
            return


async def append_each(events: Sequence[Event], append: Append) -> None:
    """One that cannot be written is left out, and its neighbours are not. Raises Unavailable."""
    try:
        await append(events)
    except _UNWRITABLE:
        if len(events) == 1:
            log.exception("an event was left out", extra={"event": events[0].id})
            return
        for event in events:
            await append_each([event], append)
