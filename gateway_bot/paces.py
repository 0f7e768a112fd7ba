"""How fast the platforms let us speak: their fixed limits, and the buckets that Discord tells of.

Sources: the rate limit pages of Discord, Slack and Twitch. Deleting a line does not spend
what chat may spend, so moderation never waits for it; of what all calls together may spend it has
the first.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TypeVar

import redis

from waddlebot.domain.errors import Unavailable
from waddlebot.platforms.delivering import HttpAnswer, HttpCall
from waddlebot.stores.windows import charge_sending

MOST_CHANNELS = 10_000

Value = TypeVar("Value")
LetsPass = Callable[[], bool]
"""Whether somebody is there who goes first."""

_LEAST_WAIT_SECONDS = 0.01
log = logging.getLogger(__name__)

_SECONDS = re.compile(r"\d{1,4}(\.\d*)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """`calls` limits everything, `chat` and `chat_in_channel` messages alone: (number, seconds).

    `knows_repeats_seconds`: for how long the platform recognises a reply that it got before.
    """

    calls: tuple[int, float] | None = None
    chat: tuple[int, float] | None = None
    chat_in_channel: tuple[int, float] | None = None
    knows_repeats_seconds: float = 0.0


_FREE = Pace()


def paces_of(*, is_twitch_moderator: bool, is_twitch_verified: bool = False) -> Mapping[str, Pace]:
    """By platform."""
    return {
        "discord": Pace(calls=(50, 1), knows_repeats_seconds=120),
        # About one a second; a short burst is forgiven.
        "slack": Pace(chat_in_channel=(3, 3)),
        # What an account says counts over all its channels; in one where the bot is no moderator
        # a line a second is the most, whoever it is.
        "twitch": Pace(
            chat=(7_500 if is_twitch_verified else 100 if is_twitch_moderator else 20, 30),
            chat_in_channel=None if is_twitch_moderator else (1, 1),
        ),
    }


@dataclass(slots=True)
class _Window:
    """At most `number` within any `seconds`."""

    number: int
    seconds: float
    _times: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        while self._times and self._times[0] <= now - self.seconds:
            self._times.popleft()
        return self._times[0] + self.seconds - now if len(self._times) >= self.number else 0.0

    def spend(self, now: float) -> None:
        self._times.append(now)


@dataclass(frozen=True, slots=True)
class SharedPace:
    """What all gateways together may do, counted on the limits server.

    While it is away each counts for itself.
    """

    limits: redis.Redis

    async def turn(self, name: str, number: int, seconds: float, lets_pass: LetsPass) -> None:
        """Returns when there is room for one more and nobody is to be let pass, and counts it."""
        member = secrets.token_hex(8)
        while True:
            if lets_pass():
                await asyncio.sleep(_LEAST_WAIT_SECONDS)
                continue
            try:
                charged = await asyncio.to_thread(
                    charge_sending, self.limits, name, number, seconds, member
                )
            except Unavailable as error:
                log.warning("counting alone", extra={"why": str(error)})
                return
            if charged.allowed:
                return
            await asyncio.sleep(max(charged.wait_seconds, _LEAST_WAIT_SECONDS))


@dataclass(slots=True)
class Pacer:
    """Of one process. In a channel it is the only one that sends; an account it may share."""

    paces: Mapping[str, Pace]
    account: SharedPace | None = None
    _windows: OrderedDict[str, _Window] = field(default_factory=OrderedDict)
    _closed_until: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _first: Counter[str] = field(default_factory=Counter)

    def of(self, platform: str) -> Pace:
        return self.paces.get(platform, _FREE)

    async def turn(
        self, platform: str, call: HttpCall, *, is_chat: bool, is_first: bool = False
    ) -> None:
        """Returns when this call may be made, and counts it; who `is_first` waits for no other."""
        with self._passing(platform) if is_first else nullcontext():
            lets_pass = (lambda: False) if is_first else (lambda: self._first[platform] > 0)
            await self._turn(platform, call, lets_pass, is_chat=is_chat)

    async def _turn(
        self, platform: str, call: HttpCall, lets_pass: LetsPass, *, is_chat: bool
    ) -> None:
        loop = asyncio.get_running_loop()
        windows = self._windows_of(platform, call, is_chat=is_chat)
        while (  # noqa: ASYNC110 - time alone opens a window
            wait := self._wait(windows, call, loop.time())
        ) > 0 or lets_pass():
            await asyncio.sleep(max(wait, _LEAST_WAIT_SECONDS))
        for window in windows:
            window.spend(loop.time())
        for name, (number, seconds) in self._of_account(platform, is_chat=is_chat).items():
            if self.account is not None:
                await self.account.turn(name, number, seconds, lets_pass)

    @contextmanager
    def _passing(self, platform: str) -> Iterator[None]:
        self._first[platform] += 1
        try:
            yield
        finally:
            self._first[platform] -= 1

    def learn(self, call: HttpCall, answer: HttpAnswer) -> None:
        """A bucket that is empty stays closed until the platform fills it."""
        rest = answer.headers.get("x-ratelimit-remaining")
        after = answer.headers.get("x-ratelimit-reset-after", "")
        if rest == "0" and _SECONDS.fullmatch(after):
            _put(self._closed_until, call.bucket, asyncio.get_running_loop().time() + float(after))

    def _wait(self, windows: list[_Window], call: HttpCall, now: float) -> float:
        closed = self._closed_until.get(call.bucket, now) - now
        return max(closed, *(window.wait(now) for window in windows), 0.0)

    def _windows_of(self, platform: str, call: HttpCall, *, is_chat: bool) -> list[_Window]:
        limits = self._of_account(platform, is_chat=is_chat)
        in_channel = self.of(platform).chat_in_channel
        if is_chat and in_channel:
            limits[f"{call.bucket}:chat"] = in_channel
        return [self._window(name, *limit) for name, limit in limits.items()]

    def _of_account(self, platform: str, *, is_chat: bool) -> dict[str, tuple[int, float]]:
        pace = self.of(platform)
        limits = {f"{platform}:calls": pace.calls, f"{platform}:chat": is_chat and pace.chat}
        return {name: limit for name, limit in limits.items() if limit}

    def _window(self, name: str, number: int, seconds: float) -> _Window:
        return _put(self._windows, name, self._windows.get(name) or _Window(number, seconds))


def _put(kept: OrderedDict[str, Value], name: str, value: Value) -> Value:
    kept[name] = value
    kept.move_to_end(name)
    if len(kept) > MOST_CHANNELS:
        kept.popitem(last=False)
    return value
