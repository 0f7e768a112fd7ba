"""One call over the network and its answer, and who makes it for which platform.

Twitch is called by twitchio's client (docs/decisions/0085), all others over aiohttp as it is, as
are the addresses where tokens are renewed (docs/decisions/0001, 0067).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import aiohttp
import msgspec

from waddlebot.platforms.delivering import HttpAnswer, HttpCall
from waddlebot.platforms.twitch.renewing import SERVICE

Calling = Callable[[aiohttp.ClientSession, HttpCall], Awaitable[HttpAnswer]]
"""Raises aiohttp.ClientError or TimeoutError where there is no answer."""


def calling_of(platform: str) -> Calling:
    return call_helix if platform == SERVICE else call_plainly


async def call_plainly(
    session: aiohttp.ClientSession, call: HttpCall, *, seconds: float | None = None
) -> HttpAnswer:
    """Within `seconds`, or as the session says."""
    patience = aiohttp.ClientTimeout(total=seconds) if seconds else session.timeout
    async with session.request(
        call.method,
        call.url,
        headers=call.headers,
        json=call.json,
        data=call.form,
        timeout=patience,
    ) as response:
        return await answer_of(response)


async def call_helix(session: aiohttp.ClientSession, call: HttpCall) -> HttpAnswer:
    is_loaded = load_helix_client.cache_info().currsize
    calling = load_helix_client() if is_loaded else await asyncio.to_thread(load_helix_client)
    return await calling(session, call)


@cache
def load_helix_client() -> Calling:
    """Takes some 0.2 s and 7 MB, so only who calls Twitch has it, and no start waits for it."""
    from gateway_bot.helix_client import call_by_twitchio

    return call_by_twitchio


async def answer_of(response: aiohttp.ClientResponse) -> HttpAnswer:
    return HttpAnswer(
        status=response.status, headers=headers_of(response), json=_decoded(await response.read())
    )


def headers_of(response: aiohttp.ClientResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
