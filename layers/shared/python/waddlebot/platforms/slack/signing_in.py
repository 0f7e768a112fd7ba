"""Signing in with Slack: OpenID Connect, as "Sign in with Slack" documents it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.platforms.fields import id_at
from waddlebot.platforms.signing_in import SignedIn, SignIn

VARIABLES = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")


def sign_in(variables: Mapping[str, str]) -> SignIn | None:
    """With SLACK_AUTH_URL and SLACK_API_URL for a Slack elsewhere."""
    client, secret = (variables.get(name) or "" for name in VARIABLES)
    if not client or not secret:
        return None
    api = variables.get("SLACK_API_URL") or "https://slack.com/api"
    return SignIn(
        platform="slack",
        client_id=client,
        client_secret=secret,
        authorize_url=variables.get("SLACK_AUTH_URL")
        or "https://slack.com/openid/connect/authorize",
        token_url=f"{api}/openid.connect.token",
        user_url=f"{api}/openid.connect.userInfo",
        revoke_url=f"{api}/auth.revoke",
        scope="openid profile",
        read_account=_read_account,
        user_headers={},
    )


def _read_account(told: Mapping[str, Any]) -> SignedIn:
    user = told.get("https://slack.com/user_id") or told["sub"]
    team = id_at(told, "https://slack.com/team_id")
    home = f"slack:server:{team}" if team else ""
    return SignedIn(user_id=str(user), name=str(told.get("name") or user), home=home)
