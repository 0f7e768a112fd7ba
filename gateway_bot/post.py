"""Makes the calls that a platform's `deliver` asks for."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol

import aiohttp

from gateway_bot.calling import calling_of
from gateway_bot.paces import Pacer
from waddlebot.domain.entities import OPERATOR, platform_of
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.domain.public_addresses import public_address_in
from waddlebot.outside.renewing import ConnectionLost, NotConnected
from waddlebot.platforms import find_abilities
from waddlebot.platforms.delivering import (
    Delivered,
    Delivery,
    HttpAnswer,
    HttpCall,
    State,
    again,
    refused,
)
from waddlebot.platforms.fields import dig

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 5.0
MOST_KEPT = 64
AWAY_SECONDS = 2.0


class Sending(Protocol):
    """A platform's `send.py`."""

    def find_credentials(self, variables: Mapping[str, str]) -> Any:
        """None where they are missing."""

    def deliver(self, outgoing: Outgoing, credentials: Any, *, now: datetime) -> Delivery: ...


class Speaking(Protocol):
    """Where a platform's tokens hang on the place and on what is done there: as variables, over
    those that are set.

    `refused` is told of a call that was made with it.

    `of` and `refused` raise NotConnected, ConnectionLost and Unavailable, and may wait.
    """

    def of(self, outgoing: Outgoing) -> Any: ...
    def is_refused(self, answer: HttpAnswer) -> bool: ...
    def refused(self, spoken: Any, call: HttpCall) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """`in_doubt`: a call got no answer, so it may or may not have arrived."""

    delivered: Delivered
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What a platform said of something that changes seldom, for as long as the call says."""

    _answers: OrderedDict[str, tuple[float, HttpAnswer]] = field(default_factory=OrderedDict)

    def find(self, call: HttpCall) -> HttpAnswer | None:
        until, answer = self._answers.get(call.url, (0.0, None))
        return answer if call.kept_seconds and time.monotonic() < until else None

    def keep(self, call: HttpCall, answer: HttpAnswer) -> None:
        if not call.kept_seconds or answer.status != 200 or dig(answer.json, "ok") is False:
            return  # Slack refuses with a 200 as well: another token is asked anew
        self._answers[call.url] = (time.monotonic() + call.kept_seconds, answer)
        self._answers.move_to_end(call.url)
        if len(self._answers) > MOST_KEPT:
            self._answers.popitem(last=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """`variables` is where platforms find their credentials, `speaking` by platform whose those
    are in each place."""

    session: aiohttp.ClientSession
    variables: Mapping[str, str]
    pacer: Pacer
    kept: SaidBefore = field(default_factory=SaidBefore)
    speaking: Mapping[str, Speaking] = field(default_factory=dict)

    async def send(
        self, outgoing: Outgoing, may_begin: Callable[[], Awaitable[bool]]
    ) -> Posted | None:
        """Asks `may_begin` when its turn has come, right before the first call; None if it says no.

        Raises whatever `may_begin` raises.
        """
        try:
            return await self._send(outgoing, may_begin)
        except ConnectionLost as lost:
            return Posted(delivered=refused(f"{lost.why} {self._connect_again(outgoing)}"))
        except NotConnected:
            return Posted(
                delivered=refused(f"It is not connected. {self._connect_again(outgoing)}")
            )
        except Unavailable as away:
            return Posted(delivered=again(AWAY_SECONDS, str(away)))

    async def _send(
        self, outgoing: Outgoing, may_begin: Callable[[], Awaitable[bool]]
    ) -> Posted | None:
        platform = platform_of(outgoing.entity)
        sending, speaking = find_sending(platform), self.speaking.get(platform)
        spoken = speaking and await asyncio.to_thread(speaking.of, outgoing)
        delivery = self._delivery(sending, outgoing, spoken)
        if delivery is None:
            return Posted(delivered=refused(_why_mute(outgoing)))
        in_doubt = False
        try:
            call = next(delivery)
            await self._turn(platform, call, outgoing)
            if not await may_begin():
                return None
            while True:
                answer, in_doubt = await self._make(platform, call)
                if speaking and spoken and speaking.is_refused(answer):
                    # Nothing was done with it: all of it once more, with a new one if there is one.
                    again_with = await self._spoken_anew(speaking, spoken, call, outgoing)
                    delivery = again_with and self._delivery(sending, outgoing, again_with)
                    spoken = None
                    call = next(delivery) if delivery else call
                    if delivery is None:
                        return Posted(delivered=refused(self._connect_again(outgoing)))
                else:
                    call = delivery.send(answer)
                await self._turn(platform, call, outgoing)
        except StopIteration as done:
            delivered: Delivered = done.value
            return Posted(
                delivered=delivered, in_doubt=in_doubt and delivered.state is not State.SENT
            )

    def _delivery(
        self, sending: Sending | None, outgoing: Outgoing, spoken: Any
    ) -> Delivery | None:
        """None where there are no credentials."""
        variables = {**self.variables, **spoken.variables} if spoken else self.variables
        credentials = sending and sending.find_credentials(variables)
        if sending is None or credentials is None:
            return None
        return sending.deliver(outgoing, credentials, now=datetime.now(UTC))

    async def _spoken_anew(
        self, speaking: Speaking, spoken: Any, call: HttpCall, outgoing: Outgoing
    ) -> Any:
        await asyncio.to_thread(speaking.refused, spoken, call)
        return await asyncio.to_thread(speaking.of, outgoing)

    async def _turn(self, platform: str, call: HttpCall, outgoing: Outgoing) -> None:
        if self.kept.find(call) is None:
            says = isinstance(outgoing, Reply)
            is_chat = says and call.method != "GET"
            await self.pacer.turn(platform, call, is_chat=is_chat, is_first=not says)

    async def _make(self, platform: str, call: HttpCall) -> tuple[HttpAnswer, bool]:
        """The answer, and whether the call may have arrived all the same."""
        kept = self.kept.find(call)
        if kept is not None:
            return kept, False
        answer, in_doubt = await self._ask(platform, call)
        self.pacer.learn(call, answer)
        self.kept.keep(call, answer)
        return answer, in_doubt

    async def _ask(self, platform: str, call: HttpCall) -> tuple[HttpAnswer, bool]:
        try:
            return await calling_of(platform)(self.session, call), False
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return HttpAnswer(status=0), False
        except (aiohttp.ClientError, TimeoutError):
            return HttpAnswer(status=0), call.method != "GET"

    def _connect_again(self, outgoing: Outgoing) -> str:
        platform = platform_of(outgoing.entity)
        where = public_address_in(self.variables).at(f"/connect/{platform}")
        return f"Connect {find_abilities(platform).name or platform} at {where}."


def open_session() -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS, sock_connect=CONNECT_SECONDS)
    return aiohttp.ClientSession(timeout=timeout)


@cache
def find_sending(platform: str) -> Sending | None:
    """None for a platform that we do not speak: its callers get their answers another way."""
    if not platform.isidentifier():
        return None
    try:
        sending: Any = importlib.import_module(f"waddlebot.platforms.{platform}.send")
    except ModuleNotFoundError:
        return None
    return sending  # type: ignore[no-any-return]


def _why_mute(outgoing: Outgoing) -> str:
    if outgoing.entity == OPERATOR:
        return "There is nobody else to be told where the bot still speaks."
    platform = platform_of(outgoing.entity)
    return f"There are no credentials for {platform}: waddlebot connect {platform}"
