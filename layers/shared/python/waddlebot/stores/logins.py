"""Who is signed in, on the cache server: an hour from when it was used last; and sign-ins begun.

Keys are hashes of what the browser holds: whoever reads the server cannot sign in with it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

import msgspec
import redis

from waddlebot.domain.accounts import Account
from waddlebot.stores import keys
from waddlebot.stores.valkey import CACHE, answering

LIFE_SECONDS = 3_600
BEGUN_SECONDS = 600
_BYTES = 32
_MOST_CHARACTERS = 64
_USED = b"used"


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """`csrf` stands in every form of this login.

    `home` is the server in which they signed in, empty where the platform names none.
    """

    platform: str
    user_id: str
    name: str
    csrf: str
    home: str = ""


class BegunSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """`browser` is the hash of what the browser was given; `login` of the one that links."""

    platform: str
    verifier: str
    browser: str
    login: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSecrets:
    """`state` goes to the platform and comes back; `browser` stays where it was begun."""

    state: str
    browser: str


class NotBegun(StrEnum):
    """Why nothing comes of a state."""

    ELSEWHERE = auto()
    """It was begun in another browser, or too long ago, or never."""
    USED = auto()
    """Somebody came back with it already: a page was loaded again, or clicked twice."""


@dataclass(frozen=True, slots=True)
class Logins:
    """Every method raises Unavailable."""

    cache: redis.Redis

    def begin(
        self, platform: str, verifier: str, *, login: str, browser: str = ""
    ) -> SignInSecrets:
        """Good for ten minutes, once. `browser` is what it was given before, empty if nothing: what
        was begun in its other windows goes on."""
        state = secrets.token_urlsafe(_BYTES)
        if not 0 < len(browser) <= _MOST_CHARACTERS:
            browser = secrets.token_urlsafe(_BYTES)
        begun = BegunSignIn(
            platform=platform, verifier=verifier, browser=hashed(browser), login=login
        )
        with answering(CACHE):
            self.cache.set(keys.sign_in(hashed(state)), msgspec.json.encode(begun), BEGUN_SECONDS)
        return SignInSecrets(state=state, browser=browser)

    def end(self, state: str, browser: str, *, platform: str) -> BegunSignIn | NotBegun:
        """What was begun there in this browser, which is over now."""
        name = keys.sign_in(hashed(state))
        with answering(CACHE):
            found: Any = self.cache.set(name, _USED, xx=True, get=True, keepttl=True)
        if not isinstance(found, bytes):
            return NotBegun.ELSEWHERE
        if found == _USED:
            return NotBegun.USED
        begun = msgspec.json.decode(found, type=BegunSignIn)
        is_here = secrets.compare_digest(begun.browser, hashed(browser))
        return begun if is_here and begun.platform == platform else NotBegun.ELSEWHERE

    def enter(self, account: Account, name: str, *, home: str = "") -> str:
        """The secret of a new login."""
        secret = secrets.token_urlsafe(_BYTES)
        login = Login(
            platform=account.platform,
            user_id=account.user_id,
            name=name,
            csrf=secrets.token_urlsafe(_BYTES),
            home=home,
        )
        every = keys.logins_of(account.key)
        pipeline = self.cache.pipeline(transaction=False)
        pipeline.set(keys.login(hashed(secret)), msgspec.json.encode(login), LIFE_SECONDS)
        pipeline.sadd(every, hashed(secret))
        pipeline.expire(every, 24 * LIFE_SECONDS)
        with answering(CACHE):
            pipeline.execute()
        return secret

    def find(self, secret: str) -> Login | None:
        """Used now: it lives an hour from here."""
        return self.find_hashed(hashed(secret))

    def find_hashed(self, name: str) -> Login | None:
        with answering(CACHE):
            found: Any = self.cache.getex(keys.login(name), ex=LIFE_SECONDS)
        return msgspec.json.decode(found, type=Login) if isinstance(found, bytes) else None

    def leave(self, secret: str) -> None:
        with answering(CACHE):
            self.cache.delete(keys.login(hashed(secret)))

    def forget(self, account: Account) -> None:
        """Ends every login of this account."""
        every = keys.logins_of(account.key)
        with answering(CACHE):
            found: Any = self.cache.smembers(every)
            self.cache.delete(every, *(keys.login(name.decode()) for name in found))


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
