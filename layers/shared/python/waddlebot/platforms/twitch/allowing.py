"""A streamer lets the bot into their channel: where they are sent, and what came of it.

Twitch knows no PKCE for an application that has a secret: what binds the code is that secret, and
the state that stays in the browser. Docs: "Getting OAuth Access Tokens", "Validating Tokens".
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from waddlebot.domain.connections import Tokens
from waddlebot.domain.errors import Unavailable
from waddlebot.platforms.delivering import HttpAnswer, HttpCall
from waddlebot.platforms.fields import id_at, text_at
from waddlebot.platforms.renewing import RenewedTokens, TokensRefused, read_renewed
from waddlebot.platforms.twitch.connecting import AUTH_URL, CHANNEL_SCOPES

NEEDED = "channel:bot"
"""Without it the bot neither hears a channel nor speaks there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedChannel:
    """`user_id` is whose token it is, and so the one channel that it is for."""

    user_id: str
    login: str
    scopes: frozenset[str]
    seconds: float | None
    tokens: Tokens = field(repr=False)

    @property
    def missing(self) -> list[str]:
        return [one for one in CHANNEL_SCOPES if one not in self.scopes]


Allowing = Generator[HttpCall, HttpAnswer, AllowedChannel]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwitchApp:
    """The operator's own, as the developer console names it."""

    client_id: str
    client_secret: str = field(repr=False)
    auth_url: str = AUTH_URL

    @classmethod
    def find(cls, variables: Mapping[str, str]) -> TwitchApp | None:
        """With TWITCH_AUTH_URL for a Twitch elsewhere; None without an app."""
        client, secret = variables.get("TWITCH_CLIENT_ID"), variables.get("TWITCH_CLIENT_SECRET")
        if not client or not secret:
            return None
        auth_url = (variables.get("TWITCH_AUTH_URL") or AUTH_URL).rstrip("/")
        return cls(client_id=client, client_secret=secret, auth_url=auth_url)

    def address(self, back: str, *, state: str, more: Collection[str]) -> str:
        """`more` are scopes beside those that every channel needs."""
        asked = {
            "client_id": self.client_id,
            "redirect_uri": back,
            "response_type": "code",
            "scope": " ".join([*CHANNEL_SCOPES, *more]),
            "state": state,
            # Whoever streams in two channels is asked which one it is.
            "force_verify": "true",
        }
        return f"{self.auth_url}/authorize?{urlencode(asked)}"

    def allow(self, back: str, code: str) -> Allowing:
        """Raises TokensRefused: Twitch does not take the code; Unavailable."""
        answer = yield HttpCall(
            method="POST",
            url=f"{self.auth_url}/token",
            headers={"accept": "application/json"},
            form={
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "code": code,
                "grant_type": "authorization_code",
                "redirect_uri": back,
            },
            bucket="token twitch",
        )
        if answer.status == 400:
            raise TokensRefused(f"Twitch does not take the code: {text_at(answer.json, 'message')}")
        given = read_renewed("Twitch", answer, Tokens(access=""))
        told = yield validating(self.auth_url, given.tokens.access)
        return self._read(given, told)

    def _read(self, given: RenewedTokens, told: HttpAnswer) -> AllowedChannel:
        user = id_at(told.json, "user_id") if isinstance(told.json, dict) else ""
        if told.status != 200 or not user or text_at(told.json, "client_id") != self.client_id:
            raise Unavailable("Twitch", f"does not say whose token it gave: {told.status}")
        scopes = told.json.get("scopes") or ()
        return AllowedChannel(
            user_id=user,
            login=text_at(told.json, "login") or user,
            scopes=frozenset(one for one in scopes if isinstance(one, str)),
            seconds=given.seconds,
            tokens=given.tokens,
        )


def validating(auth_url: str, token: str) -> HttpCall:
    """Twitch wants it asked once an hour of every token that is kept; 401: it is none any more."""
    return HttpCall(
        method="GET",
        url=f"{auth_url}/validate",
        headers={"authorization": f"OAuth {token}"},
        bucket="token twitch",
    )
