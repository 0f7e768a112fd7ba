"""Who owns what was connected by the word of its service: nobody has to be made an owner here, too.

Slack says it of a workspace that is connected, asked with that workspace's own token.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from functions.identity.slack_installing import find_slack
from waddlebot.domain.connections import Connection
from waddlebot.domain.entities import EntityId, parse_entity
from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.outside.driving import Ask
from waddlebot.outside.renewing import AccessTokens
from waddlebot.outside.slack_workspaces import slack_renewer
from waddlebot.platforms.slack.installing import SERVICE
from waddlebot.runtime.resources import Resources
from waddlebot.stores.connections_in_reach import Owned
from waddlebot.stores.logins import Login
from waddlebot.stores.renewals import Renewals

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owning:
    resources: Resources
    variables: Mapping[str, str]
    ask: Ask

    def of(self, login: Login) -> Sequence[Owned]:
        """What whoever is signed in owns; nothing where nobody can be asked at the moment."""
        slack = find_slack(self.variables)
        if slack is None or login.platform != SERVICE or not login.home:
            return ()
        team = parse_entity(EntityId(login.home)).channel
        access = AccessTokens(
            connections=self.resources.connections,
            renewals=Renewals(self.resources.postgres, self.resources.seal),
            renewers={SERVICE: slack_renewer(slack.app)},
            ask=self.ask,
            tell=_note,
        )
        try:
            owns = slack.owns(access.access(SERVICE, team), login.user_id, login.home)
        except (Unavailable, Rejected) as error:
            log.info("whose workspace it is is not known", extra={"why": str(error)})
            return ()
        return (Owned(SERVICE, team),) if owns else ()


def _note(connection: Connection) -> None:
    log.error("connection lost", extra={"of": connection.account})
