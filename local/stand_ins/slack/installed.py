"""What Slack gave an app that was installed: tokens, each good where it was given and no longer.

Docs: "oauth.v2.access", "Token rotation", "Enterprise organizations".
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from local.stand_ins.signing_in import DoesNotAnswer
from local.stand_ins.slack.content import SlackError

TOKEN_SECONDS = 43_200.0


@dataclass(slots=True, kw_only=True)
class Given:
    """One token. `home` is the workspace or the organisation that it was given in.

    `dead` is Slack's word for why it is taken no more.
    """

    home: str
    user: str
    scopes: tuple[str, ...]
    is_bot: bool = True
    until: float = float("inf")
    dead: str = ""


@dataclass(slots=True)
class Installed:
    """By workspace and organisation. The house's own token is of none of them."""

    _tokens: dict[str, Given] = field(default_factory=dict)
    _refreshes: dict[str, Given] = field(default_factory=dict)
    _teams: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _homes: set[str] = field(default_factory=set)
    rotates: bool = False
    """Whether tokens end and are renewed: Slack decides that by the app."""
    deaf: set[str] = field(default_factory=set)
    """Homes of which Slack hears nothing that is revoked."""
    strays: dict[str, int] = field(default_factory=dict)
    """How often somebody came to a place of this workspace with a token of another."""

    def give(self, given: Given) -> str:
        return self._keep(given, f"{_kind(given)}-{secrets.token_urlsafe(24)}")

    def give_renewable(self, given: Given) -> tuple[str, str]:
        """A token of twelve hours, and what renews it, which is good once."""
        given.until = time.monotonic() + TOKEN_SECONDS
        refresh = f"xoxe-1-{secrets.token_urlsafe(24)}"
        self._refreshes[refresh] = given
        return self._keep(given, f"xoxe.{_kind(given)}-1-{secrets.token_urlsafe(24)}"), refresh

    def renew(self, refresh: str) -> tuple[Given, str, str]:
        """Raises SlackError: it was used, or is none."""
        before = self._refreshes.pop(refresh, None)
        if before is None or before.dead:
            raise SlackError("invalid_refresh_token")
        given = Given(
            home=before.home, user=before.user, scopes=before.scopes, is_bot=before.is_bot
        )
        return given, *self.give_renewable(given)

    def find(self, token: str) -> Given:
        """Raises SlackError where it is taken no more."""
        given = self._tokens.get(token)
        if given is None:
            raise SlackError("invalid_auth")
        if given.dead:
            raise SlackError(given.dead)
        if time.monotonic() > given.until:
            raise SlackError("token_expired")
        return given

    def revoke(self, token: str) -> bool:
        """As `auth.revoke` does: it, and what renews it."""
        given = self._tokens.get(token)
        if given is None or given.dead:
            return False
        if given.home in self.deaf:
            raise DoesNotAnswer
        given.dead = "token_revoked"
        return True

    def living(self, home: str) -> int:
        return len(self._of(home))

    def open_to(self, enterprise: str, teams: Sequence[str]) -> None:
        """The organisation's owner lets the app into these workspaces of it."""
        self._teams[enterprise] = tuple(teams)

    def teams_of(self, home: str) -> tuple[str, ...]:
        return self._teams.get(home, ()) if home.startswith("E") else (home,)

    def enterprise_of(self, team: str) -> str:
        return next((home for home, teams in self._teams.items() if team in teams), "")

    def may_see(self, given: Given | None, team: str | None) -> bool:
        """`given` None is the house's token: good wherever nobody installed the app apart."""
        homes = {team, self.enterprise_of(team or "")}
        may = given.home in homes if given else not homes & self._homes
        if not may and team:
            self.strays[team] = self.strays.get(team, 0) + 1
        return may

    def expire(self, home: str) -> int:
        """Twelve hours pass for tokens that end. How many did."""
        ending = [one for one in self._of(home) if one.until < float("inf")]
        for given in ending:
            given.until = 0.0
        return len(ending)

    def withdraw(self, home: str) -> int:
        """They are taken no more, and nothing renews them; nobody is told. How many were."""
        return len(self.end(home, "token_revoked"))

    def end(self, home: str, why: str, users: Sequence[str] = ()) -> list[Given]:
        """All tokens of a home, or with `users` those of these people alone."""
        ended = [one for one in self._of(home) if not users or one.user in users]
        for given in ended:
            given.dead = why
        return ended

    def _of(self, home: str) -> list[Given]:
        return [one for one in self._tokens.values() if one.home == home and not one.dead]

    def _keep(self, given: Given, token: str) -> str:
        self._tokens[token] = given
        self._homes.add(given.home)
        return token


def _kind(given: Given) -> str:
    return "xoxb" if given.is_bot else "xoxp"
