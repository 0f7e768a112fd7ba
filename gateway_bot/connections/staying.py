"""Keeps a connection up: made anew whenever it breaks, unless the platform will not have us."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import aiohttp

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 30.0

log = logging.getLogger(__name__)


class Refused(Exception):
    """The platform does not take the token: asking again does not help."""


class Broken(Exception):
    """The connection is over, and why."""


async def stay_connected(platform: str, listen: Callable[[], Awaitable[None]]) -> None:
    """`listen` holds one connection. After it a pause, which grows as long as none stands.

    Returns only where `listen` raises Refused, which is logged.
    """
    pause = FIRST_PAUSE_SECONDS
    while True:
        began = time.monotonic()
        try:
            await listen()
        except Refused as refused:
            log.error("%s refused the bot: %s", platform, refused)  # noqa: TRY400 - no bug
            return
        except (Broken, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("%s was lost: %s", platform, error or repr(error))
        if time.monotonic() - began > LONGEST_PAUSE_SECONDS:
            pause = FIRST_PAUSE_SECONDS
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
