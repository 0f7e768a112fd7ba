"""The first answers to interactions that come over the gateway, where there is no address for them.

Docs: "Receiving and Responding" (interaction callback).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import aiohttp

from gateway_bot.connections.completing import Complete, nothing_offered
from gateway_bot.connections.discord_plan import DiscordSettings
from waddlebot.domain.completions import Completing
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event, Interaction
from waddlebot.platforms.discord.render import completed, deferred, opens_form

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    settings: DiscordSettings
    session: aiohttp.ClientSession
    complete: Complete = nothing_offered

    async def acknowledge(self, event: Event) -> None:
        """ "Thinking…" until the answer follows."""
        if isinstance(event.way_back, Interaction) and not opens_form(event):
            await self._answer(event.way_back, deferred(event).body)

    async def offer(self, asked: Completing) -> None:
        """An empty list where nobody knows in time: nothing there can come later."""
        if not isinstance(asked.event.way_back, Interaction):
            return
        try:
            choices = await self.complete(asked)
        except Unavailable as error:
            log.info("nothing was offered in time", extra={"why": str(error)})
            choices = ()
        await self._answer(asked.event.way_back, completed(choices).body)

    async def _answer(self, asked: Interaction, body: bytes) -> None:
        url = f"{self.settings.api_url}/interactions/{asked.id}/{asked.token}/callback"
        headers = {"content-type": "application/json"}
        try:
            async with self.session.post(url, data=body, headers=headers) as answer:
                if answer.status >= 400:
                    log.warning("discord took no answer", extra={"status": answer.status})
        except (aiohttp.ClientError, TimeoutError) as error:
            # The address holds the interaction's token.
            log.warning("discord took no answer", extra={"why": type(error).__name__})
