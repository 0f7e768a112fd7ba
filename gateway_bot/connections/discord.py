"""Discord's gateway: chat lines, members, reactions and voice exist nowhere else.

py-cord holds the connection (heartbeats, resume, back-off); reading is ours. Its own readers are
taken out: one frame that they cannot read would end the connection, and they drop events of
people whom they have not met.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import discord
import msgspec
import redis
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import API_VERSION, Route

from gateway_bot.connections.discord_identifies import (
    TooManyIdentifies,
    check_identify,
    wait_for_turn,
)
from gateway_bot.connections.discord_sessions import ONLY, Progress, Sessions, Shard
from gateway_bot.connections.discord_voices import CHANGES, VOICE_STATE, Told
from gateway_bot.connections.staying import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS
from gateway_bot.connections.storing import MOST_WAITING, Append, store_all
from gateway_bot.waiting import is_set_within
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event, Interaction
from waddlebot.platforms.discord.connecting import INTENTS
from waddlebot.platforms.discord.events import read_gateway
from waddlebot.platforms.discord.render import deferred
from waddlebot.platforms.fields import id_at, objects_at

log = logging.getLogger(__name__)

API_URL = "https://discord.com/api/v10"
TellServers = Callable[[Sequence[str]], Awaitable[None]]
"""Raises Unavailable where they cannot be kept now: they are told again."""

_DISPATCH = 0
_CALLBACK_SECONDS = 2.5
_CONNECT_SECONDS = 60.0
_SAVE_SECONDS = 1.0
_NO_INTENTS = 4014
_QUERY = f"encoding=json&v={API_VERSION}&compress=zlib-stream"
_FOR_GOOD = frozenset({4004, 4010, 4011, 4012, 4013, 4014})
"""Bad token, shard, version or intents (docs: "Gateway Close Event Codes")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordSettings:
    """`api_url` is the REST API with its version; the gateway's address is asked there.

    `shard` is which connection this is.

    `most_waiting` events are held in memory while the streams server is away.
    """

    token: str = field(repr=False)
    api_url: str = API_URL
    shard: Shard = ONLY
    most_waiting: int = MOST_WAITING


async def run(
    settings: DiscordSettings,
    append: Append,
    sessions: Sessions,
    *,
    is_ours: Callable[[], bool],
    tell_servers: TellServers,
) -> None:
    """Holds the connection of one shard until it is cancelled; events go to `append`, in order.

    `is_ours` is asked before a session is begun: whoever stood still may have lost the shard.
    `tell_servers` gets the ids of the shard's servers whenever they have changed.

    `append` raises Unavailable where nothing can be stored now: it is called again, and reading
    stops once too many events wait. Returns only when Discord refuses the token or the intents for
    good, which is logged: repeating that would cost the token.
    """
    Route.API_BASE_URL = settings.api_url
    waiting: asyncio.Queue[Event] = asyncio.Queue()
    progress = Progress()
    plan = _Plan(settings=settings, sessions=sessions, progress=progress, is_ours=is_ours)
    await _load(sessions, progress)
    timeout = aiohttp.ClientTimeout(total=_CALLBACK_SECONDS)
    async with asyncio.TaskGroup() as tasks, aiohttp.ClientSession(timeout=timeout) as session:

        async def store(events: Sequence[Event]) -> None:
            """Nothing is acknowledged before it is stored; then at once: Discord waits 3 s."""
            await append(events)
            progress.stored(len(events))
            for event in events:
                if isinstance(event.way_back, Interaction):
                    tasks.create_task(_acknowledge(event, event.way_back, settings, session))

        storing = tasks.create_task(store_all(waiting, store))
        keeping = tasks.create_task(_keep(plan, tell_servers))
        try:
            await _stay_connected(plan, waiting)
            await waiting.join()
        finally:
            storing.cancel()
            keeping.cancel()
            await _save(plan)


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


async def _load(sessions: Sessions, progress: Progress) -> None:
    try:
        await sessions.load(progress)
    except (redis.RedisError, msgspec.MsgspecError) as error:
        log.warning("discord's session is begun anew", extra={"why": str(error)})


async def _keep(plan: _Plan, tell_servers: TellServers) -> None:
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


