"""With whose tokens the senders speak, by platform."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp

from gateway_bot.post import Speaking
from gateway_bot.token_calls import access_of
from waddlebot.outside.slack_workspaces import SlackWorkspaces, slack_renewer
from waddlebot.platforms.slack.installing import SERVICE, SlackApp
from waddlebot.runtime.environment import Environment
from waddlebot.stores.postgres import Postgres


def speaking_of(
    environment: Environment, postgres: Postgres, session: aiohttp.ClientSession
) -> Mapping[str, Speaking]:
    """Without a seal key nothing is connected, and the variables alone count."""
    app = SlackApp.find(environment.values)
    renewers = {SERVICE: slack_renewer(app)} if app else {}
    access = access_of(environment, postgres, session, renewers)
    if access is None:
        return {}
    slack = SlackWorkspaces(
        variables=environment.values, access=access, postgres=postgres, ask=access.ask
    )
    return {SERVICE: slack}
