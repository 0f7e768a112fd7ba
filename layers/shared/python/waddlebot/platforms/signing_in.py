"""How people sign in with their account of a platform: OAuth 2 with PKCE, and nothing kept of it.

Only who somebody is is asked for; no e-mail address is, and no token is kept (decision 0014).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from waddlebot.platforms import find_abilities, platform_names


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who signed in: the platform's own id, and the name that it shows.

    `home` is the server in which they did, empty where the platform names none.
    """

    user_id: str
    name: str
    home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A platform's addresses and scopes, with the application's id and secret.

    `read_account` takes what `user_url` answers; KeyError and TypeError mean that it is not that.
    `user_headers` go along beside the token.
    """

    platform: str
    client_id: str
    client_secret: str
    authorize_url: str
    token_url: str
    user_url: str
    revoke_url: str
    scope: str
    read_account: Callable[[Mapping[str, Any]], SignedIn]
    user_headers: Mapping[str, str]

    @property
    def name(self) -> str:
        return find_abilities(self.platform).name


def find_sign_in(platform: str, variables: Mapping[str, str]) -> SignIn | None:
    """None for a platform that is not there, or whose application is not named in `variables`."""
    if platform not in platform_names():
        return None
    file = importlib.import_module(f"waddlebot.platforms.{platform}.signing_in")
    found: SignIn | None = file.sign_in(variables)
    return found


def sign_in_variables() -> frozenset[str]:
    """What has to be in the environment of whoever signs people in."""
    files = (
        importlib.import_module(f"waddlebot.platforms.{platform}.signing_in")
        for platform in platform_names()
    )
    return frozenset(name for file in files for name in file.VARIABLES)
