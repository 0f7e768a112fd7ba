"""One connection to Discord's gateway after another: how each begins, and what its end means."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import redis
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import API_VERSION, Route

from gateway_bot.connections.discord_endings import (
    FOR_GOOD,
    NO_TOKEN,
    Resumes,
    Stood,
    words_for,
)
from gateway_bot.connections.discord_identifies import SPACE_SECONDS, check_identify, wait_for_turn
from gateway_bot.connections.discord_plan import DiscordPlan
from gateway_bot.connections.discord_socket import Frame, GatewaySocket, InvalidSession
from gateway_bot.connections.staying import Broken, RefusedForGood, Staying, asked_pause
from waddlebot.platforms.discord.connecting import INTENTS

_CLOSE_SECONDS = 2.0
_INVALID_SECONDS = 1.0, 5.0
"""Discord asks to wait so long, drawn by lot, where a session is invalid."""
_BANNED_SECONDS = 60.0
_NOBODY_SAID = frozenset({-1, 1006})
"""The network's codes: nothing is known of what Discord thinks."""
_QUERY = f"encoding=json&v={API_VERSION}&compress=zlib-stream"
_UNAUTHORIZED, _TOO_MANY = 401, 429
WELCOMES = frozenset({"READY", "RESUMED"})

log = logging.getLogger(__name__)


