"""Twitch's Helix API, as far as hearing a channel needs it, and what is asked to be told of it.

Sources: "Twitch API Reference" and "EventSub Subscription Types".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp

from gateway_bot.connections.staying import Broken, Refused
from waddlebot.domain.errors import Unavailable
from waddlebot.outside.renewing import NotConnected
from waddlebot.platforms.fields import dig, id_at, objects_at, text_at
from waddlebot.platforms.twitch.connecting import SUBSCRIPTIONS
from waddlebot.platforms.twitch.renewing import is_ended

API_URL = "https://api.twitch.tv/helix"
CALL_SECONDS = 5.0
MOST_ASKED = 100

A_CHANNEL = len(SUBSCRIPTIONS)
"""So many subscriptions a channel takes."""

log = logging.getLogger(__name__)

Wire = dict[str, Any]


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

    async def call(self, method: str, path: str, **more: Any) -> tuple[int, Wire]:
        """Status and body; an empty one where there is none.

        Raises:
            Refused: Twitch does not take the token.
            Broken: there is no token for now.
            aiohttp.ClientError, TimeoutError: no answer.
        """
        refused = f"{self.token_name} must be a current token"
        try:
            token = await asyncio.to_thread(self.renewed.current) if self.renewed else self.token
            status, body = await self._ask(token, method, path, **more)
            if self.renewed and is_ended(status, body):
                await asyncio.to_thread(self.renewed.refused, token)
                token = await asyncio.to_thread(self.renewed.current)
                status, body = await self._ask(token, method, path, **more)
        except NotConnected as lost:
            raise Refused(refused) from lost
        except Unavailable as away:
            raise Broken(str(away)) from away
        if status == 401:
            raise Refused(refused)
        return status, body

    async def _ask(self, token: str, method: str, path: str, **more: Any) -> tuple[int, Wire]:
        headers = {"authorization": f"Bearer {token}", "client-id": self.client_id}
        url = f"{self.api_url}{path}"
        async with self.session.request(method, url, headers=headers, **more) as answer:
            body: Any = await answer.json(content_type=None) if answer.status != 204 else None
            return answer.status, body if isinstance(body, dict) else {}

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
