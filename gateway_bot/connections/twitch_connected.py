"""Channels of Twitch that streamers connected: carried beside the operator's, without a restart.

Which there are is looked at as often as claims are. Whoever carries one sees to its streamer's
token: Twitch wants it asked for once an hour, and one that nobody renews is lost.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from gateway_bot.connections.twitch_channels import HeldChannels
from gateway_bot.shares import Unit
from waddlebot.domain.connections import CHANNEL, ConnectionState
from waddlebot.domain.errors import Unavailable
from waddlebot.outside.renewing import AccessTokens, NotConnected
from waddlebot.platforms.fields import text_at
from waddlebot.platforms.twitch.allowing import validating
from waddlebot.platforms.twitch.api import StreamersLeave
from waddlebot.platforms.twitch.connecting import IN_THEIR_NAME
from waddlebot.platforms.twitch.renewing import SERVICE
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.present_logins import note_login

Job = Callable[[], Awaitable[None]]

LOOK_SECONDS = 240.0
"""A token is renewed within the last five minutes of its life."""
VALIDATE_SECONDS = 3_600.0
CALL_SECONDS = 5.0

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class ConnectedChannels:
    """`operators` are the channels that are set, by login or id: those are carried anyway, and have
    one claim, under the name that the operator gave them."""

    access: AccessTokens
    postgres: Postgres
    auth_url: str
    held: HeldChannels
    operators: Collection[str]
    most: int
    look_seconds: float = LOOK_SECONDS
    validate_seconds: float = VALIDATE_SECONDS
    _of_operators: Mapping[str, str] = field(default_factory=dict)
    _units: dict[str, Unit] = field(default_factory=dict)
    _scopes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _left: frozenset[str] = frozenset()

    async def units(self) -> Sequence[Unit]:
        """Those of today; one stays the same as long as it is connected. Raises Unavailable."""
        standings = await asyncio.to_thread(
            self.access.connections.standings, SERVICE, kind=CHANNEL
        )
        good = {
            channel: one.scopes
            for channel, one in standings.items()
            if one.state is ConnectionState.CONNECTED
        }
        self._scopes = good
        named = {
            name: channel
            for channel, one in standings.items()
            for name in self._names(channel, one.login)
        }
        self._of_operators = {name: channel for name, channel in named.items() if channel in good}
        connected = good.keys() - set(named.values())
        gone = self._units.keys() - connected  # also what was erased with its person
        self._leave((self._left | gone | standings.keys()) - connected - set(named.values()))
        self._units = {
            channel: self._units.get(channel) or self._unit(channel)
            for channel in sorted(connected)
        }
        return list(self._units.values())

    @property
    def channels(self) -> Sequence[str]:
        return list(self._units)

    def has_left(self, channel: str) -> bool:
        """Whether its streamer had let the bot in, and does so no more."""
        return channel in self._left

    def leave_of(self, channel: str) -> StreamersLeave | None:
        """To do what a streamer allowed in their name; None where that is nothing, or for now."""
        scopes = self._scopes.get(channel, frozenset()).intersection(IN_THEIR_NAME)
        if not scopes:
            return None
        try:
            return StreamersLeave(user_id=channel, token=self._token(channel), scopes=scopes)
        except Unavailable as away:
            log.warning("nothing is done in a streamer's name", extra={"why": str(away)})
            return None

    def refused(self, channel: str, token: str) -> None:
        """Twitch did not take it. Raises NotConnected, Unavailable."""
        self.access.refused(SERVICE, channel, token, kind=CHANNEL)

    async def keep_token_of(self, operators: str) -> None:
        """Of a channel that the operator named so, as often as its streamer connects it."""
        while True:
            if channel := self._of_operators.get(operators.lower()):
                await self._keep_token(channel)
            await asyncio.sleep(self.look_seconds)

    def _names(self, channel: str, login: str) -> Collection[str]:
        """How the operator named it, in small letters; nothing where they did not."""
        return {one.lower() for one in self.operators} & {channel, login.lower()}

    def _leave(self, left: Collection[str]) -> None:
        left = frozenset(left)
        if left != self._left:
            self._left = left
            self.held.leave(left)

    def _unit(self, channel: str) -> Unit:
        def jobs(_term: asyncio.Event) -> Mapping[str, Job]:
            return {
                f"twitch {channel}": partial(self.held.keep, channel),
                f"twitch token {channel}": partial(self._keep_token, channel),
            }

        return Unit(platform=SERVICE, channel=channel, jobs=jobs, most=self.most)

    async def _keep_token(self, channel: str) -> None:
        """Until it is cancelled, or nobody lets the bot in any more."""
        ask_at = 0.0
        while True:
            try:
                token = await asyncio.to_thread(self._token, channel)
                if time.monotonic() >= ask_at:
                    await asyncio.to_thread(self._validate, channel, token)
                    ask_at = time.monotonic() + self.validate_seconds
            except NotConnected:
                return  # its claim ends at the next look
            except Unavailable as away:
                log.warning("a streamer's token is not looked at", extra={"why": str(away)})
            await asyncio.sleep(self.look_seconds)

    def _token(self, channel: str) -> str:
        return self.access.access(SERVICE, channel, kind=CHANNEL)

    def _validate(self, channel: str, token: str) -> None:
        """Raises NotConnected, Unavailable."""
        answer = self.access.ask(validating(self.auth_url, token), CALL_SECONDS)
        if answer.status == 401:
            self.access.refused(SERVICE, channel, token, kind=CHANNEL)
        elif answer.status != 200:
            raise Unavailable("Twitch", f"does not say whether a token is good: {answer.status}")
        login = text_at(answer.json, "login") if isinstance(answer.json, dict) else ""
        if login and note_login(self.postgres, SERVICE, channel, login):
            log.info("a streamer is called otherwise now", extra={"channel": channel})
