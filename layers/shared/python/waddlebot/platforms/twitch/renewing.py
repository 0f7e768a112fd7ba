"""New tokens of Twitch's: the application's own by its secret, people's by their refresh tokens.

Docs: "Getting OAuth Access Tokens", "Refreshing Access Tokens".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from waddlebot.domain.connections import Tokens
from waddlebot.platforms.delivering import HttpCall
from waddlebot.platforms.fields import text_at
from waddlebot.platforms.renewing import Renewing, Revoking, TokensRefused, read_renewed
from waddlebot.platforms.twitch.connecting import AUTH_URL

SERVICE = "twitch"


@dataclass(frozen=True, slots=True, kw_only=True)
class TwitchRenewer:
    """`first_refresh` is what somebody is renewed with who has nothing yet; without one it is the
    application itself that gets a token, unless it `is_person` for whom tokens are."""

    client_id: str
    client_secret: str = field(repr=False)
    first_refresh: str = field(default="", repr=False)
    auth_url: str = AUTH_URL
    name: str = "Twitch"
    is_person: bool = False

    @classmethod
    def find(
        cls, variables: Mapping[str, str], *, first_refresh: str = "", is_person: bool = False
    ) -> TwitchRenewer | None:
        """From TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET, TWITCH_AUTH_URL. None without a secret."""
        client, secret = variables.get("TWITCH_CLIENT_ID"), variables.get("TWITCH_CLIENT_SECRET")
        if not client or not secret:
            return None
        return cls(
            client_id=client,
            client_secret=secret,
            first_refresh=first_refresh,
            is_person=is_person,
            auth_url=(variables.get("TWITCH_AUTH_URL") or AUTH_URL).rstrip("/"),
        )

    def renew(self, tokens: Tokens) -> Renewing:
        """Raises TokensRefused, Unavailable."""
        refresh = tokens.refresh or self.first_refresh
        if self.is_person and not refresh:
            raise TokensRefused("Twitch takes its token no more, and gave none to renew it.")
        asked = (
            {"grant_type": "refresh_token", "refresh_token": refresh}
            if refresh
            else {"grant_type": "client_credentials"}
        )
        answer = yield self._call("token", {**asked, "client_secret": self.client_secret})
        return read_renewed(self.name, answer, Tokens(access="", refresh=refresh))

    def revoke(self, tokens: Tokens) -> Revoking:
        """Its refresh token ends with the access token."""
        if tokens.access:
            yield self._call("revoke", {"token": tokens.access})

    def _call(self, path: str, form: Mapping[str, str]) -> HttpCall:
        return HttpCall(
            method="POST",
            url=f"{self.auth_url}/{path}",
            headers={"accept": "application/json"},
            form={"client_id": self.client_id, **form},
            bucket="token twitch",
        )


def is_ended(status: int, body: object) -> bool:
    """Whether `body`, Helix's as JSON, says so.

    Twitch says 401 to a token that lacks a right as well: another one would lack it too.
    """
    return status == 401 and text_at(body, "message").casefold() == "invalid oauth token"
