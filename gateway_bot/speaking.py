"""With whose tokens the senders speak, by platform."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp

from gateway_bot.post import Speaking
from gateway_bot.revoking import GivingBack
from gateway_bot.slack_speaking import SlackSpeaking
from gateway_bot.token_calls import GatewayTokenCalls, access_of
from waddlebot.outside.slack_workspaces import SlackWorkspaces, slack_renewer
from waddlebot.platforms.slack.installing import SERVICE, SlackApp
from waddlebot.platforms.twitch.renewing import TwitchRenewer
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import SEAL_KEY, SEAL_KEY_BEFORE
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.revocations import Revocations
from waddlebot.stores.sealing import Seal


def giving_back(
    environment: Environment, postgres: Postgres, session: aiohttp.ClientSession
) -> GivingBack | None:
    """None without a seal key: then nothing was kept."""
    master = environment.find(SEAL_KEY)
    if not master:
        return None
    app, twitch = SlackApp.find(environment.values), TwitchRenewer.find(environment.values)
    renewers = {SERVICE: slack_renewer(app) if app else None, "twitch": twitch}
    seal = Seal.under(master, before=environment.find(SEAL_KEY_BEFORE))
    return GivingBack(
        revocations=Revocations(postgres, seal),
        renewers={service: one for service, one in renewers.items() if one},
        ask=GatewayTokenCalls(session, asyncio.get_running_loop()).ask,
    )


def speaking_of(
    environment: Environment, postgres: Postgres, session: aiohttp.ClientSession
) -> Mapping[str, Speaking]:
    """Without a seal key nothing is connected, and the variables alone count."""
    app = SlackApp.find(environment.values)
    renewers = {SERVICE: slack_renewer(app)} if app else {}
    access = access_of(environment, postgres, session, renewers)
    if access is None:
        return {}
    workspaces = SlackWorkspaces(
        variables=environment.values, access=access, postgres=postgres, ask=access.ask
    )
    return {SERVICE: SlackSpeaking(workspaces)}
