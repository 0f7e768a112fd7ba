"""Where a platform sends people back to is what the operator set, whatever a request says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from functions.identity import handler as identity
from tests.helpers.aws_context import AwsContext
from tests.helpers.servers import Urls
from waddlebot.runtime.needs import PUBLIC_URL

PUBLIC = "https://bot.example.org"
THROUGH = {"x-forwarded-for": "203.0.113.7, 127.0.0.1", "x-forwarded-proto": "https"}
Asks = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(
    database_urls: Urls,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[Asks]:
    """A request as API Gateway hands it on; `public` is what the operator set."""
    for name, value in database_urls.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TWITCH_CLIENT_ID", "waddle")
    monkeypatch.setenv("TWITCH_CLIENT_SECRET", "secret")

    def asks(
        host: str, *, public: str = "", route: str = "GET /signin/{platform}", **more: str
    ) -> dict[str, Any]:
        """Where somebody is sent on to our own address, what that answers."""
        answer = _asks(host, public, route, more, {})
        where = str(answer["headers"].get("location", ""))
        if public and where.startswith(f"{PUBLIC}/"):
            answer = _asks(host, public, route, more, dict(parse_qsl(urlsplit(where).query)))
        return answer

    def _asks(
        host: str, public: str, route: str, more: dict[str, str], query: dict[str, str]
    ) -> dict[str, Any]:
        monkeypatch.setenv(PUBLIC_URL, public)
        identity.build_room.cache_clear()
        told = {name.replace("_", "-"): value for name, value in more.items()}
        scheme = "https" if public else "http"
        event = {
            "routeKey": route,
            "pathParameters": {"platform": "twitch"},
            "queryStringParameters": query,
            "headers": {
                "host": host,
                "x-forwarded-for": "127.0.0.1",
                "x-forwarded-proto": scheme,
                "x-forwarded-port": "443" if public else "8000",
                **told,
            },
            "requestContext": {"domainName": host.partition(":")[0]},
        }
        answer: dict[str, Any] = identity.handler(event, AwsContext())
        return answer

    yield asks
    identity.build_room.cache_clear()


def back_of(answer: dict[str, Any]) -> str:
    assert answer["statusCode"] == 303, answer["body"]
    return parse_qs(urlsplit(answer["headers"]["location"]).query)["redirect_uri"][0]


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
def test_on_this_machine_it_is_the_name_that_was_typed(ask: Asks, host: str) -> None:
    answer = ask(host)

    assert back_of(answer) == f"http://{host.lower()}/signin/twitch/callback"
    assert answer["cookies"][0].startswith("signin=")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "localhost.evil.example", "localhost@evil.example", ""],
)
@pytest.mark.parametrize("route", ["GET /signin", "GET /signin/{platform}", "GET /me"])
def test_a_foreign_name_is_refused_with_what_to_do(ask: Asks, host: str, route: str) -> None:
    answer = ask(host, route=route)

    assert answer["statusCode"] == 421
    assert PUBLIC_URL in answer["body"]
    assert "evil" not in str(answer)


@pytest.mark.parametrize(
    "told",
    [
        {"x_forwarded_proto": "https"},
        {"x_forwarded_host": "evil.example"},
        {"x_forwarded_for": "203.0.113.7, 127.0.0.1"},
        {"x_forwarded_port": "31337", "forwarded": "host=evil.example"},
    ],
)
def test_what_came_through_a_proxy_is_not_this_machine(ask: Asks, told: dict[str, str]) -> None:
    assert ask("localhost:8000", **told)["statusCode"] == 421
    assert back_of(ask("localhost:8000", public=PUBLIC, **told)) == (
        f"{PUBLIC}/signin/twitch/callback"
    )


def test_a_port_that_a_header_names_is_nobodys(ask: Asks) -> None:
    answer = ask("localhost:8000", x_forwarded_port="31337")

    assert back_of(answer) == "http://localhost:8000/signin/twitch/callback"


@pytest.mark.parametrize("host", ["bot.example.org", "evil.example", "a1b2.execute-api.example"])
def test_the_public_address_is_the_configured_one_whoever_asks(ask: Asks, host: str) -> None:
    answer = ask(host, public=f"{PUBLIC}/", x_forwarded_host="evil.example")

    assert back_of(answer) == f"{PUBLIC}/signin/twitch/callback"
    assert answer["cookies"][0].startswith("__Host-signin=")


def test_with_a_public_address_this_machine_still_has_its_own_names(ask: Asks) -> None:
    answer = ask("localhost:8000", public=PUBLIC, x_forwarded_proto="http")

    assert back_of(answer) == "http://localhost:8000/signin/twitch/callback"


@pytest.mark.parametrize("public", ["bot.example.org", "javascript:alert(1)", "https://"])
def test_what_is_no_address_counts_as_none(ask: Asks, public: str) -> None:
    assert ask("bot.example.org", public=public)["statusCode"] == 421
