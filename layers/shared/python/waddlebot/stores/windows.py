"""Sliding windows on the limits server.

A call is a member of all its windows or of none. Being a member already it passes again and is
not counted again, so a repeated event is neither charged nor refused twice. A call that failed is
taken out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import redis

from waddlebot.stores import keys
from waddlebot.stores.keys import is_window_of, windows_of
from waddlebot.stores.valkey import LIMITS, Script, answering


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """At most `limit` members within any `seconds`."""

    key: str
    limit: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A call that wants to pass. If it does and `consumes`, the rest of its event is not asked.

    It is as many members as it `counts`: all of them pass or none. One that `follows` another is
    not asked where that did not pass.
    """

    member: str
    windows: tuple[Window, ...]
    consumes: bool
    counts: int = 1
    follows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """`refused_by` is the window that is full for longest; `first`: nobody was told so yet.

    `remaining` is how many more calls fit into the fullest window.
    """

    allowed: bool
    remaining: int
    wait_seconds: float = 0.0
    refused_by: Window | None = None
    first: bool = False


# ARGV: the candidates as JSON, now in ms or '' for the server's clock.
# KEYS: windows; beside each, `key:said` holds the member whose refusal was said.
_CHARGE = Script(
    """
    local now = tonumber(ARGV[2])
    if not now then
      local time = redis.call('TIME')
      now = time[1] * 1000 + math.floor(time[2] / 1000)
    end

    local function charge(candidate)
      local remaining, wait, full, counts = nil, -1, 0, candidate.counts or 1
      for i, window in ipairs(candidate.windows) do
        local key = KEYS[window.key]
        redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window.ms)
        if redis.call('ZSCORE', key, candidate.member) then
          local left = window.limit - redis.call('ZCARD', key)
          return {1, math.max(left, 0), 0, 0, 0}
        end
        local left = window.limit - redis.call('ZCARD', key)
        if left < counts then
          -- Free when so many have left that it fits.
          local nth = counts - left - 1
          local last = redis.call('ZRANGE', key, nth, nth, 'WITHSCORES')
          local until_free = tonumber(last[2] or now) + window.ms - now
          if until_free > wait then wait, full = until_free, i end
        end
        if not remaining or left < remaining then remaining = left end
      end
      if full > 0 then
        local window = candidate.windows[full]
        local said = KEYS[window.key] .. ':said'
        redis.call('SET', said, candidate.member, 'NX', 'PX', window.ms)
        local first = redis.call('GET', said) == candidate.member
        return {0, 0, wait, full, first and 1 or 0}
      end
      for _, window in ipairs(candidate.windows) do
        redis.call('ZADD', KEYS[window.key], now, candidate.member)
        for more = 2, counts do
          redis.call('ZADD', KEYS[window.key], now, candidate.member .. ':' .. more)
        end
        redis.call('PEXPIRE', KEYS[window.key], window.ms)
      end
      return {1, (remaining or counts) - counts, 0, 0, 0}
    end

    local answers = {}
    for _, event in ipairs(cjson.decode(ARGV[1])) do
      local consumed, stopped = false, false
      for _, candidate in ipairs(event) do
        if consumed or (stopped and candidate.follows) then
          answers[#answers + 1] = false
        else
          local answer = charge(candidate)
          answers[#answers + 1] = answer
          consumed, stopped = answer[1] == 1 and candidate.consumes, answer[1] == 0
        end
      end
    end
    return answers
    """,
    server=LIMITS,
)


# ARGV: the calls as JSON, as above. Beside each window, `key:refunded` counts what it gave back.
_REFUND = Script(
    """
    local function may(call)
      for _, window in ipairs(call.windows) do
        local given = tonumber(redis.call('GET', KEYS[window.key] .. ':refunded') or 0)
        if given >= window.limit then return false end
      end
      return true
    end

    for _, call in ipairs(cjson.decode(ARGV[1])) do
      if may(call) then
        for _, window in ipairs(call.windows) do
          local key = KEYS[window.key]
          if redis.call('ZREM', key, call.member) == 1 then
            redis.call('SET', key .. ':refunded', 0, 'NX', 'PX', window.ms)
            redis.call('INCR', key .. ':refunded')
          end
        end
      end
    end
    """,
    server=LIMITS,
)


