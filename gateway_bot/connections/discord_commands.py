"""Keeps Discord's slash commands like the command table; writes them only where they differ."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from waddlebot.domain.completions import arguments_of_events
from waddlebot.platforms.discord.registering import Offered, is_all_registered, slash_commands
from waddlebot.stores.command_rows import TypedCommand, list_typed
from waddlebot.stores.postgres import Postgres

LOOK_SECONDS = 60.0
CALL_SECONDS = 10.0

log = logging.getLogger(__name__)


class NotRegistered(Exception):
    """Discord did not take the list; the words are its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """`application` is the bot's application id; `api_url` is the REST API with its version."""

    token: str = field(repr=False)
    application: str
    api_url: str

    async def call(self, method: str, **more: Any) -> list[dict[str, Any]]:
        url = f"{self.api_url}/applications/{self.application}/commands"
        headers = {"authorization": f"Bot {self.token}"}
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(method, url, headers=headers, **more) as answer,
        ):
            body: Any = await answer.json(content_type=None)
            if answer.status >= 400 or not isinstance(body, list):
                raise NotRegistered(f"{method} of the commands: {answer.status} {body}"[:500])
            return body


async def keep_registered(registry: Registry, postgres: Postgres) -> None:
    """Until it is cancelled; looks once a minute. Discord keeps 200 new commands a day at most.

    Raises Unavailable, NotRegistered or aiohttp.ClientError: tried again by whoever keeps us.
    """
    registered: list[dict[str, Any]] | None = None
    while True:
        typed = await asyncio.to_thread(list_typed, postgres)
        wanted = slash_commands(map(_offered, typed))
        if wanted != registered:
            await register(registry, wanted)
            registered = wanted
        await asyncio.sleep(LOOK_SECONDS)


async def register(registry: Registry, wanted: list[dict[str, Any]]) -> bool:
    """Whether Discord's list had to be written."""
    if is_all_registered(wanted, await registry.call("GET")):
        return False
    await registry.call("PUT", json=wanted)
    log.info("slash commands registered", extra={"commands": [one["name"] for one in wanted]})
    return True


def _offered(typed: TypedCommand) -> Offered:
    return Offered(
        module=typed.module,
        path=typed.command,
        usage=typed.usage,
        summary=typed.description,
        stranger=typed.location != "internal",
        completes=arguments_of_events(typed.event_types),
    )
