"""twitchio's client for Twitch's Helix API, as it is beneath its bots: a request and its answer.

It is given the token of each call and keeps none, so nothing here renews, validates or writes a
file: what a 401 means the connections know. See docs/decisions/0085.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp
from twitchio.http import HTTPClient, Route

from gateway_bot.calling import answer_of, headers_of
from waddlebot.platforms.delivering import HttpAnswer, HttpCall

CLIENT_ID = "client-id"


class WholeAddress(Route):
    """Each call brings its whole address; twitchio's own is one for the process."""

    BASE = ""


class HelixRefusal(Exception):
    """Twitch did not do it. Carries all of the answer."""

    def __init__(self, answer: HttpAnswer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(slots=True)
class Overheard:
    """The session that twitchio's client makes one call with.

    Its client drops an answer's headers, which say until when to wait, and sleeps for 3 s over a
    503, longer than a sender may be held up: a refusal passes it by.
    """

    session: aiohttp.ClientSession
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(self, method: str, url: str, **more: Any) -> Any:
        return self.session.request(method, url, raise_for_status=self._hear, **more)

    async def _hear(self, response: aiohttp.ClientResponse) -> None:
        if response.status >= 400:
            raise HelixRefusal(await answer_of(response))
        self.status, self.headers = response.status, headers_of(response)


async def call_by_twitchio(session: aiohttp.ClientSession, call: HttpCall) -> HttpAnswer:
    """`call.headers` has Twitch's `client-id` beside the token, in small letters. See Calling."""
    headers = dict(call.headers)
    overheard = Overheard(session)
    client = HTTPClient(
        cast("aiohttp.ClientSession", overheard), client_id=headers.pop(CLIENT_ID, "")
    )
    route = WholeAddress(
        cast("Any", call.method), call.url, headers=headers, json=cast("Any", call.json)
    )
    try:
        told = await client.request(route)
    except HelixRefusal as refusal:
        return refusal.answer
    except (ValueError, LookupError, RecursionError):
        told = None  # it was said to be JSON, or text of a charset; numbers of thousands of digits
    body = told if not isinstance(told, str) else None
    return HttpAnswer(status=overheard.status, headers=overheard.headers, json=body)
