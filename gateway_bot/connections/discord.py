"""Discord's gateway: chat lines, members, reactions and voice exist nowhere else.

py-cord holds the connection (heartbeats, resume, back-off); reading is ours. Its own readers are
taken out: one frame that they cannot read would end the connection, and they drop events of
people whom they have not met.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import discord
import msgspec
from discord.http import Route

from gateway_bot.connections.discord_servers import Servers
from gateway_bot.connections.storing import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    MOST_WAITING,
    Append,
    store_all,
)
from waddlebot.domain.events import Event, Interaction
from waddlebot.platforms.discord.events import read_gateway
from waddlebot.platforms.discord.render import deferred

log = logging.getLogger(__name__)

_DISPATCH = 0
_CALLBACK_SECONDS = 2.5
_KEPT_SHARE = 0.05
_SLOW_IDENTIFY_SECONDS = 90.0
_FOR_GOOD = frozenset({4004, 4010, 4011, 4012, 4013, 4014})
"""Bad token, shard, version or intents (docs: "Gateway Close Event Codes")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordSettings:
    """`api_url` is the REST API with its version; the gateway's address is asked there.

    `most_waiting` events are held in memory while the streams server is away.
    """

    token: str = field(repr=False)
    api_url: str = "https://discord.com/api/v10"
    most_waiting: int = MOST_WAITING


async def run(settings: DiscordSettings, append: Append) -> None:
    """Holds one connection of one shard until it is cancelled; events go to `append`, in order.

    `append` raises Unavailable where nothing can be stored now: it is called again, and reading
    stops once too many events wait. Returns only when Discord refuses the token or the intents for
    good, which is logged: repeating that would cost the token.
    """
    Route.API_BASE_URL = settings.api_url
    waiting: asyncio.Queue[Event] = asyncio.Queue(settings.most_waiting)
    timeout = aiohttp.ClientTimeout(total=_CALLBACK_SECONDS)
    async with asyncio.TaskGroup() as tasks, aiohttp.ClientSession(timeout=timeout) as session:

        async def store(events: Sequence[Event]) -> None:
            """Nothing is acknowledged before it is stored; then at once: Discord waits 3 s."""
            await append(events)
            for event in events:
                if isinstance(event.way_back, Interaction):
                    tasks.create_task(_acknowledge(event, event.way_back, settings, session))

        storing = tasks.create_task(store_all(waiting, store))
        await _stay_connected(settings.token, waiting)
        await waiting.join()
        storing.cancel()


async def _acknowledge(
    event: Event, asked: Interaction, settings: DiscordSettings, session: aiohttp.ClientSession
) -> None:
    """ "Thinking…" until the answer follows. Interactions come this way where the application has
    no address for them (docs: "Receiving and Responding")."""
    url = f"{settings.api_url}/interactions/{asked.id}/{asked.token}/callback"
    headers = {"content-type": "application/json"}
    try:
        async with session.post(url, data=deferred(event).body, headers=headers) as answer:
            if answer.status >= 400:
                log.warning("discord took no deferral", extra={"status": answer.status})
    except (aiohttp.ClientError, TimeoutError) as error:
        # The address holds the interaction's token.
        log.warning("discord took no deferral", extra={"why": type(error).__name__})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """Why a connection is over; what is final must not be tried again."""

    why: str
    is_final: bool = False
    pause_seconds: float = 0.0


async def _stay_connected(token: str, waiting: asyncio.Queue[Event]) -> None:
    """py-cord mends a connection that stood; what fails before the first one is repeated here."""
    pause, has_waited = FIRST_PAUSE_SECONDS, False
    while True:
        ended = await _connect(token, waiting, has_waited=has_waited)
        if ended.is_final:
            log.error("discord refused the bot: %s", ended.why)
            return
        has_waited = ended.pause_seconds > 0
        rest = max(pause, ended.pause_seconds)
        log.warning("discord was lost: %s", ended.why, extra={"pause_seconds": rest})
        await asyncio.sleep(rest)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def _connect(token: str, waiting: asyncio.Queue[Event], *, has_waited: bool) -> _Ended:
    try:
        async with _Connection(waiting, has_waited=has_waited) as connection:
            await connection.start(token)
    except TooManyIdentifies as too_many:
        return _Ended(why=str(too_many), pause_seconds=too_many.wait_seconds)
    except discord.LoginFailure:
        return _Ended(why="DISCORD_TOKEN must be the bot's current token", is_final=True)
    except discord.PrivilegedIntentsRequired:
        return _Ended(why="switch on its Server Members and Message Content intents", is_final=True)
    except discord.ConnectionClosed as closed:
        return _Ended(why=f"closed with {closed.code}", is_final=closed.code in _FOR_GOOD)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        return _Ended(why=repr(error))
    return _Ended(why="closed")


