"""How much of one kind is going on at once, counted across all processes."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from waddlebot.domain.errors import Unavailable
from waddlebot.stores.valkey import CACHE, Client, Script

_POLL_SECONDS = 0.05

# ARGV: its name, most at once, the ms after which whoever died holds no place. Answers 1: it may.
_ENTER = Script(
    """
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
    if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
    redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return 1
    """,
    server=CACHE,
)
_LEAVE = Script("return redis.call('ZREM', KEYS[1], ARGV[1])", server=CACHE)


@contextmanager
def one_of_few(
    client: Client, key: str, *, most: int, life_seconds: float, wait_seconds: float = 0.0
) -> Iterator[bool]:
    """Whether this is one of the `most` that may be at it, after a short wait for a place.

    While the server is away everybody may. No place is held for longer than `life_seconds`.
    """
    name = secrets.token_hex(8)
    until = time.monotonic() + wait_seconds
    try:
        while not (may := _enter(client, key, name, most, life_seconds)):
            if time.monotonic() >= until:
                break
            time.sleep(_POLL_SECONDS)
        yield may
    finally:
        _leave(client, key, name)


def _enter(client: Client, key: str, name: str, most: int, life_seconds: float) -> bool:
    try:
        return bool(_ENTER.run(client, [key], (name, most, round(life_seconds * 1000))))
    except Unavailable:
        return True


def _leave(client: Client, key: str, name: str) -> None:
    try:
        _LEAVE.run(client, [key], (name,))
    except Unavailable:
        return
