"""What Slack answers where somebody lets the app into a workspace, and where a token is renewed.

Docs: "oauth.v2.access", "Token rotation", "Enterprise organizations".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from waddlebot.domain.connections import Tokens
from waddlebot.platforms.fields import id_at, number_at, object_at, raw_text_at, text_at
from waddlebot.platforms.slack import ORGANISATION
from waddlebot.platforms.slack.connecting import SCOPES
from waddlebot.platforms.slack.scopes import DELETES
from waddlebot.platforms.slack.slash_commands import OURS

SERVICE = "slack"
VARIABLES = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
INSTALL_URL = "https://slack.com/oauth/v2/authorize"
API_URL = "https://slack.com/api"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackApp:
    """The operator's own, as Slack's page of the app names it."""

    client_id: str
    client_secret: str = field(repr=False)
    install_url: str
    api_url: str

    @classmethod
    def find(cls, variables: Mapping[str, str]) -> SlackApp | None:
        """With SLACK_INSTALL_URL and SLACK_API_URL for a Slack elsewhere; None without an app."""
        client, secret = (variables.get(name) or "" for name in VARIABLES)
        if not client or not secret:
            return None
        return cls(
            client_id=client,
            client_secret=secret,
            install_url=variables.get("SLACK_INSTALL_URL") or INSTALL_URL,
            api_url=(variables.get("SLACK_API_URL") or API_URL).rstrip("/"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LentToken:
    """What whoever let the app in allowed in their own name."""

    scopes: frozenset[str]
    expires_at: datetime | None
    tokens: Tokens = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledApp:
    """`account` is a workspace, or an organisation behind ORGANISATION; `name` is for people.

    `by` is whoever let the app in, by their id; `lent` is None where that is all they did.
    """

    account: str
    name: str
    scopes: frozenset[str]
    expires_at: datetime | None
    tokens: Tokens = field(repr=False)
    by: str = ""
    lent: LentToken | None = None

    @property
    def is_organisation(self) -> bool:
        return self.account.startswith(ORGANISATION)

    @property
    def missing(self) -> list[str]:
        return [one for one in SCOPES if one not in self.scopes]

    @property
    def next_step(self) -> str:
        where = "In each of its workspaces" if self.is_organisation else "There"
        return f"{where} type /invite @WaddleBot in a channel, and then {OURS} help."


def read_installed(answer: Mapping[str, Any], *, now: datetime) -> InstalledApp:
    """`answer` is the body of `oauth.v2.access`. Raises ValueError where it is another."""
    whole = answer.get("is_enterprise_install") is True
    home = object_at(answer, "enterprise" if whole else "team")
    account, token = id_at(home, "id"), raw_text_at(answer, "access_token")
    if not account or not token:
        raise ValueError("an answer without a workspace or a token")
    return InstalledApp(
        account=f"{ORGANISATION}{account}" if whole else account,
        name=text_at(home, "name") or account,
        scopes=read_scopes(answer),
        expires_at=read_end(answer, now=now),
        tokens=Tokens(access=token, refresh=raw_text_at(answer, "refresh_token")),
        by=id_at(answer, "authed_user", "id"),
        lent=_read_lent(object_at(answer, "authed_user"), now=now),
    )


def _read_lent(person: Mapping[str, Any], *, now: datetime) -> LentToken | None:
    token, scopes = raw_text_at(person, "access_token"), read_scopes(person)
    if not token or not id_at(person, "id") or DELETES not in scopes:
        return None
    refresh = raw_text_at(person, "refresh_token")
    return LentToken(
        scopes=scopes,
        expires_at=read_end(person, now=now),
        tokens=Tokens(access=token, refresh=refresh),
    )


def read_scopes(answer: Mapping[str, Any]) -> frozenset[str]:
    """What `answer`, the body of `oauth.v2.access`, has in `scope`."""
    return frozenset(one.strip() for one in text_at(answer, "scope").split(",") if one.strip())


def read_end(answer: Mapping[str, Any], *, now: datetime) -> datetime | None:
    """By `expires_in` of `answer`, in seconds; None for a token that does not end by itself."""
    seconds = number_at(answer, "expires_in")
    return now + timedelta(seconds=float(seconds)) if seconds else None