class TooManyIdentifies(discord.DiscordException):
    """Each costs one of a thousand a day, and who spends them all loses the token."""

    def __init__(self, remaining: int, wait_seconds: float) -> None:
        super().__init__(f"{remaining} new sessions are left today, so the next one waits")
        self.wait_seconds = wait_seconds


def check_identify(limit: Mapping[str, Any], *, has_waited: bool) -> None:
    """Of Discord's `session_start_limit`. Half of a day's are free; then one in a minute and a
    half, which lasts for ever; the last ones are not touched before there are new ones.

    Raises TooManyIdentifies.
    """
    total, remaining = int(limit["total"]), int(limit["remaining"])
    if remaining <= total * _KEPT_SHARE:
        raise TooManyIdentifies(remaining, int(limit["reset_after"]) / 1000 + 1)
    if remaining < total / 2 and not has_waited:
        raise TooManyIdentifies(remaining, _SLOW_IDENTIFY_SECONDS)


class _Frame(msgspec.Struct):
    op: int
    t: str | None = None
    d: dict[str, Any] | None = None


class _MemoryFull(OSError):
    """An OSError, because py-cord waits and resumes after one: the frame comes again."""


class _Connection(discord.Client):
    def __init__(self, waiting: asyncio.Queue[Event], *, has_waited: bool) -> None:
        super().__init__(
            intents=_intents(),
            enable_debug_events=True,  # gives us the raw frames
            cache_default_sounds=False,
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self._connection.parsers.clear()
        self._waiting = waiting
        self._has_waited = has_waited
        self._servers = Servers()
        self._own_id = ""
        self._closing: set[asyncio.Task[None]] = set()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Asked of Discord each time: a loop of crashes remembers nothing itself."""
        told: Any = await self.http.request(Route("GET", "/gateway/bot"))
        check_identify(told["session_start_limit"], has_waited=self._has_waited)
        self._has_waited = False
        await super().before_identify_hook(shard_id, initial=initial)

    def dispatch(self, event: str, *args: Any, **kwargs: Any) -> None:
        """py-cord's announcements: raw frames, one by one and in order, and lost connections."""
        del kwargs
        if event == "socket_raw_receive":
            self._take(args[0])
        elif event == "disconnect":
            self._let_go()

    def _take(self, raw: str) -> None:
        frame = _decoded(raw)
        if frame is None or frame.op != _DISPATCH:
            return
        if self._waiting.full():
            raise _MemoryFull(f"{self._waiting.qsize()} events wait to be stored")
        payload = frame.d or {}
        if frame.t == "READY":
            self._own_id = str((payload.get("user") or {}).get("id") or "")
            log.info("discord connected")
        self._servers.learn(frame.t or "", payload)
        told = {"op": _DISPATCH, "t": frame.t, "d": self._servers.complete(payload)}
        self._hand_on(told)

    def _hand_on(self, frame: Mapping[str, Any]) -> None:
        received = read_gateway(frame, now=datetime.now(UTC), own_id=self._own_id)
        if received.event:
            self._waiting.put_nowait(received.event)

    def _let_go(self) -> None:
        """py-cord leaves the old socket open. Closed with 4000 its session may still be resumed."""
        if self.ws:
            closing = asyncio.ensure_future(self.ws.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)


def _decoded(raw: str) -> _Frame | None:
    try:
        return msgspec.json.decode(raw, type=_Frame)
    except msgspec.DecodeError:
        return None  # hello and invalid session carry other shapes; they are py-cord's


def _intents() -> discord.Intents:
    """Servers, members, bans, voice, messages and their content, reactions, direct messages."""
    return discord.Intents(
        guilds=True,
        members=True,
        bans=True,
        voice_states=True,
        guild_messages=True,
        guild_reactions=True,
        dm_messages=True,
        message_content=True,
        auto_moderation_execution=True,
    )
