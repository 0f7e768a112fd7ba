"""Signing in with Discord (platform facts, 1.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.platforms.signing_in import SignedIn, SignIn

VARIABLES = ("DISCORD_APPLICATION_ID", "DISCORD_CLIENT_SECRET")


def sign_in(variables: Mapping[str, str]) -> SignIn | None:
    """With DISCORD_AUTH_URL and DISCORD_API_URL for a Discord elsewhere."""
    client, secret = (variables.get(name) or "" for name in VARIABLES)
    if not client or not secret:
        return None
    api = variables.get("DISCORD_API_URL") or "https://discord.com/api/v10"
    return SignIn(
        platform="discord",
        client_id=client,
        client_secret=secret,
        authorize_url=variables.get("DISCORD_AUTH_URL") or "https://discord.com/oauth2/authorize",
        token_url=f"{api}/oauth2/token",
        user_url=f"{api}/users/@me",
        revoke_url=f"{api}/oauth2/token/revoke",
        scope="identify",
        read_account=_read_account,
        user_headers={},
    )


def _read_account(told: Mapping[str, Any]) -> SignedIn:
    return SignedIn(user_id=str(told["id"]), name=str(told.get("global_name") or told["username"]))
