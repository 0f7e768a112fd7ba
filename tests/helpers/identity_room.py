"""The function `identity` behind a public address, with stand-ins of the platforms beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from functions.identity import handler as identity
from tests.helpers.aws_context import AwsContext
from tests.helpers.connected import new_master
from tests.helpers.servers import Urls
from tests.helpers.stand_ins import Front, served
from waddlebot.runtime.needs import PUBLIC_URL, SEAL_KEY

PUBLIC = "https://bot.example.org"


class IdentityRoom:
    """The function behind a public address, and one browser in front of it."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.cookies: dict[str, str] = {}

    def get(self, path: str, *, host: str = "bot.example.org") -> dict[str, Any]:
        parts = urlsplit(path)
        _, at, service, *more = [*parts.path.split("/"), ""]
        route = f"/{at}" + ("/{service}" if service else "") + "".join(f"/{x}" for x in more if x)
        if at == "signin":
            route = route.replace("{service}", "{platform}")
        event = {
            "routeKey": f"GET {route}",
            "pathParameters": {"service": service, "platform": service},
            "queryStringParameters": {k: v[0] for k, v in parse_qs(parts.query).items()},
            "headers": {"host": host, "x-forwarded-proto": "https"},
            "cookies": [f"{name}={value}" for name, value in self.cookies.items()],
        }
        answer: dict[str, Any] = identity.handler(event, AwsContext())
        for line in answer.get("cookies", ()):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


@pytest.fixture
def room(
    database_urls: Urls,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[IdentityRoom]:
    with served() as front:
        told = {**database_urls, **front.environment, PUBLIC_URL: PUBLIC, SEAL_KEY: new_master()}
        told["SLACK_INSTALL_URL"] = f"{front.url}/stand-ins/slack/oauth/v2/authorize"
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        identity.build_room.cache_clear()
        yield IdentityRoom(front)
    identity.build_room.cache_clear()


def back_from_twitch(room: IdentityRoom, streamer: str = "penny") -> str:
    """Where Twitch sends the browser once this streamer allowed it."""
    where = room.get("/connect/twitch?go=1")["headers"]["location"]
    return _allowed(f"{where}&as={streamer}")


def back_from_slack(room: IdentityRoom, workspace: str, who: str = "olga", *ticked: str) -> str:
    boxes = "".join(f"&{scope}=1" for scope in ticked)
    where = room.get(f"/connect/slack?go=1{boxes}")["headers"]["location"]
    return _allowed(f"{where}&workspace={workspace}&as={who}")


def _allowed(where: str) -> str:
    sent = httpx.get(where, follow_redirects=False).headers["location"]
    return sent.removeprefix(PUBLIC)
