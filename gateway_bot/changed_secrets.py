"""Looks again at what is kept elsewhere: a changed token is in force without a deploy."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from gateway_bot.waiting import is_set_within
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.environment import Environment, seconds_kept

LEAST_SECONDS = 30.0
"""Between two looks that refusals ask for: a secret that is wrong for good costs so little."""

log = logging.getLogger(__name__)

Doubt = Callable[[], Awaitable[bool]]
"""Of a secret, because a platform refused what was made of it; whether one is another by now."""


async def no_doubt() -> bool:
    """Nothing is kept elsewhere."""
    return False


@dataclass(slots=True)
class ChangedSecrets:
    """Of one term of the gateway, with what it began with."""

    environment: Environment
    clock: Callable[[], float] = time.monotonic
    _known: Mapping[str, str] = field(init=False, repr=False)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _look_from: float = 0.0

    def __post_init__(self) -> None:
        self._known = self._read(self.environment)

    async def wait(self) -> None:
        """Until one is another than at the beginning."""
        seconds = max(1, seconds_kept(self.environment.values))
        while not await is_set_within(self._changed, seconds):
            async with self._looking:
                await self._look()

    async def doubt(self) -> bool:
        """Looks at once, however many ask for it together. See Doubt."""
        async with self._looking:
            if not self._changed.is_set() and self.clock() >= self._look_from:
                await self._look()
                self._look_from = self.clock() + LEAST_SECONDS
        return self._changed.is_set()

    async def _look(self) -> None:
        try:
            now = await asyncio.to_thread(self._read, self.environment.anew())
        except Unavailable as away:
            log.warning("secrets were not looked at", extra={"why": str(away)})
            return
        if changed := sorted(name for name in now if now[name] != self._known[name]):
            log.info("secrets changed", extra={"names": changed})
            self._changed.set()

    def _read(self, environment: Environment) -> dict[str, str]:
        """By name, of those that are kept elsewhere. Raises Unavailable."""
        return {name: environment.find(name) for name in self.environment.kept}
