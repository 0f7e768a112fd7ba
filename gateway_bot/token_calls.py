"""How the gateway asks a service for tokens, from a thread: by the client that it has."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiohttp

from gateway_bot.post import decoded
from waddlebot.platforms.delivering import HttpAnswer, HttpCall


@dataclass(frozen=True, slots=True)
class GatewayTokenCalls:
    """`loop` runs in another thread than whoever asks."""

    session: aiohttp.ClientSession
    loop: asyncio.AbstractEventLoop

    def ask(self, call: HttpCall, seconds: float) -> HttpAnswer:
        """Status 0 where nobody answered in time."""
        return asyncio.run_coroutine_threadsafe(self._ask(call, seconds), self.loop).result()

    async def _ask(self, call: HttpCall, seconds: float) -> HttpAnswer:
        patience = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self.session.request(
                call.method,
                call.url,
                headers=call.headers,
                json=call.json,
                data=call.form,
                timeout=patience,
            ) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                body = decoded(await response.read())
                return HttpAnswer(status=response.status, headers=headers, json=body)
        except (aiohttp.ClientError, TimeoutError):
            return HttpAnswer(status=0)
