"""With whose tokens the senders speak, by platform."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

import aiohttp

from gateway_bot.post import Speaking
from gateway_bot.token_calls import GatewayTokenCalls
from waddlebot.domain.connections import Connection
from waddlebot.outside.renewing import AccessTokens
from waddlebot.outside.slack_workspaces import SlackWorkspaces, slack_renewer
from waddlebot.platforms.slack.installing import SERVICE, SlackApp
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import SEAL_KEY, SEAL_KEY_BEFORE
from waddlebot.stores.connections import Connections
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.renewals import Renewals
from waddlebot.stores.sealing import Seal

log = logging.getLogger(__name__)


def speaking_of(
    environment: Environment, postgres: Postgres, session: aiohttp.ClientSession
) -> Mapping[str, Speaking]:
    """Without a seal key nothing is connected, and the variables alone count."""
    master = environment.find(SEAL_KEY)
    if not master:
        return {}
    seal = Seal.under(master, before=environment.find(SEAL_KEY_BEFORE))
    calls = GatewayTokenCalls(session, asyncio.get_running_loop())
    app = SlackApp.find(environment.values)
    access = AccessTokens(
        connections=Connections(postgres, seal),
        renewals=Renewals(postgres, seal),
        renewers={SERVICE: slack_renewer(app)} if app else {},
        ask=calls.ask,
        tell=_tell,
    )
    slack = SlackWorkspaces(
        variables=environment.values, access=access, postgres=postgres, ask=calls.ask
    )
    return {SERVICE: slack}


def _tell(connection: Connection) -> None:
    """Its community reads it with the first answer that could not be sent."""
    log.error("connection lost", extra={"of": connection.account, "called": connection.name})
