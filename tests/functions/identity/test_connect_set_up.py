"""What can be connected is offered where its tokens could be kept, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis

from functions.identity.handler import build_room, found_visitors, handler
from tests.helpers.aws_context import AwsContext
from tests.helpers.connected import MASTER
from tests.helpers.servers import Urls


@pytest.fixture(autouse=True)
def of_this_test(
    logging_restored: None,  # noqa: ARG001 - a fixture
    limits: redis.Redis,  # noqa: ARG001 - flushed
    database_urls: Urls,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    for service in ("SLACK", "TWITCH"):
        monkeypatch.setenv(f"{service}_CLIENT_ID", "waddlebot")
        monkeypatch.setenv(f"{service}_CLIENT_SECRET", "secret")
    monkeypatch.setenv("VALKEY_LIMITS_URL", database_urls["VALKEY_LIMITS_URL"])
    for kept in (build_room, found_visitors):
        kept.cache_clear()
    yield
    for kept in (build_room, found_visitors):
        kept.cache_clear()


def asked(route: str, **path: str) -> dict[str, Any]:
    event = {"routeKey": route, "headers": {"host": "localhost"}, "pathParameters": path}
    return handler(event, AwsContext())


def test_without_a_key_that_seals_nothing_is_offered_and_nobody_is_sent_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who signs in needs the same app; what came back could not be kept."""
    monkeypatch.delenv("WADDLEBOT_SEAL_KEY", raising=False)
    page = asked("GET /connect")
    assert (page["statusCode"], "has not set up connecting yet" in page["body"]) == (200, True)
    assert asked("GET /connect/{service}", service="twitch")["statusCode"] == 404
    assert "Sign in with Slack" in asked("GET /signin")["body"]


def test_with_one_both_are_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WADDLEBOT_SEAL_KEY", MASTER)
    page = asked("GET /connect")
    assert "Connect Slack" in page["body"]
    assert asked("GET /connect/{service}", service="twitch")["statusCode"] == 200
