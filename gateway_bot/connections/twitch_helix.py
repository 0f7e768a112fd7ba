"""Twitch's Helix API, as far as hearing a channel needs it, and what is asked to be told of it.

By twitchio's client, with the tokens of the connections (docs/decisions/0085).

Sources: "Twitch API Reference" and "EventSub Subscription Types".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from gateway_bot.calling import call_helix
from gateway_bot.connections.staying import Broken, Refused
from waddlebot.domain.errors import Unavailable
from waddlebot.outside.renewing import NotConnected
from waddlebot.platforms.delivering import HttpAnswer, HttpCall, try_again
from waddlebot.platforms.fields import dig, id_at, objects_at, text_at
from waddlebot.platforms.twitch.connecting import SUBSCRIPTIONS
from waddlebot.platforms.twitch.renewing import is_ended

API_URL = "https://api.twitch.tv/helix"
CALL_SECONDS = 5.0
MOST_ASKED = 100
MOST_PAUSE_SECONDS = 60.0
"""Twitch's points are back within a minute, whatever its clock says."""

A_CHANNEL = len(SUBSCRIPTIONS)
"""So many subscriptions a channel takes."""

log = logging.getLogger(__name__)

Wire = dict[str, Any]
Params = Mapping[str, str] | Sequence[tuple[str, str]]


class Token(Protocol):
    """Both wait, and raise NotConnected where there is none (any more) and Unavailable."""

    def current(self) -> str: ...
    def refused(self, token: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Helix:
    """`token_name` is the variable that holds the token: what an operator can change.

    `renewed` gives a current token instead of `token`, where tokens are renewed.
    """

    session: aiohttp.ClientSession
    token: str = field(default="", repr=False)
    token_name: str
    renewed: Token | None = None
    client_id: str
    api_url: str = API_URL

    async def call(
        self, method: str, path: str, *, params: Params = (), json: Wire | None = None
    ) -> tuple[int, Wire]:
        """Status and body; an empty one where there is none.

        Raises:
            Refused: Twitch does not take the token.
            Broken: there is no token for now, or Twitch is not well, or has been asked too much:
                `pause_seconds` says for how long.
            aiohttp.ClientError, TimeoutError: no answer.
        """
        ask = partial(self._ask, method=method, path=path, params=params, json=json)
        refused = f"{self.token_name} must be a current token"
        try:
            token = await asyncio.to_thread(self.renewed.current) if self.renewed else self.token
            answer = await ask(token)
            if self.renewed and is_ended(answer.status, answer.json):
                await asyncio.to_thread(self.renewed.refused, token)
                answer = await ask(await asyncio.to_thread(self.renewed.current))
        except NotConnected as lost:
            raise Refused(refused) from lost
        except Unavailable as away:
            raise Broken(str(away)) from away
        if answer.status == 401:
            raise Refused(refused)
        if passing := try_again("Twitch", answer, now=datetime.now(UTC)):
            why = f"{method} {path} was answered with {answer.status}"
            raise Broken(why, pause_seconds=min(passing.wait_seconds, MOST_PAUSE_SECONDS))
        return answer.status, answer.json if isinstance(answer.json, dict) else {}

    async def _ask(
        self, token: str, *, method: str, path: str, params: Params, json: Wire | None
    ) -> HttpAnswer:
        asked = f"?{urlencode(params)}" if params else ""
        call = HttpCall(
            method=method,
            url=f"{self.api_url}{path}{asked}",
            headers={"authorization": f"Bearer {token}", "client-id": self.client_id},
            json=json,
            bucket="twitch:helix",
        )
        return await call_helix(self.session, call)

    async def user_ids(self, channels: Collection[str]) -> dict[str, str]:
        """By the channels' names, which are logins or ids already; those there are. As `call`."""
        logins = [one for one in channels if not one.isdigit()]
        found: dict[str, str] = {}
        for start in range(0, len(logins), MOST_ASKED):
            asked = [("login", one.lower()) for one in logins[start : start + MOST_ASKED]]
            status, answer = await self.call("GET", "/users", params=asked)
            if status >= 400:
                raise Broken(f"channels cannot be looked up: {status}")
            found |= {text_at(one, "login"): id_at(one, "id") for one in objects_at(answer, "data")}
        return {
            name: found.get(name.lower(), name)
            for name in channels
            if name.isdigit() or name.lower() in found
        }

    async def pages(self, path: str) -> AsyncIterator[Wire]:
        """All entries behind a cursor. Raises Broken; as `call`."""
        after = ""
        while True:
            params = {"after": after} if after else {}
            status, answer = await self.call("GET", path, params=params)
            if status >= 400:
                raise Broken(f"{path} was not told: {status} {text_at(answer, 'message')}")
            for entry in objects_at(answer, "data"):
                yield entry
            cursor = dig(answer, "pagination", "cursor")
            if not isinstance(cursor, str) or not cursor or cursor == after:
                return
            after = cursor


def subscriptions_of(channel: str, bot: str) -> Iterator[Wire]:
    """`{"type", "version", "condition"}`, chat first. Nothing is told twice."""
    for one in SUBSCRIPTIONS:
        whose = {one.of: bot} if one.of else {}
        condition = {"broadcaster_user_id": channel, **whose}
        yield {"type": one.kind, "version": one.version, "condition": condition}


def words_for(refused: Mapping[str, str]) -> str:
    """For the operator: what Twitch does not tell of a channel, by kind, and what helps."""
    if not refused:
        return ""
    kinds = ", ".join(sorted(refused))
    of = {one.kind: one for one in SUBSCRIPTIONS}
    if all(of[kind].of == "moderator_user_id" for kind in refused):
        return f"Twitch does not tell of {kinds}: make the bot a moderator there."
    if all(of[kind].given_by_channel for kind in refused):
        return f"Twitch does not tell of {kinds}: the streamer has to allow it (connect twitch)."
    why = next(iter(refused.values()))
    return f"Twitch does not tell of {kinds} ({why}): connect the channel again."


def is_for_webhooks(kind: str) -> bool:
    """What only the streamer's own token subscribes over a socket: the bot's is refused there."""
    return any(
        one.kind == kind and bool(one.given_by_channel) and not one.of for one in SUBSCRIPTIONS
    )
