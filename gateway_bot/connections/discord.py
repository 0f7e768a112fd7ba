"""Discord's gateway: chat lines, members, reactions and voice exist nowhere else.

py-cord opens the connection and keeps it beating; reading it, what its end means and when it is
made anew are ours (docs/decisions/0028). Its own readers are taken out: one frame that they cannot
read would end the connection, and they drop events of people whom they have not met.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
import msgspec
import redis
from discord.http import Route

from gateway_bot.connections.completing import Complete, nothing_offered
from gateway_bot.connections.discord_callbacks import Callbacks
from gateway_bot.connections.discord_listening import DiscordListener
from gateway_bot.connections.discord_plan import DiscordPlan, DiscordSettings
from gateway_bot.connections.discord_reading import FrameReader
from gateway_bot.connections.discord_sessions import Progress, Sessions
from gateway_bot.connections.discord_threads import Threads
from gateway_bot.connections.staying import Staying, Tell, say_nothing
from gateway_bot.connections.storing import Append, append_each, store_all
from gateway_bot.waiting import is_set_within
from waddlebot.domain.completions import Completing
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event, Interaction

log = logging.getLogger(__name__)

TellServers = Callable[[Sequence[str]], Awaitable[None]]
"""Raises Unavailable where they cannot be kept now: they are told again."""

_CALLBACK_SECONDS = 2.5
_SAVE_SECONDS = 1.0


async def run(
    settings: DiscordSettings,
    append: Append,
    sessions: Sessions,
    *,
    is_ours: Callable[[], bool],
    tell_servers: TellServers,
    tell: Tell = say_nothing,
    complete: Complete = nothing_offered,
) -> None:
    """Holds the connection of one shard until it is cancelled; events go to `append`, in order.

    `is_ours` is asked before a session is begun: whoever stood still may have lost the shard.
    `tell_servers` gets the ids of the shard's servers whenever they have changed,
    `tell` what the operator has to do. `complete` says what is offered while somebody types.

    `append` raises Unavailable where nothing can be stored now: it is called again, and reading
    stops once too many events wait. Returns only when Discord refuses the token or the intents for
    good, which is logged: repeating that would cost the token.
    """
    Route.API_BASE_URL = settings.api_url
    waiting: asyncio.Queue[Event] = asyncio.Queue()
    progress = Progress()
    plan = DiscordPlan(settings=settings, sessions=sessions, progress=progress, is_ours=is_ours)
    platform = f"discord {settings.shard}"
    staying = Staying(platform=platform, waits=settings.waits, tell=tell)
    await _load(sessions, progress)
    timeout = aiohttp.ClientTimeout(total=_CALLBACK_SECONDS)
    async with asyncio.TaskGroup() as tasks, aiohttp.ClientSession(timeout=timeout) as session:
        threads = Threads(plan=plan, session=session)
        callbacks = Callbacks(settings=settings, session=session, complete=complete)

        def offer(asked: Completing) -> None:
            tasks.create_task(callbacks.offer(asked))

        async def store(events: Sequence[Event]) -> None:
            """Nothing is acknowledged before it is stored; then at once: Discord waits 3 s."""
            await append_each(await threads.settle(events), append)
            progress.stored(len(events))
            for event in events:
                if isinstance(event.way_back, Interaction):
                    tasks.create_task(callbacks.acknowledge(event))

        storing = tasks.create_task(store_all(waiting, store))
        keeping = tasks.create_task(_keep(plan, tell_servers))
        try:
            frames = FrameReader(plan=plan, waiting=waiting, offer=offer)
            listener = DiscordListener(plan, staying, frames.take)
            async with listener:
                await staying.keep(listener.hold)
            await waiting.join()
        finally:
            storing.cancel()
            keeping.cancel()
            await _save(plan)


async def _load(sessions: Sessions, progress: Progress) -> None:
    try:
        await sessions.load(progress)
    except (redis.RedisError, msgspec.MsgspecError) as error:
        log.warning("discord's session is begun anew", extra={"why": str(error)})


async def _keep(plan: DiscordPlan, tell_servers: TellServers) -> None:
    """Once a second, and a new session at once: what is said right after it counts as well."""
    told: list[str] | None = None
    progress = plan.progress
    while True:
        await is_set_within(progress.has_begun, _SAVE_SECONDS)
        progress.has_begun.clear()
        await _save(plan)
        servers = sorted(progress.servers.known)
        if servers != told:
            with contextlib.suppress(Unavailable):
                await tell_servers(servers)
                told = servers


async def _save(plan: DiscordPlan) -> None:
    try:
        async with asyncio.timeout(_SAVE_SECONDS):
            await plan.sessions.save(plan.progress, is_ours=plan.is_ours())
    except (redis.RedisError, TimeoutError) as error:
        log.warning("discord's session was not saved", extra={"why": str(error)})
