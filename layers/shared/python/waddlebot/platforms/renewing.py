"""Renewing tokens without I/O: a service's renewer yields calls and is sent their answers.

Services differ in how they word a refusal; `OAuthRenewer` is what the standard says (RFC 6749, 6;
RFC 7009), and what a service does otherwise stands in its own `renewing.py`.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from waddlebot.domain.connections import Tokens
from waddlebot.domain.errors import Unavailable
from waddlebot.platforms.delivering import HttpAnswer, HttpCall

SPENT = frozenset({"invalid_grant", "invalid_refresh_token", "token_revoked", "token_expired"})
"""What services call a refresh token that is no good, now and for ever."""
SPENT_WORDS = "invalid refresh token"
"""How Twitch says it."""


class TokensRefused(Exception):
    """The service takes them no more, and never will. `why` is a sentence for the owner."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewedTokens:
    """`scopes` None: as before. `seconds` until the access ends, None where it does not."""

    tokens: Tokens
    scopes: frozenset[str] | None = None
    seconds: float | None = None


Renewing = Generator[HttpCall, HttpAnswer, RenewedTokens]
"""Raises TokensRefused, or Unavailable where it may go well another time."""
Revoking = Generator[HttpCall, HttpAnswer, None]


class Renewer(Protocol):
    """`name` is the service's, for people."""

    @property
    def name(self) -> str: ...

    def renew(self, tokens: Tokens) -> Renewing: ...

    def revoke(self, tokens: Tokens) -> Revoking: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthRenewer:
    """Without `revoke_url` nothing is revoked."""

    name: str
    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    revoke_url: str = ""

    def renew(self, tokens: Tokens) -> Renewing:
        """Raises TokensRefused, Unavailable."""
        if not tokens.refresh:
            raise TokensRefused(f"{self.name} takes its token no more, and gave none to renew it.")
        asked = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
        answer = yield self._call(self.token_url, asked)
        return read_renewed(self.name, answer, tokens)

    def revoke(self, tokens: Tokens) -> Revoking:
        if self.revoke_url:
            for token in filter(None, (tokens.refresh, tokens.access)):
                yield self._call(self.revoke_url, {"token": token})

    def _call(self, url: str, form: Mapping[str, str]) -> HttpCall:
        secrets = {"client_id": self.client_id, "client_secret": self.client_secret}
        return HttpCall(
            method="POST",
            url=url,
            headers={"accept": "application/json"},
            form={**form, **secrets},
            bucket=f"token {self.name}",
        )


def read_renewed(name: str, answer: HttpAnswer, before: Tokens) -> RenewedTokens:
    """Raises TokensRefused, Unavailable. A service that gives no new refresh token means the old.

    RFC 6749, 5: https://www.rfc-editor.org/rfc/rfc6749#section-5
    """
    told = answer.json if isinstance(answer.json, dict) else {}
    access, refresh = _text(told.get("access_token")), _text(told.get("refresh_token"))
    if answer.status == 200 and access:
        return RenewedTokens(
            tokens=Tokens(access=access, refresh=refresh or before.refresh),
            scopes=_scopes(told.get("scope")),
            seconds=_seconds(told.get("expires_in")),
        )
    if _says_spent(answer, told):
        raise TokensRefused(f"{name} takes its tokens no more.")
    if not answer.status:
        raise Unavailable(name)
    raise Unavailable(name, f"renews no tokens: {answer.status} {_error(told)}".rstrip())


def _says_spent(answer: HttpAnswer, told: Mapping[str, Any]) -> bool:
    if answer.status >= 500 or answer.status in (0, 429):
        return False
    message = _text(told.get("message")).casefold()
    is_said = message == SPENT_WORDS or message.replace(" ", "_") in SPENT
    return is_said or _error(told) in SPENT


def _error(told: Mapping[str, Any]) -> str:
    """A service's own word, as long as it can be one and no token."""
    error = told.get("error")
    is_word = isinstance(error, str) and len(error) <= 40 and error.replace("_", "").isalpha()
    return str(error) if is_word else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _scopes(value: object) -> frozenset[str] | None:
    """A list, or one text with blanks or commas between."""
    if isinstance(value, str):
        return frozenset(value.replace(",", " ").split())
    if isinstance(value, list):
        return frozenset(one for one in value if isinstance(one, str))
    return None


def _seconds(value: object) -> float | None:
    """A whole number above nothing; what is none of that was not said."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value < 10**9 else None  # type: ignore[operator,arg-type]