# ARGV: the window's limit and length in ms.
_LOOK = Script(
    """
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local limit, ms = tonumber(ARGV[1]), tonumber(ARGV[2])
    local over = redis.call('ZCOUNT', KEYS[1], '(' .. (now - ms), '+inf') - limit
    if over < 0 then return 0 end
    local first = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. (now - ms), '+inf', 'WITHSCORES',
      'LIMIT', over, 1)
    return math.max(1, tonumber(first[2]) + ms - now)
    """,
    server=LIMITS,
)


def charge_events(
    client: redis.Redis, events: Sequence[Sequence[Candidate]], *, now: datetime | None = None
) -> list[list[Charge | None]]:
    """For each event its candidates' charges, in order; None where an earlier one consumed it, or
    one that it follows did not pass.

    All of them are one script and one round trip. `now` is the server's clock unless given.

    Raises:
        Unavailable: the limits server does not answer.
    """
    numbers = _numbered(candidate for event in events for candidate in event)
    wire = [[_wire(candidate, numbers) for candidate in event] for event in events]
    at = "" if now is None else int(now.timestamp() * 1000)
    answers = iter(_CHARGE.run(client, list(numbers), [msgspec.json.encode(wire), at]))
    return [[_charge(candidate, next(answers)) for candidate in event] for event in events]


def refund_calls(client: redis.Redis, calls: Sequence[Candidate]) -> None:
    """Takes calls out of all their windows; of one that is not in them nothing changes.

    A window gives back as many as fit into it and no more until it is over: what always fails
    must not be called without end. One round trip.

    Raises:
        Unavailable: the limits server does not answer.
    """
    numbers = _numbered(calls)
    wire = [_wire(call, numbers) for call in calls]
    _REFUND.run(client, list(numbers), [msgspec.json.encode(wire)])


def charge(
    client: redis.Redis,
    key: str,
    limit: int,
    seconds: float,
    member: str,
    *,
    counts: int = 1,
    now: datetime | None = None,
) -> Charge:
    """One call against one window. Raises Unavailable."""
    window = Window(key=key, limit=limit, seconds=seconds)
    candidate = Candidate(member=member, windows=(window,), consumes=False, counts=counts)
    [[charged]] = charge_events(client, [[candidate]], now=now)
    assert charged is not None  # noqa: S101 - nothing stands before it
    return charged


def charge_sending(
    client: redis.Redis, account: str, number: int, seconds: float, call: str
) -> Charge:
    """As `charge`: what all gateways together send as one account, `number` in `seconds`."""
    return charge(client, keys.sending_window(account), number, seconds, call)


def seconds_until_free(client: redis.Redis, key: str, limit: int, seconds: float) -> float:
    """How long until one more fits, 0 if it does now; nothing is charged. Raises Unavailable."""
    wait_ms: int = _LOOK.run(client, [key], [limit, _ms(seconds)])
    return wait_ms / 1000


def forget_windows(client: redis.Redis, account: str) -> None:
    """Every window of this account, `platform:id`. Raises Unavailable."""
    with answering(LIMITS):
        # The pattern finds too many: a community's number or a command may look like an id.
        for key in client.scan_iter(match=windows_of(_literal(account)), count=1000):
            if is_window_of(account, key.decode()):
                client.unlink(key)


def _literal(text: str) -> str:
    """As a pattern that means just this text."""
    return "".join(f"\\{one}" if one in "*?[]^-\\" else one for one in text)


def _numbered(candidates: Iterable[Candidate]) -> dict[str, int]:
    """The keys of all windows, as the scripts count them."""
    keys = dict.fromkeys(window.key for one in candidates for window in one.windows)
    return {key: number for number, key in enumerate(keys, 1)}


def _wire(candidate: Candidate, numbers: dict[str, int]) -> dict[str, object]:
    return {
        "member": candidate.member,
        "consumes": candidate.consumes,
        "counts": candidate.counts,
        "follows": candidate.follows,
        "windows": [
            {"key": numbers[window.key], "limit": window.limit, "ms": _ms(window.seconds)}
            for window in candidate.windows
        ],
    }


def _charge(candidate: Candidate, answer: list[int] | None) -> Charge | None:
    if answer is None:
        return None
    passed, remaining, wait_ms, full, first = answer
    return Charge(
        allowed=passed == 1,
        remaining=remaining,
        wait_seconds=wait_ms / 1000,
        refused_by=candidate.windows[full - 1] if full else None,
        first=first == 1,
    )


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
