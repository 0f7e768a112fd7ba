"""Looks again at what is kept elsewhere: a changed token is in force without a deploy."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway_bot.waiting import is_set_within
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.environment import Environment

LOOK_AGAIN = "POWERTOOLS_PARAMETERS_MAX_AGE"
LOOK_AGAIN_SECONDS = 300
"""As old as a kept secret may become (waddlebot/runtime/kept_secrets.py)."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class ChangedSecrets:
    """Of one term of the gateway, with what it began with."""

    environment: Environment
    _known: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._known = self._read()

    async def wait(self, stop: asyncio.Event) -> None:
        """Until one is another than at the beginning, or `stop` is set."""
        age = self.environment.find(LOOK_AGAIN)
        seconds = int(age) if age.isdigit() else LOOK_AGAIN_SECONDS
        while not await is_set_within(stop, seconds):
            try:
                now = await asyncio.to_thread(self._read)
            except Unavailable as away:
                log.warning("secrets were not looked at", extra={"why": str(away)})
                continue
            if changed := sorted(name for name in now if now[name] != self._known[name]):
                log.info("secrets changed", extra={"names": changed})
                return

    def _read(self) -> dict[str, str]:
        """By name, of those that are kept elsewhere. Raises Unavailable."""
        return {name: self.environment.find(name) for name in self.environment.kept}
