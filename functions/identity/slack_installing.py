"""Slack's part of connecting, with its own package: the address, the code, who is in it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any

from functions.identity.connect_pages import Offer
from functions.identity.keeping import Granted
from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.platforms.fields import id_at, object_at, objects_at, text_at
from waddlebot.platforms.slack.connecting import SCOPES
from waddlebot.platforms.slack.installing import (
    InstalledApp,
    LentToken,
    SlackApp,
    read_installed,
)
from waddlebot.platforms.slack.people import read_person
from waddlebot.platforms.slack.scopes import BOT_SCOPES, LENT_SCOPES
from waddlebot_sdk.roles import Role

SOCKET_SECONDS = 3
"""Of each of three calls; the function has ten seconds."""
MOST_WORKSPACES = 1_000
_CODE_IS_BAD = frozenset(
    {"bad_redirect_uri", "code_already_used", "code_expired", "invalid_code", "invalid_grant_type"}
)

log = logging.getLogger(__name__)


def find_slack(variables: Mapping[str, str]) -> SlackInstalling | None:
    app = SlackApp.find(variables)
    return SlackInstalling(app) if app else None


@dataclass(frozen=True, slots=True)
class SlackInstalling:
    app: SlackApp

    @property
    def offer(self) -> Offer:
        return Offer(
            needed=BOT_SCOPES,
            optional=LENT_SCOPES,
            leads_to=self.app.install_url,
            words=(
                "Slack lets no bot delete what other people wrote. If you are an owner or admin "
                "there, WaddleBot may in your name, and does nothing else with it:"
            ),
        )

    def address(self, back: str, *, state: str, verifier: str, chosen: Collection[str]) -> str:
        """There is no verifier in it: the app's secret and the browser's state bind it."""
        from slack_sdk.oauth import AuthorizeUrlGenerator  # few visits come here

        del verifier
        generator = AuthorizeUrlGenerator(
            client_id=self.app.client_id,
            redirect_uri=back,
            scopes=SCOPES,
            user_scopes=list(chosen),
            authorization_url=self.app.install_url,
        )
        return generator.generate(state)

    def come_back(self, back: str, *, code: str, verifier: str) -> Granted:
        del verifier
        answer = self._call(
            "",
            "oauth_v2_access",
            client_id=self.app.client_id,
            client_secret=self.app.client_secret,
            code=code,
            redirect_uri=back,
        )
        try:
            installed = read_installed(answer, now=datetime.now(UTC))
        except ValueError as error:
            raise Unavailable("Slack") from error
        lent = self._lent(installed)
        return Granted(
            account=installed.account,
            name=installed.name,
            home="" if installed.is_organisation else f"slack:server:{installed.account}",
            scopes=installed.scopes,
            expires_at=installed.expires_at,
            tokens=installed.tokens,
            missing=tuple(installed.missing),
            next_step=f"{_about_lent(installed, lent)}{installed.next_step}",
            workspaces=self._workspaces(installed),
            by=installed.by,
            lent=lent,
        )

    def _workspaces(self, installed: InstalledApp) -> tuple[str, ...]:
        """Those of an organisation that its owners let the app into; events tell of later ones."""
        if not installed.is_organisation:
            return ()
        answer = self._call(installed.tokens.access, "auth_teams_list", limit=MOST_WORKSPACES)
        return tuple(filter(None, (id_at(team, "id") for team in objects_at(answer, "teams"))))

    def owns(self, token: str, user: str, home: str) -> bool:
        """Whether this person owns this workspace, whose bot has that token.

        Raises Unavailable; also where Slack knows nobody of that id there.
        """
        person = read_person(object_at(self._call(token, "users_info", user=user), "user"))
        return person.is_member and person.home == home and person.role.covers(Role.OWNER)

    def _lent(self, installed: InstalledApp) -> LentToken | None:
        """What lets the bot do more than its own; what does not is given back at once."""
        lent = installed.lent
        if lent is None or self._is_admin(installed):
            return lent
        with suppress(Unavailable, Rejected):  # it ends by itself, or with the app
            self._call(lent.tokens.access, "auth_revoke")
        return None

    def _is_admin(self, installed: InstalledApp) -> bool:
        """Where Slack does not say it they are none: what another lent here would be gone."""
        try:
            answer = self._call(installed.tokens.access, "users_info", user=installed.by)
        except Unavailable:
            return False
        return read_person(object_at(answer, "user")).role.covers(Role.ADMIN)

    def _call(self, token: str, method: str, **about: Any) -> Mapping[str, Any]:
        """Raises Rejected: 400, Slack does not take the code; Unavailable."""
        from slack_sdk import WebClient
        from slack_sdk.errors import SlackApiError, SlackClientError

        client = WebClient(
            token=token or None,
            base_url=f"{self.app.api_url}/",
            timeout=SOCKET_SECONDS,
            retry_handlers=[],
        )
        try:
            answer = getattr(client, method)(**about).data
        except SlackApiError as refusal:
            error = _error_of(refusal)
            log.warning("slack was not connected", extra={"error": error, "method": method})
            if error in _CODE_IS_BAD:
                words = "Slack did not accept that. Begin here again."
                raise Rejected(400, "NOT_CONNECTED", words) from refusal
            raise Unavailable("Slack") from refusal
        except (SlackClientError, OSError, ValueError, HTTPException) as failure:
            raise Unavailable("Slack") from failure
        return answer if isinstance(answer, Mapping) else {}


def _about_lent(installed: InstalledApp, lent: LentToken | None) -> str:
    if lent:
        return "What a rule blocks is deleted in your name. "
    if installed.lent:
        return (
            "Slack does not say that you are an admin there, so nothing is done in your name: what "
            "a rule blocks is left to the moderators. "
        )
    return ""


def _error_of(refusal: Any) -> str:
    data = getattr(refusal.response, "data", None)
    return text_at(data, "error") if isinstance(data, Mapping) else "no JSON"