class DiscordListener(discord.Client):
    """`take` gets every frame with an event, in order; it may raise OSError: no room."""

    def __init__(self, plan: DiscordPlan, staying: Staying, take: Callable[[Frame], None]) -> None:
        super().__init__(
            shard_id=plan.settings.shard.number,
            shard_count=plan.settings.shard.count,
            intents=discord.Intents(**dict.fromkeys(INTENTS, True)),
            cache_default_sounds=False,
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self._connection.parsers.clear()
        self._plan, self._staying, self._take = plan, staying, take
        self._resumes = Resumes()
        self._socket: DiscordWebSocket | None = None
        # py-cord tells of a new socket here, long before it hands it out.
        tell: Any = self._connection
        tell._update_references = self._meet  # noqa: SLF001 - there is no public place
        self._is_known = self._has_waited = self._has_identified = False
        self._was_resuming = self._is_welcome = False
        self._welcome_at = 0.0

    async def hold(self) -> None:
        """One connection, until it ends. Raises Broken, RefusedForGood or what went wrong."""
        self._was_resuming = self._is_welcome = False
        try:
            await self._carry()
        except (discord.DiscordException, InvalidSession, ReconnectWebSocket, TimeoutError) as end:
            raise self._meant_by(end) from end
        except Broken as broken:
            self._has_waited = broken.pause_seconds > 0
            raise
        finally:
            await self._let_go()
            if not self._is_welcome:
                self._plan.progress.resume_url = ""  # /gateway knows where else

    def _meant_by(self, end: Exception) -> Exception:
        """Broken or RefusedForGood; the session is given up where it is not worth keeping."""
        match end:
            case discord.ConnectionClosed(code=code):
                return self._closed_with(code)
            case InvalidSession(is_resumable=is_resumable):
                if is_resumable:
                    self._learn(None)
                else:
                    self._give_up(str(end))
                pause = self._plan.settings.waits.draw(*_INVALID_SECONDS)
                return Broken(str(end), pause_seconds=pause)
            case TimeoutError() | ReconnectWebSocket():
                self._learn(None)
                return Broken("nothing was heard in time")
            case discord.LoginFailure():
                return RefusedForGood(words_for(NO_TOKEN))
            case discord.HTTPException():
                return _refused_or_broken(end)
        return Broken(repr(end))

    def _closed_with(self, code: int) -> Exception:
        if code in FOR_GOOD:
            return RefusedForGood(words_for(code))
        if code not in _NOBODY_SAID:
            self._learn(code)
        return Broken(f"closed with {code}")

    async def _carry(self) -> None:
        async with asyncio.timeout(self._plan.settings.welcome_seconds):
            await self._log_in()
            kept = self._kept()
            self._was_resuming = bool(kept)
            socket = await GatewaySocket.from_client(
                self, initial=not self._has_identified, shard_id=self.shard_id, **kept
            )
            while not self._is_welcome:
                await socket.poll_event()
        self._welcome_at = self._plan.settings.waits.clock()
        await self._staying.stands()
        while True:
            await socket.poll_event()

    async def _log_in(self) -> None:
        """Once: a wrong token is found out before it costs anything."""
        if self._is_known:
            return
        try:
            await self.login(self._plan.settings.token)
        except BaseException:
            await self.http.close()  # the next try opens a session of its own
            raise
        self._is_known = True

    def _kept(self) -> dict[str, Any]:
        """What is in memory is not lost with the socket: Discord repeats what came after it."""
        at = self._plan.progress
        if not at.session:
            return {}
        kept = {"session": at.session, "sequence": at.received, "resume": True}
        if not at.resume_url:
            return kept
        return {**kept, "gateway": f"{at.resume_url}/?{_QUERY}"}

    def _learn(self, code: int | None) -> None:
        """From what Discord said in the end, or from its silence: whether its session is still
        worth going on with."""
        now = self._plan.settings.waits.clock()
        stood = Stood(
            code=code,
            was_resuming=self._was_resuming and self._socket is not None,
            is_welcome=self._is_welcome,
            seconds=now - self._welcome_at if self._is_welcome else 0.0,
        )
        if self._resumes.is_given_up(stood):
            self._give_up(f"closed with {code}" if code else "it is not taken up again")

    def _give_up(self, why: str) -> None:
        if self._plan.progress.session:
            log.warning("discord's session is given up", extra={"why": why})
        self._plan.progress.forget()

    async def close(self) -> None:
        """With a code that leaves the session to be resumed; py-cord's own would end it."""
        await self._let_go()
        await super().close()

    async def _let_go(self) -> None:
        """py-cord leaves sockets open, and one that did not get as far as a session beats in a
        thread of its own, too. Closed with 4000 a session may still be resumed."""
        socket, self._socket = self._socket, None
        if socket is not None:
            with contextlib.suppress(TimeoutError, OSError, aiohttp.ClientError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await socket.close()

    def _meet(self, socket: DiscordWebSocket) -> None:
        self._socket = socket

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Asked of Discord each time: a loop of crashes remembers nothing itself."""
        del shard_id
        settings = self._plan.settings
        told: Any = await self.http.request(Route("GET", "/gateway/bot"))
        try:
            limit, advised = told["session_start_limit"], int(told.get("shards") or 1)
            check_identify(limit, has_waited=self._has_waited)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise Broken("it does not say how many sessions are left") from error
        self._has_waited = False
        if advised > settings.shard.count:
            advice = {"shards": settings.shard.count, "advised": advised}
            log.warning("discord advises more shards: set DISCORD_SHARDS", extra=advice)
        try:
            await wait_for_turn(self._plan.sessions.client, settings.shard, limit)
        except redis.RedisError:  # each for himself, as long as that server is away
            if not initial:
                await settings.waits.sleep(SPACE_SECONDS)
        if not self._plan.is_ours():
            raise Broken("somebody else carries this shard")
        self._has_identified = True

    def dispatch(self, event: str, *args: Any, **kwargs: Any) -> None:
        """The socket's announcements: frames with events, one by one and in order."""
        del kwargs
        if event == "frame":
            self._take(args[0])
            self._is_welcome = self._is_welcome or args[0].name in WELCOMES


def _refused_or_broken(error: discord.HTTPException) -> Exception:
    if error.status == _UNAUTHORIZED:
        return RefusedForGood(words_for(NO_TOKEN))
    pause = asked_pause(error.response.headers)
    if error.status == _TOO_MANY:
        pause = pause or _BANNED_SECONDS
    return Broken(repr(error), pause_seconds=pause)
