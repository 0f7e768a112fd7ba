"""Keeps a connection up: made anew whenever it breaks, the slower the more often it does."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import aiohttp

from waddlebot.domain.errors import Unavailable

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 60.0
WELL_SECONDS = 60.0
"""Who stands so long begins with short pauses again."""
REFUSED_SECONDS = 300.0
MOST_ASKED_SECONDS = 3600.0
"""A platform that asks for a longer pause in a header is not believed."""

log = logging.getLogger(__name__)

Tell = Callable[[str], Awaitable[None]]
"""A sentence for the operator, or nothing where all is well again. Raises Unavailable where it
cannot be kept now."""


class Refused(Exception):
    """The platform does not take the token: it is tried again, but slowly."""


class RefusedForGood(Refused):
    """Another try would cost something, and only the operator can change what is refused."""


class Broken(Exception):
    """The connection is over, and why.

    `pause_seconds` are the least until the next try; `trouble` is what the operator should know.
    """

    def __init__(self, why: str, *, pause_seconds: float = 0.0, trouble: str = "") -> None:
        super().__init__(why)
        self.pause_seconds, self.trouble = pause_seconds, trouble


def least_pause(error: BaseException) -> float:
    """Seconds."""
    return error.pause_seconds if isinstance(error, Broken) else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Time as connections see it. `draw` picks one of the pauses between two."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    draw: Callable[[float, float], float] = random.uniform


async def say_nothing(_words: str) -> None:
    """Nobody reads it."""


@dataclass(slots=True, kw_only=True)
class Staying:
    """One connection after another to the same place, with pauses between them."""

    platform: str
    waits: Waits = field(default_factory=Waits)
    tell: Tell = say_nothing
    _pause: float = FIRST_PAUSE_SECONDS
    _stands_since: float | None = None
    _told: str = ""

    async def keep(self, listen: Callable[[], Awaitable[None]]) -> None:
        """`listen` holds one connection, and says by `stands` that it does.

        Returns only where it raises RefusedForGood.
        """
        while True:
            try:
                await listen()
            except RefusedForGood as refused:
                while not await self._say_refused(refused):
                    await self.rest()
                return
            except Refused as refused:
                await self._say_refused(refused)
                await self.waits.sleep(self._drawn(REFUSED_SECONDS))
                continue
            except Broken as broken:
                await self._lose(str(broken), broken.pause_seconds, broken.trouble)
            except aiohttp.ClientResponseError as error:
                await self._lose(repr(error), asked_pause(error.headers))
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                await self._lose(repr(error))
            except Exception as error:
                # Whatever it was, the next connection may do better; the last one is gone.
                log.exception("a connection to %s crashed", self.platform)
                await self._lose(repr(error))
            else:
                await self.rest()

    async def stands(self) -> None:
        """The platform has welcomed us."""
        self._stands_since = self.waits.clock()
        await self._say("")

    async def rest(self, least_seconds: float = 0.0) -> None:
        """Longer from one time to the next, until a connection stands for a minute.

        Drawn by lot, so that not all who lost theirs at once come back at once.
        """
        since, self._stands_since = self._stands_since, None
        if since is not None and self.waits.clock() - since > WELL_SECONDS:
            self._pause = FIRST_PAUSE_SECONDS
        pause = max(self._drawn(self._pause), least_seconds)
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        await self.waits.sleep(pause)

    def _drawn(self, seconds: float) -> float:
        return self.waits.draw(seconds / 2, seconds)

    async def _lose(self, why: str, least_seconds: float = 0.0, trouble: str = "") -> None:
        log.warning("%s was lost: %s", self.platform, why)
        if trouble:
            await self._say(trouble)
        await self.rest(least_seconds)

    async def _say_refused(self, refused: Refused) -> bool:
        log.error("%s refused the bot: %s", self.platform, refused)
        self._stands_since = None
        return await self._say(str(refused))

    async def _say(self, words: str) -> bool:
        """Whether it is known now, which costs nothing where it was before."""
        if words != self._told:
            try:
                await self.tell(words)
            except Unavailable as away:  # it stands in the log as well
                log.warning("the operator is not told", extra={"what": away.what})
                return False
            self._told = words
        return True


def asked_pause(headers: Mapping[str, str] | None) -> float:
    """Seconds of a `Retry-After`; none where it is missing or nobody means it."""
    told = (headers or {}).get("Retry-After", "")
    try:
        seconds = float(told)
    except ValueError:
        return 0.0
    return min(seconds, MOST_ASKED_SECONDS) if seconds > 0 else 0.0
