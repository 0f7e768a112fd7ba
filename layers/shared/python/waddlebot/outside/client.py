"""The one HTTP client of functions: a deadline, a breaker, repeats of what is harmless."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

from waddlebot.domain.errors import Unavailable
from waddlebot.outside.addresses import resolve
from waddlebot.outside.breaker import Breaker
from waddlebot.outside.connecting import Transport, ending
from waddlebot.outside.errors import (
    BrokeOff,
    Declined,
    NotPublic,
    NotReached,
    OutsideFailed,
    Resting,
    TooMuch,
    TooSlow,
)
from waddlebot.outside.kept_answers import KeptAnswer, KeptAnswers, name_of
from waddlebot.outside.named_answerers import read_stand_ins
from waddlebot.stores.valkey import Client

MOST_ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.25
MOST_BYTES = 1024 * 1024
MOST_RETRY_SECONDS = 24 * 3600.0
"""Whoever asks for longer says the same."""
USER_AGENT = "WaddleBot (+https://github.com/waddlebot)"

log = logging.getLogger(__name__)
_jitter = secrets.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAnswer:
    """`headers` by lower-case name; `age_seconds` is 0 where it has just come."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    attempts: int = 1
    age_seconds: float = 0.0


def is_failure(answer: ServiceAnswer) -> bool:
    """What a service says of itself; other refusals are about what it was asked."""
    return answer.status == 429 or answer.status >= 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCall:
    """One thing that is asked of a service.

    `service` names its breaker, and `what` the service for people. `harmless`: it may be done
    twice, because it only reads or because the service knows it again by a key. `fails` says which
    answers are none. An answer younger than `fresh_seconds` is good enough, and where the service
    fails one younger than `stale_seconds`.
    """

    service: str
    what: str
    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    harmless: bool = False
    most_bytes: int = MOST_BYTES
    fails: Callable[[ServiceAnswer], bool] = is_failure
    fresh_seconds: float = 0.0
    stale_seconds: float = 0.0

    @property
    def kept_seconds(self) -> float:
        return max(self.fresh_seconds, self.stale_seconds)