async def _save(plan: _Plan) -> None:
    try:
        async with asyncio.timeout(_SAVE_SECONDS):
            await plan.sessions.save(plan.progress, is_ours=plan.is_ours())
    except (redis.RedisError, TimeoutError) as error:
        log.warning("discord's session was not saved", extra={"why": str(error)})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What all connections after each other have in common."""

    settings: DiscordSettings
    sessions: Sessions
    progress: Progress
    is_ours: Callable[[], bool]


async def _stay_connected(plan: _Plan, waiting: asyncio.Queue[Event]) -> None:
    """After a pause that grows as long as no connection stands."""
    pause, has_waited = FIRST_PAUSE_SECONDS, False
    while True:
        began = time.monotonic()
        connection = _Connection(plan, waiting, has_waited=has_waited)
        ended = await _connect(connection, plan.settings.token)
        if time.monotonic() - began > LONGEST_PAUSE_SECONDS:
            pause = FIRST_PAUSE_SECONDS
        if ended.is_final:
            log.error("discord refused the bot: %s", ended.why)
            return
        plan.progress.resume_url = ""  # where it was lost may be gone; /gateway knows the next one
        has_waited = ended.pause_seconds > 0
        rest = max(pause, ended.pause_seconds)
        told = {"shard": str(plan.settings.shard), "pause_seconds": rest}
        log.warning("discord was lost: %s", ended.why, extra=told)
        await asyncio.sleep(rest)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def _connect(connection: _Connection, token: str) -> _Ended:
    try:
        async with connection:
            await connection.start(token)
    except TooManyIdentifies as too_many:
        return _Ended(why=str(too_many), pause_seconds=too_many.wait_seconds)
    except discord.LoginFailure:
        return _Ended(why="DISCORD_TOKEN must be the bot's current token", is_final=True)
    except discord.ConnectionClosed as closed:
        if closed.code == _NO_INTENTS:
            why = "switch on its Server Members and Message Content intents"
            return _Ended(why=why, is_final=True)
        return _Ended(why=f"closed with {closed.code}", is_final=closed.code in _FOR_GOOD)
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        return _Ended(why=repr(error))
    return _Ended(why="closed")


class _Frame(msgspec.Struct):
    op: int
    s: int | None = None
    t: str | None = None
    d: dict[str, Any] | None = None


class _MemoryFull(OSError):
    """The connection ends over it and is resumed later: the frame comes again."""


class _NotOurs(discord.DiscordException):
    """Somebody else carries this shard."""


class _Connection(discord.Client):
    def __init__(self, plan: _Plan, waiting: asyncio.Queue[Event], *, has_waited: bool) -> None:
        super().__init__(
            shard_id=plan.settings.shard.number,
            shard_count=plan.settings.shard.count,
            intents=discord.Intents(**dict.fromkeys(INTENTS, True)),
            enable_debug_events=True,  # gives us the raw frames
            cache_default_sounds=False,
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self._connection.parsers.clear()
        self._waiting = waiting
        self._has_waited = has_waited
        self._plan = plan
        self._progress = plan.progress
        self._begun: DiscordWebSocket | None = None
        # py-cord tells of a new socket here, long before it hands it out.
        tell: Any = self._connection
        tell._update_references = self._meet  # noqa: SLF001 - there is no public place
        self._closing: set[asyncio.Task[None]] = set()

    async def connect(self, *, reconnect: bool = True) -> None:
        """py-cord's own begins with a new session; ours goes on with the one that is kept.

        Its other failures are ours to repeat (`_stay_connected`), with the same session.
        """
        del reconnect
        is_first = True
        while not self.is_closed():
            coming = DiscordWebSocket.from_client(
                self, initial=is_first, shard_id=self.shard_id, **self._kept()
            )
            try:
                self.ws = await asyncio.wait_for(coming, _CONNECT_SECONDS)
                is_first = False
                while True:
                    await self.ws.poll_event()
            except ReconnectWebSocket as again:
                self._let_go()
                if not again.resume:
                    self._progress.forget()

    def _kept(self) -> dict[str, Any]:
        """What is in memory is not lost with the socket: Discord repeats what came after it."""
        at = self._progress
        if not at.session:
            return {}
        kept = {"session": at.session, "sequence": at.received, "resume": True}
        if not at.resume_url:
            return kept
        return {**kept, "gateway": f"{at.resume_url}/?{_QUERY}"}

    async def close(self) -> None:
        """With a code that leaves the session to be resumed; py-cord's own would end it.

        A socket that did not get as far as a session beats in a thread of its own, too.
        """
        for socket in (self.ws, self._begun):
            if socket is not None:
                await socket.close()
        await super().close()

    def _meet(self, socket: DiscordWebSocket) -> None:
        self._begun = socket

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Asked of Discord each time: a loop of crashes remembers nothing itself."""
        told: Any = await self.http.request(Route("GET", "/gateway/bot"))
        limit, shard = told["session_start_limit"], self._plan.settings.shard
        check_identify(limit, has_waited=self._has_waited)
        self._has_waited = False
        if int(told.get("shards") or 1) > shard.count:
            advice = {"shards": shard.count, "advised": told["shards"]}
            log.warning("discord advises more shards: set DISCORD_SHARDS", extra=advice)
        try:
            await wait_for_turn(self._plan.sessions.client, shard, limit)
        except redis.RedisError:  # each for himself, as long as that server is away
            await super().before_identify_hook(shard_id, initial=initial)
        if not self._plan.is_ours():
            raise _NotOurs("somebody else carries this shard")

    def dispatch(self, event: str, *args: Any, **kwargs: Any) -> None:
        """py-cord's announcements: raw frames, one by one and in order, and lost connections."""
        del kwargs
        if event == "socket_raw_receive":
            self._take(args[0])

    def _take(self, raw: str) -> None:
        frame = _decoded(raw)
        if frame is None or frame.op != _DISPATCH:
            return
        if self._waiting.qsize() >= self._plan.settings.most_waiting:  # a frame is taken whole
            raise _MemoryFull(f"{self._waiting.qsize()} events wait to be stored")
        payload = frame.d or {}
        at = self._progress
        if frame.t in CHANGES:
            at.frame_comes(id_at(payload, "id" if frame.t != VOICE_STATE else "guild_id"))
        if frame.t == "READY":
            own_id = str((payload.get("user") or {}).get("id") or "")
            at.begin(str(payload.get("session_id") or ""), own_id)
            at.servers.keep(str(one.get("id")) for one in objects_at(payload, "guilds"))
            told_url = str(payload.get("resume_gateway_url") or "")
            at.resume_url = trusted_address(told_url, self._plan.settings.api_url)
            log.info("discord connected", extra={"shard": str(self._plan.settings.shard)})
        elif frame.t == "RESUMED":
            shard = str(self._plan.settings.shard)
            log.info("discord connected where it was left", extra={"shard": shard})
        at.servers.learn(frame.t or "", payload)
        for name, told in self._meant_by(frame, at.servers.complete(payload)):
            self._hand_on({"op": _DISPATCH, "t": name, "d": told})
        at.received = frame.s or at.received

    def _meant_by(self, frame: _Frame, payload: dict[str, Any]) -> Iterable[Told]:
        if frame.t != VOICE_STATE:
            return [(frame.t or "", payload)]
        at = self._progress
        name = f"{at.session}:{frame.s}"
        return at.servers.voices.turns(payload, frame=name, now=time.time())

    def _hand_on(self, frame: Mapping[str, Any]) -> None:
        received = read_gateway(frame, now=datetime.now(UTC), own_id=self._progress.own_id)
        if received.routed:
            self._waiting.put_nowait(received.routed)
            self._progress.queued()

    def _let_go(self) -> None:
        """py-cord leaves the old socket open. Closed with 4000 its session may still be resumed."""
        if self.ws:
            closing = asyncio.ensure_future(self.ws.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)


def trusted_address(told: str, api_url: str) -> str:
    """Where a session may be resumed, or nothing: the token is sent there.

    A host of Discord's; where the API is somebody else's (a stand-in), that one's alone.
    """
    try:
        there, api = urlsplit(told), urlsplit(api_url)
        host = there.hostname or ""
    except ValueError:
        return ""
    if (api.hostname or "") == urlsplit(API_URL).hostname:
        is_trusted = there.scheme == "wss" and host.endswith(".discord.gg") and "@" not in told
    else:
        is_trusted = there.scheme in ("ws", "wss") and there.netloc == api.netloc
    return f"{there.scheme}://{there.netloc}{there.path.rstrip('/')}" if is_trusted else ""


def _decoded(raw: str) -> _Frame | None:
    try:
        return msgspec.json.decode(raw, type=_Frame)
    except msgspec.DecodeError:
        return None  # hello and invalid session carry other shapes; they are py-cord's
