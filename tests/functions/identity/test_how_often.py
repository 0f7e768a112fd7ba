"""Whoever begins to sign in or to connect leaves something behind each time: so often a minute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis

from functions.identity.handler import MOST_BEGUN, build_room, found_visitors, handler
from tests.helpers.aws_context import AwsContext
from tests.helpers.connected import MASTER
from tests.helpers.servers import Urls
from waddlebot.runtime.minute_counts import MinuteCounts

STRANGER, NEIGHBOUR = "198.51.100.7", "198.51.100.8"
DOORS = (
    {"routeKey": "GET /signin/{platform}", "pathParameters": {"platform": "slack"}},
    {
        "routeKey": "GET /connect/{service}",
        "pathParameters": {"service": "twitch"},
        "queryStringParameters": {"go": "1"},
    },
)


@pytest.fixture(autouse=True)
def room(
    database_urls: Urls,
    cache: redis.Redis,  # noqa: ARG001 - flushed
    limits: redis.Redis,  # noqa: ARG001 - flushed
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[None]:
    for service in ("SLACK", "TWITCH"):
        monkeypatch.setenv(f"{service}_CLIENT_ID", "waddlebot")
        monkeypatch.setenv(f"{service}_CLIENT_SECRET", "secret")
    monkeypatch.setenv("WADDLEBOT_SEAL_KEY", MASTER)
    for name in ("VALKEY_CACHE_URL", "VALKEY_LIMITS_URL"):
        monkeypatch.setenv(name, database_urls[name])
    forget()
    yield
    build_room().resources.close()
    forget()


def forget() -> None:
    for kept in (build_room, found_visitors):
        kept.cache_clear()


def begins(door: dict[str, Any], source: str) -> dict[str, Any]:
    """The answer to somebody who comes from there."""
    context = {"http": {"method": "GET", "sourceIp": source}}
    event = {**door, "headers": {"host": "localhost"}, "requestContext": context}
    return handler(event, AwsContext())


def test_who_begins_too_often_waits_at_both_doors_and_nobody_else_does(cache: redis.Redis) -> None:
    for number in range(MOST_BEGUN):
        assert begins(DOORS[number % 2], STRANGER)["statusCode"] == 303
    left = cache.dbsize()

    for door in DOORS:
        told = begins(door, STRANGER)
        assert told["statusCode"] == 429
        assert int(told["headers"]["retry-after"]) > 0
        assert "Try again in" in told["body"]
    assert cache.dbsize() == left <= MOST_BEGUN
    assert begins(DOORS[0], NEIGHBOUR)["statusCode"] == 303


def test_while_the_limits_server_is_away_each_process_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VALKEY_LIMITS_URL", "redis://127.0.0.1:1/0")
    found_visitors().counts = MinuteCounts(clock=lambda: 0.0)  # all of it within one minute
    told = [begins(DOORS[0], STRANGER)["statusCode"] for _ in range(MOST_BEGUN + 1)]
    assert told == [303] * MOST_BEGUN + [429]
