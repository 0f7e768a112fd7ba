"""A token endpoint for tests: each refresh token is good once, and it is wrong on demand."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from tests.helpers.service_stand_in import Handler, Service, serving
from waddlebot.domain.connections import Connection, Tokens
from waddlebot.outside.renewing import AccessTokens
from waddlebot.outside.token_calls import TokenCalls
from waddlebot.platforms.renewing import OAuthRenewer
from waddlebot.stores.connections import Connections
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.renewals import Renewals
from waddlebot.stores.sealing import Seal

Does = Callable[[Handler], bool]
"""Before a refresh is answered; True where it was answered otherwise."""


@dataclass(slots=True)
class TokenService:
    """`good` is the refresh token that it takes now; `given` is every pair that it gave."""

    good: str
    given: list[Tokens] = field(default_factory=list)
    refreshes: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    before: Does = lambda _: False
    after: Does = lambda _: False
    seconds: float = 3600.0
    origin: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, handler: Handler, body: bytes) -> None:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if handler.path == "/revoke":
            self.revoked.append(form["token"])
            handler.says(b"{}")
            return
        self.refreshes.append(form["refresh_token"])
        if self.before(handler):
            return
        with self.lock:
            if form["refresh_token"] != self.good:
                handler.says(b'{"error": "invalid_grant"}', 400)
                return
            new = Tokens(
                access=f"canary.access+/{secrets.token_urlsafe(16)}",
                refresh=f"canary.refresh+/{secrets.token_urlsafe(16)}",
            )
            self.good = new.refresh
            self.given.append(new)
        if not self.after(handler):
            told = {
                "access_token": new.access,
                "refresh_token": new.refresh,
                "expires_in": self.seconds,
                "scope": ["chat:write"],
            }
            handler.says(json.dumps(told).encode())


@contextmanager
def token_service(tokens: Tokens) -> Iterator[TokenService]:
    service = TokenService(tokens.refresh)

    def does(handler: Handler, number: int) -> None:
        service.answer(handler, handler.service.seen[number - 1].body)

    with serving(does) as stood_in:
        assert isinstance(stood_in, Service)
        service.origin = stood_in.origin
        yield service


def access_tokens(
    postgres: Postgres, origin: str, *, master: str, told: list[Connection] | None = None
) -> AccessTokens:
    """As one process has it."""
    seal = Seal.under(master)
    renewer = OAuthRenewer(
        name="Slack",
        token_url=f"{origin}/token",
        revoke_url=f"{origin}/revoke",
        client_id="waddlebot",
        client_secret="secret",
    )
    heard = [] if told is None else told
    return AccessTokens(
        connections=Connections(postgres, seal),
        renewals=Renewals(postgres, seal),
        renewers={"slack": renewer},
        ask=TokenCalls().ask,
        tell=heard.append,
    )
