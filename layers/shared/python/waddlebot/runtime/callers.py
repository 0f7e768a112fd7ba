"""Who calls the API: key, scopes and the window of requests."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import redis

from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.domain.key_texts import is_no_key
from waddlebot.runtime.minute_counts import MinuteCounts
from waddlebot.runtime.strangers import Strangers, unknown_key
from waddlebot.stores import keys
from waddlebot.stores.api_keys import ApiKey, ApiKeys, hash_key
from waddlebot.stores.windows import charge
from waddlebot_sdk.own_words import say_command

KEPT_SECONDS = 60
WINDOW_SECONDS = 60
MOST_KEPT = 1_000


@dataclass(slots=True, kw_only=True)
class KnownCaller:
    """`uses` since the database was asked for it."""

    until: float
    key: ApiKey
    uses: int = 0


@dataclass(slots=True)
class Callers:
    """Kept as long as the process lives; a revoked key works for a minute at most."""

    api_keys: ApiKeys
    limits: redis.Redis
    clock: Callable[[], float] = time.monotonic
    _known: dict[bytes, KnownCaller] = field(default_factory=dict)
    _counts: MinuteCounts = field(init=False)
    _strangers: Strangers = field(init=False)

    def __post_init__(self) -> None:
        self._counts = MinuteCounts(self.clock)
        self._strangers = Strangers(self.limits, self.clock)

    def identify(self, headers: Mapping[str, str], source: str = "") -> ApiKey:
        """The key in `Authorization: Bearer …` or `X-API-Key`; header names are lower case.

        `source` is where the request came from: unknown keys are counted by it. None of them
        costs the writer anything.

        Raises:
            Rejected: 401, without a key, or with one that we do not know or that has ended;
                429, too many unknown keys came from there.
            Unavailable: the key is not in memory and the database does not answer.
        """
        text = _key_in(headers)
        if not text:
            raise Rejected(
                401, "MISSING_API_KEY", "Send your API key as 'Authorization: Bearer <key>'."
            )
        if is_no_key(text):
            raise unknown_key()
        key_hash = hash_key(text)
        known = self._known.get(key_hash)
        if known is None:
            known = self._meet(key_hash, source)
        elif self.clock() >= known.until:
            known = self._ask(key_hash, source, uses=known.uses)
        known.uses += 1
        if known.key.has_expired(datetime.now(UTC)):
            raise _ended(known.key)
        return known.key

    def charge(self, caller: ApiKey, counts: int = 1, *, paid: int = 0) -> dict[str, str]:
        """The headers that tell the caller what is left of its minute after so many events.

        Of them `paid` were charged before.

        Raises:
            Rejected: 429, with the seconds to wait; without where it is more than fits at all.
        """
        if counts > caller.per_minute:
            raise _more_than_fits(caller.per_minute)
        counts -= paid
        try:
            charged = charge(
                self.limits,
                keys.account_window(caller.account),
                caller.per_minute,
                WINDOW_SECONDS,
                secrets.token_hex(8),
                counts=counts,
            )
        except Unavailable:
            return self._charge_here(caller, counts)
        if not charged.allowed:
            raise _too_many(caller.per_minute, charged.wait_seconds)
        return _limit_headers(caller, charged.remaining)

    def charge_route(self, caller: ApiKey, route: str, per_minute: int) -> None:
        """Beside the account's own window; while the limits server is away there is only that.

        Raises:
            Rejected: 429.
        """
        window = keys.account_window(f"{caller.account}:{route}")
        try:
            charged = charge(self.limits, window, per_minute, WINDOW_SECONDS, secrets.token_hex(8))
        except Unavailable:
            return
        if not charged.allowed:
            raise _too_many(per_minute, charged.wait_seconds)

    def _meet(self, key_hash: bytes, source: str) -> KnownCaller:
        """One that this process has not seen: whose it is, if anybody's."""
        self._strangers.check(key_hash, source)
        if not self.api_keys.exists(key_hash):
            self._strangers.remember(key_hash, source)
            raise unknown_key()
        return self._ask(key_hash, source, uses=0)

    def _ask(self, key_hash: bytes, source: str, *, uses: int) -> KnownCaller:
        """The writer: it knows what was revoked a moment ago."""
        found = self.api_keys.find(key_hash, uses=uses)
        if found is None:
            self._known.pop(key_hash, None)
            self._strangers.remember(key_hash, source)
            raise unknown_key()
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        known = KnownCaller(until=self.clock() + KEPT_SECONDS, key=found)
        self._known[key_hash] = known
        return known

    def _charge_here(self, caller: ApiKey, counts: int) -> dict[str, str]:
        """While the limits server is away each process counts for itself."""
        count = self._counts.find(caller.account) + counts
        if count > caller.per_minute:
            raise _too_many(caller.per_minute, self._counts.seconds_left())
        self._counts.add(caller.account, counts)
        return _limit_headers(caller, caller.per_minute - count)


def _key_in(headers: Mapping[str, str]) -> str:
    kind, _, text = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and text.strip():
        return text.strip()
    return headers.get("x-api-key", "").strip()


def _ended(key: ApiKey) -> Rejected:
    how = "Ask whoever runs the platform for the next one."
    if key.person is not None:
        how = f"Make another where the bot is: {say_command('keys make')}"
    words = f"This API key ended on {key.expires_at:%Y-%m-%d}. {how}"
    return Rejected(401, "EXPIRED_API_KEY", words)


def _too_many(per_minute: int, wait_seconds: float) -> Rejected:
    wait = int(wait_seconds) + 1
    return Rejected(
        429,
        "RATE_LIMITED",
        f"More than {per_minute} requests a minute. Try again in {wait} s.",
        details={"limit": per_minute, "retry_after": wait},
        retry_after_seconds=wait,
    )


def _more_than_fits(per_minute: int) -> Rejected:
    return Rejected(
        429,
        "RATE_LIMITED",
        f"This key has {per_minute} events a minute: send so many at once, and no more.",
        details={"limit": per_minute},
    )


def _limit_headers(caller: ApiKey, remaining: int) -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(caller.per_minute),
        "x-ratelimit-remaining": str(max(remaining, 0)),
    }
