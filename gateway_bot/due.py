"""Turns what is due into events on the stream (docs/delivery.md, Due)."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import EventStream

MOST_AT_ONCE = 100
LOOK_SECONDS = 1.0

log = logging.getLogger(__name__)


def fire_due(postgres: Postgres, events: EventStream, now: datetime) -> int:
    """How many fired. Appended first, marked then: a crash between the two repeats an event whose
    id is the same, which is harmless.

    Raises:
        Unavailable: they fire at the next look.
    """
    with postgres.writer() as connection:
        due = Due(connection)
        rows = due.take(now, MOST_AT_ONCE)
        if rows:
            events.append([row.to_event() for row in rows])
            due.mark([row.id for row in rows], now)
    return len(rows)


async def fire_all_due(postgres: Postgres, events: EventStream, stop: asyncio.Event) -> None:
    """Looks once a second until `stop` is set."""
    while not stop.is_set():
        fired = await asyncio.to_thread(fire_due, postgres, events, datetime.now(UTC))
        if fired:
            log.info("due events fired", extra={"events": fired})
        if fired < MOST_AT_ONCE:
            await asyncio.sleep(LOOK_SECONDS)
