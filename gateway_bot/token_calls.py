"""How the gateway comes to the tokens of connections, from a thread: by the client that it has."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from gateway_bot.calling import call_plainly
from waddlebot.domain.connections import Connection
from waddlebot.outside.renewing import AccessTokens
from waddlebot.platforms.delivering import HttpAnswer, HttpCall
from waddlebot.platforms.renewing import Renewer
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import SEAL_KEY, SEAL_KEY_BEFORE
from waddlebot.stores.connections import Connections
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.renewals import Renewals
from waddlebot.stores.sealing import Seal

log = logging.getLogger(__name__)


def access_of(
    environment: Environment,
    postgres: Postgres,
    session: aiohttp.ClientSession,
    renewers: Mapping[str, Renewer],
) -> AccessTokens | None:
    """None without a seal key: then nothing is connected, and what is set counts alone.

    Made in the loop of `session`. Who owns what is lost is told by lost.py.
    """
    master = environment.find(SEAL_KEY)
    if not master:
        return None
    seal = Seal.under(master, before=environment.find(SEAL_KEY_BEFORE))
    return AccessTokens(
        connections=Connections(postgres, seal),
        renewals=Renewals(postgres, seal),
        renewers=renewers,
        ask=GatewayTokenCalls(session, asyncio.get_running_loop()).ask,
        tell=_note,
    )


def _note(connection: Connection) -> None:
    log.error("connection lost", extra={"of": connection.account, "called": connection.name})


@dataclass(frozen=True, slots=True)
class GatewayTokenCalls:
    """`loop` runs in another thread than whoever asks."""

    session: aiohttp.ClientSession
    loop: asyncio.AbstractEventLoop

    def ask(self, call: HttpCall, seconds: float) -> HttpAnswer:
        """Status 0 where nobody answered in time."""
        return asyncio.run_coroutine_threadsafe(self._ask(call, seconds), self.loop).result()

    async def _ask(self, call: HttpCall, seconds: float) -> HttpAnswer:
        try:
            return await call_plainly(self.session, call, seconds=seconds)
        except (aiohttp.ClientError, TimeoutError):
            return HttpAnswer(status=0)
