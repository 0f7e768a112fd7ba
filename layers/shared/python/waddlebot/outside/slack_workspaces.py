"""With which token the bot speaks in a workspace of Slack: its own, its organisation's, or the one
that the operator set, where that is of this workspace. Never another's."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from waddlebot.domain.connections import ADMIN
from waddlebot.domain.entities import EntityId, parse_entity
from waddlebot.domain.errors import Unavailable
from waddlebot.outside.driving import Ask
from waddlebot.outside.renewing import AccessTokens, ConnectionLost, NotConnected
from waddlebot.platforms.delivering import HttpAnswer, HttpCall
from waddlebot.platforms.fields import is_true, text_at
from waddlebot.platforms.renewing import OAuthRenewer
from waddlebot.platforms.slack import OWNERS
from waddlebot.platforms.slack.installing import API_URL, SERVICE, SlackApp
from waddlebot.platforms.slack.send import TOKEN_IS_DEAD
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.slack_organisations import organisation_of

VARIABLE = "SLACK_BOT_TOKEN"
ABSENT_SECONDS = 2.0
"""So long it is believed that a workspace is not connected: it may be any moment."""
ASK_SECONDS = 2.0
ASK_AGAIN_SECONDS = 5.0
MOST_KEPT = 10_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWith:
    """A token, and the connection that it is of; `account` is empty of the operator's own."""

    account: str
    token: str = field(repr=False)

    @property
    def variables(self) -> Mapping[str, str]:
        """As those read it who take it from there."""
        return {VARIABLE: self.token}


def slack_renewer(app: SlackApp) -> OAuthRenewer:
    """Slack renews where it gives: docs, "Token rotation"."""
    return OAuthRenewer(
        name="Slack",
        token_url=f"{app.api_url}/oauth.v2.access",
        client_id=app.client_id,
        client_secret=app.client_secret,
        revoke_url=f"{app.api_url}/auth.revoke",
    )


@dataclass(slots=True, kw_only=True)
class SlackWorkspaces:
    """Kept as long as a process lives. `access` is None where nothing can be connected."""

    variables: Mapping[str, str]
    access: AccessTokens | None
    postgres: Postgres | None
    ask: Ask
    _absent: dict[str, float] = field(default_factory=dict)
    _of_house: str | None = None
    _ask_again: float = 0.0

    def of_place(self, entity: EntityId) -> SpokenWith:
        """Raises NotConnected, ConnectionLost, Unavailable."""
        place = parse_entity(entity)
        return self.find(place.server or (place.channel if place.kind == OWNERS else ""))

    def find(self, team: str) -> SpokenWith:
        """`team` is empty where nobody knows it. Raises NotConnected, ConnectionLost, Unavailable.

        While the database is away, who was not connected is that still.
        """
        if team and self.access and time.monotonic() > self._absent.get(team, 0.0):
            try:
                found = self._connected(team, self.access)
            except NotConnected:
                raise
            except Unavailable:
                if team not in self._absent:
                    raise
                found = None
            if found:
                return found
            self._forget_oldest()
            self._absent[team] = time.monotonic() + ABSENT_SECONDS
        token = self.variables.get(VARIABLE) or ""
        if not token or not self._is_of(team, token):
            raise NotConnected("Slack")
        return SpokenWith(account="", token=token)

    def lent_in(self, entity: EntityId) -> SpokenWith | None:
        """What an admin of this workspace, or of its organisation, lent; None where nobody did.

        Raises Unavailable.
        """
        team, access = parse_entity(entity).server, self.access
        if not team or access is None:
            return None
        organisation = organisation_of(self.postgres, team) if self.postgres else ""
        for account in filter(None, (team, organisation)):
            with suppress(NotConnected):
                token = access.access(SERVICE, account, kind=ADMIN)
                return SpokenWith(account=account, token=token)
        return None

    def is_refused(self, answer: HttpAnswer) -> bool:
        return text_at(answer.json, "error") in TOKEN_IS_DEAD

    def refused(self, spoken: SpokenWith) -> None:
        """Slack did not take it. Raises NotConnected, ConnectionLost, Unavailable."""
        if self.access and spoken.account:
            self.access.refused(SERVICE, spoken.account, spoken.token)

    def refused_lent(self, lent: SpokenWith) -> None:
        """Of `lent_in`. Raises NotConnected, ConnectionLost, Unavailable."""
        if self.access:
            self.access.refused(SERVICE, lent.account, lent.token, kind=ADMIN)

    def _connected(self, team: str, access: AccessTokens) -> SpokenWith | None:
        """Raises ConnectionLost, Unavailable."""
        organisation = ""
        try:
            return SpokenWith(account=team, token=access.access(SERVICE, team))
        except ConnectionLost:
            raise
        except NotConnected:
            organisation = organisation_of(self.postgres, team) if self.postgres else ""
        if not organisation:
            return None
        try:
            return SpokenWith(account=organisation, token=access.access(SERVICE, organisation))
        except ConnectionLost:
            raise
        except NotConnected:
            return None

    def _is_of(self, team: str, token: str) -> bool:
        """Whether the operator's token is of this workspace.

        Raises Unavailable: there are others, and Slack does not say whose it is.
        """
        if not team or self.access is None:
            return True
        if self._of_house is None and not self._may_be_others(self.access):
            return True
        if self._of_house is None and time.monotonic() > self._ask_again:
            self._ask_again = time.monotonic() + ASK_AGAIN_SECONDS
            self._of_house = self._asked(token)
        if self._of_house is None:
            raise Unavailable("Slack", f"does not say whose token {VARIABLE} is")
        return self._of_house in ("", team)

    def _may_be_others(self, access: AccessTokens) -> bool:
        """Or were: of who took the bot out again something may still come."""
        try:
            return bool(access.connections.standings(SERVICE))
        except Unavailable:
            return False

    def _asked(self, token: str) -> str | None:
        """The workspace; nothing of a whole organisation, None where Slack does not say it."""
        api = (self.variables.get("SLACK_API_URL") or API_URL).rstrip("/")
        call = HttpCall(
            method="POST",
            url=f"{api}/auth.test",
            headers={"authorization": f"Bearer {token}"},
            json={},
            bucket="slack:auth.test",
        )
        told = self.ask(call, ASK_SECONDS).json
        if not is_true(told, "ok"):
            log.warning(
                "slack does not say whose token it is", extra={"why": text_at(told, "error")}
            )
            return None
        return "" if is_true(told, "is_enterprise_install") else text_at(told, "team_id")

    def _forget_oldest(self) -> None:
        if len(self._absent) >= MOST_KEPT:
            self._absent.pop(next(iter(self._absent)))
