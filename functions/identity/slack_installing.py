"""Slack's part of connecting, with its own package: the address, the code, who is in it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.platforms.fields import id_at, objects_at, text_at
from waddlebot.platforms.slack.connecting import SCOPES
from waddlebot.platforms.slack.installing import InstalledApp, SlackApp, read_installed

if TYPE_CHECKING:
    from functions.identity.connecting import Granted

SOCKET_SECONDS = 4
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
    offer = None

    def address(self, back: str, *, state: str, verifier: str, chosen: Collection[str]) -> str:
        """There is no verifier in it: the app's secret and the browser's state bind it."""
        from slack_sdk.oauth import AuthorizeUrlGenerator  # few visits come here

        del verifier, chosen
        generator = AuthorizeUrlGenerator(
            client_id=self.app.client_id,
            redirect_uri=back,
            scopes=SCOPES,
            authorization_url=self.app.install_url,
        )
        return generator.generate(state)

    def come_back(self, back: str, *, code: str, verifier: str) -> Granted:
        from functions.identity.connecting import Granted

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
        return Granted(
            account=installed.account,
            name=installed.name,
            home="" if installed.is_organisation else f"slack:server:{installed.account}",
            scopes=installed.scopes,
            expires_at=installed.expires_at,
            tokens=installed.tokens,
            missing=tuple(installed.missing),
            next_step=installed.next_step,
            workspaces=self._workspaces(installed),
            by=installed.by,
        )

    def _workspaces(self, installed: InstalledApp) -> tuple[str, ...]:
        """Those of an organisation that its owners let the app into; events tell of later ones."""
        if not installed.is_organisation:
            return ()
        answer = self._call(installed.tokens.access, "auth_teams_list", limit=MOST_WORKSPACES)
        return tuple(filter(None, (id_at(team, "id") for team in objects_at(answer, "teams"))))

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


def _error_of(refusal: Any) -> str:
    data = getattr(refusal.response, "data", None)
    return text_at(data, "error") if isinstance(data, Mapping) else "no JSON"
