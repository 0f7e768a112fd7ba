"""Signing in with Twitch (platform facts, 3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.platforms.signing_in import SignedIn, SignIn

VARIABLES = ("TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET")


def sign_in(variables: Mapping[str, str]) -> SignIn | None:
    """With TWITCH_AUTH_URL and TWITCH_API_URL for a Twitch elsewhere."""
    client, secret = (variables.get(name) or "" for name in VARIABLES)
    if not client or not secret:
        return None
    auth = variables.get("TWITCH_AUTH_URL") or "https://id.twitch.tv/oauth2"
    api = variables.get("TWITCH_API_URL") or "https://api.twitch.tv/helix"
    return SignIn(
        platform="twitch",
        client_id=client,
        client_secret=secret,
        authorize_url=f"{auth}/authorize",
        token_url=f"{auth}/token",
        user_url=f"{api}/users",
        revoke_url=f"{auth}/revoke",
        # Helix tells a token's own account without any; the page wants to be asked for one.
        scope="openid",
        read_account=_read_account,
        user_headers={"Client-Id": client},
    )


def _read_account(told: Mapping[str, Any]) -> SignedIn:
    [user] = told["data"]
    return SignedIn(user_id=str(user["id"]), name=str(user.get("display_name") or user["login"]))
