"""A line in a place that Discord's gateway has not told of is asked about once: is it a thread?

Threads are told with their server, when they are made and when they are taken up again. One that a
saved session knows nothing of, or that was forgotten among many, has not been.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiohttp
import msgspec

from gateway_bot.connections.discord_plan import DiscordPlan
from gateway_bot.connections.discord_servers import Server
from waddlebot.domain.entities import channel_entity, parse_entity
from waddlebot.domain.events import Event
from waddlebot.platforms.discord.places import parent_of

REST_SECONDS = 30.0
"""Nobody's line waits for an API that has just not answered."""
NO_JSON = (ValueError, LookupError, RecursionError)
"""Of a body that was said to be JSON: no text, of no charset, or of too many brackets."""
_NOT_FOR_US = frozenset({403, 404})

log = logging.getLogger(__name__)


class NothingKnown(Exception):
    """Nothing is known now."""


@dataclass(slots=True, kw_only=True)
class Threads:
    """Of one shard."""

    plan: DiscordPlan
    session: aiohttp.ClientSession
    clock: Callable[[], float] = time.monotonic
    _rests_until: float = 0.0

    async def settle(self, events: Sequence[Event]) -> list[Event]:
        """The same, each in a thread with its channel."""
        return [await self._settle(event) for event in events]

    async def _settle(self, event: Event) -> Event:
        place = parse_entity(event.entity)
        server = self.plan.progress.servers.known.get(place.server or "")
        if event.parent or server is None or place.kind != "channel":
            return event
        await self._learn(server, place.channel)
        parent = server.threads.get(place.channel)
        if not parent:
            return event
        within = channel_entity(place.platform, parent, server=place.server)
        return msgspec.structs.replace(event, parent=within)

    async def _learn(self, server: Server, channel: str) -> None:
        if server.knows(channel) or self.clock() < self._rests_until:
            return
        try:
            server.note(channel, await self._ask(channel))
        except (aiohttp.ClientError, TimeoutError, *NO_JSON, NothingKnown) as error:
            self._rests_until = self.clock() + REST_SECONDS
            log.warning("discord does not say what a place is", extra={"why": repr(error)[:200]})

    async def _ask(self, channel: str) -> str:
        settings = self.plan.settings
        url = f"{settings.api_url}/channels/{channel}"
        headers = {"authorization": f"Bot {settings.token}"}
        async with self.session.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status in _NOT_FOR_US:
                return ""
            if answer.status != 200:
                raise NothingKnown(answer.status)
            told = await answer.json()
            return parent_of(told) if isinstance(told, dict) else ""
