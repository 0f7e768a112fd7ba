"""What streamers let the application do, and the tokens that Twitch gave for it.

A channel whose streamer never went through Twitch's page here is one of the operator's: all that
the bot needs was allowed there long ago. Docs: "Authentication", "Getting OAuth Access Tokens".
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass, field

TOKEN_SECONDS = 14_400.0


@dataclass(slots=True, kw_only=True)
class GivenToken:
    """One access token; `refresh` is what renews it as long as `is_dead` is not set."""

    user: str
    login: str
    scopes: tuple[str, ...]
    refresh: str
    until: float
    is_dead: bool = False

    @property
    def is_good(self) -> bool:
        return not self.is_dead and time.monotonic() < self.until

    @property
    def seconds(self) -> int:
        return max(0, int(self.until - time.monotonic()))


@dataclass(slots=True)
class StandInGrants:
    _tokens: dict[str, GivenToken] = field(default_factory=dict)
    _spent: set[str] = field(default_factory=set)
    _scopes: dict[str, frozenset[str]] = field(default_factory=dict)

    def give(self, user: str, login: str, scopes: Collection[str]) -> tuple[str, GivenToken]:
        """To the application, who keeps what it was allowed before."""
        self._scopes[user] = self._scopes.get(user, frozenset()).union(scopes)
        return self._keep(user, login, tuple(scopes), secrets.token_urlsafe(32))

    def renew(self, refresh: str) -> tuple[str, GivenToken] | None:
        """None where it was taken back. It stays the same, as Twitch's mostly does."""
        given = next((one for one in self._tokens.values() if one.refresh == refresh), None)
        if given is None or refresh in self._spent:
            return None
        return self._keep(given.user, given.login, given.scopes, refresh)

    def find(self, token: str) -> GivenToken | None:
        given = self._tokens.get(token)
        return given if given and given.is_good else None

    def revoke(self, token: str) -> bool:
        """It and what renews it; what was allowed stays allowed."""
        given = self.find(token)
        if given is None:
            return False
        self._end([given])
        return True

    def is_met(self, channel: str) -> bool:
        return channel in self._scopes

    def may(self, channel: str, scopes: Collection[str]) -> bool:
        """Whether the streamer allowed all of these."""
        return not self.is_met(channel) or self._scopes[channel].issuperset(scopes)

    def scopes_of(self, channel: str) -> list[str]:
        return sorted(self._scopes.get(channel, ()))

    def living(self, user: str) -> int:
        return sum(one.is_good for one in self._of(user))

    def expire(self, user: str, *, for_good: bool) -> int:
        """Four hours pass. How many tokens ended; `for_good`: nothing renews them."""
        ending = [one for one in self._of(user) if one.is_good]
        for given in ending:
            given.until = 0.0
        if for_good:
            self._spent.update(one.refresh for one in self._of(user))
        return len(ending)

    def rename(self, user: str, login: str) -> None:
        for given in self._of(user):
            given.login = login

    def take_back(self, user: str) -> None:
        """The streamer disconnects the application at Twitch."""
        self._end(self._of(user))
        if self.is_met(user):
            self._scopes[user] = frozenset()

    def _end(self, given: Collection[GivenToken]) -> None:
        for one in given:
            one.is_dead = True
            self._spent.add(one.refresh)

    def _of(self, user: str) -> list[GivenToken]:
        return [one for one in self._tokens.values() if one.user == user]

    def _keep(
        self, user: str, login: str, scopes: tuple[str, ...], refresh: str
    ) -> tuple[str, GivenToken]:
        token = secrets.token_urlsafe(24)
        given = GivenToken(
            user=user,
            login=login,
            scopes=scopes,
            refresh=refresh,
            until=time.monotonic() + TOKEN_SECONDS,
        )
        self._tokens[token] = given
        return token, given