@dataclass(frozen=True, slots=True)
class OutsideClient:
    """Kept as long as a process lives; safe to share between threads."""

    transport: Transport
    breaker: Breaker
    kept: KeptAnswers

    def ask(self, asked: ServiceCall, *, deadline: datetime) -> ServiceAnswer:
        """After `deadline` nobody waits, whatever is still on its way.

        Raises:
            NotReached, NotPublic, Resting, TooSlow, BrokeOff, Declined: see errors.py.
        """
        if not asked.kept_seconds:
            return self._ask(asked, deadline)
        name = name_of(asked.method, asked.url, asked.headers)
        kept = self.kept.find(asked.service, name)
        if kept and kept.age_seconds <= asked.fresh_seconds:
            return _as_answer(kept)
        try:
            answer = self._ask(asked, deadline)
        except Unavailable:
            if kept and kept.age_seconds <= asked.stale_seconds:
                return _as_answer(kept)
            raise
        if answer.status < 300:
            told = KeptAnswer(
                status=answer.status, headers=dict(answer.headers), body=answer.body, at=time.time()
            )
            self.kept.keep(asked.service, name, told, asked.kept_seconds)
        return answer

    def close(self) -> None:
        self.transport.close()

    def _ask(self, asked: ServiceCall, deadline: datetime) -> ServiceAnswer:
        attempts, failed = 0, None
        while not (wait := self.breaker.wait_seconds(asked.service)):
            attempts += 1
            came = self._try(asked, deadline)
            if isinstance(came, ServiceAnswer):
                self.breaker.went_well(asked.service)
                return replace(came, attempts=attempts)
            failed = came
            wanted = (failed.retry_after_seconds if isinstance(failed, Declined) else None) or 0.0
            failed.told = self.breaker.failed(asked.service, hold_seconds=wanted)
            pause = wanted + _jitter.uniform(0.5, 1) * FIRST_PAUSE_SECONDS * 2 ** (attempts - 1)
            may = attempts < MOST_ATTEMPTS and _may_repeat(asked, failed)
            if not may or failed.told or pause >= _left(deadline):
                break
            time.sleep(pause)
        failed = failed or Resting(asked.what, wait)
        failed.attempts = attempts
        raise failed

    def _try(self, asked: ServiceCall, deadline: datetime) -> ServiceAnswer | OutsideFailed:
        """One request."""
        left = _left(deadline)
        if left <= 0:
            return TooSlow(asked.what)
        try:
            with ending(left):
                return self._judged(asked)
        except NotPublic:
            return NotPublic(asked.what)
        except (NotReached, httpx2.ConnectError, httpx2.ConnectTimeout):
            return NotReached(asked.what)
        except httpx2.TimeoutException:
            return TooSlow(asked.what)
        except httpx2.TransportError:
            return BrokeOff(asked.what)
        except TooMuch as error:
            return error
        except Exception:
            # Whatever a stranger's answer makes of our reading, its breaker must hear of it.
            log.exception("an answer could not be read", extra={"service": asked.service})
            return BrokeOff(asked.what)

    def _judged(self, asked: ServiceCall) -> ServiceAnswer | Declined:
        answer = self._exchange(asked)
        if asked.fails(answer):
            return Declined(asked.what, answer.status, _retry_after(answer))
        return answer

    def _exchange(self, asked: ServiceCall) -> ServiceAnswer:
        headers = {
            "user-agent": USER_AGENT,
            # What is packed may be a thousand times as large when it is unpacked.
            "accept-encoding": "identity",
            **asked.headers,
        }
        request = httpx2.Request(asked.method, asked.url, headers=headers, content=asked.body)
        answer = self.transport.handle_request(request)
        try:
            return ServiceAnswer(
                status=answer.status_code,
                headers={name.lower(): value for name, value in answer.headers.items()},
                body=_read(answer, asked),
            )
        finally:
            answer.close()


def build_outside(cache: Client | None, *, stand_ins: str = "") -> OutsideClient:
    """`stand_ins` as they stand in the environment; connects to nothing yet."""
    return OutsideClient(
        transport=Transport(resolver=resolve, stand_ins=read_stand_ins(stand_ins)),
        breaker=Breaker(cache),
        kept=KeptAnswers(cache),
    )


def _read(answer: httpx2.Response, asked: ServiceCall) -> bytes:
    body = bytearray()
    for part in answer.iter_raw():
        body += part
        if len(body) > asked.most_bytes:
            raise TooMuch(asked.what, asked.most_bytes)
    return bytes(body)


def _may_repeat(asked: ServiceCall, failed: OutsideFailed) -> bool:
    """What surely did not happen, or may happen twice; never what would fail the same way."""
    if isinstance(failed, NotPublic | TooMuch):
        return False
    if isinstance(failed, Declined):
        said_later = failed.status == 429 or (failed.status == 503 and failed.retry_after_seconds)
        return bool(said_later) or (asked.harmless and failed.status >= 500)
    return isinstance(failed, NotReached) or asked.harmless


def _retry_after(answer: ServiceAnswer) -> float | None:
    """Seconds; the header holds them, or a date. What is none of both was not said."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MOST_RETRY_SECONDS)
    try:
        at = parsedate_to_datetime(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        wanted = (at - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):  # a year or a zone of twenty digits
        return None
    return min(max(0.0, wanted), MOST_RETRY_SECONDS)


def _left(deadline: datetime) -> float:
    return (deadline - datetime.now(UTC)).total_seconds()


def _as_answer(kept: KeptAnswer) -> ServiceAnswer:
    return ServiceAnswer(
        status=kept.status,
        headers=kept.headers,
        body=kept.body,
        attempts=0,
        age_seconds=kept.age_seconds,
    )
