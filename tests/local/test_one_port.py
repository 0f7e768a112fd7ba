from __future__ import annotations

import asyncio
from typing import Any

import pytest

from local.one_port import TunnelPort

TOKEN = "t" * 43


@pytest.mark.parametrize(
    ("method", "path", "is_let_in"),
    [
        ("POST", "/webhooks/twitch", True),
        ("GET", "/webhooks/twitch", False),
        ("GET", "/modules/songs/callback", True),
        ("POST", "/modules/songs/told", True),
        ("GET", "/modules", False),
        ("GET", "/forms/ref.proof", True),
        ("POST", "/forms/ref.proof", True),
        ("GET", f"/{TOKEN}/ticker", True),
        ("GET", f"/{TOKEN}/general/state", True),
        ("HEAD", f"/overlay/{TOKEN}/media/media.js", True),
        ("POST", f"/{TOKEN}/ticker", False),
        ("GET", f"/{TOKEN}/tickers", False),
        ("GET", "/modules.x/ticker", False),
        ("GET", "/api/communities/media", False),
        ("GET", f"/files/7/{'a' * 32}.png", True),
        ("POST", f"/files/7/{'a' * 32}.png", False),
        ("GET", "/files", False),
        ("GET", "/me", False),
        ("GET", "/signin", False),
        ("POST", "/api/router/process", False),
    ],
)
def test_a_tunnel_leads_to_webhooks_and_to_what_the_bot_names_alone(
    method: str,
    path: str,
    is_let_in: bool,  # noqa: FBT001 - a table
) -> None:
    assert who_hears({"type": "http", "method": method, "path": path}) == (
        ["front"] if is_let_in else []
    )


@pytest.mark.parametrize(
    ("path", "is_let_in"), [(f"/{TOKEN}/ticker", True), ("/live", False), ("/", False)]
)
def test_a_socket_through_a_tunnel_is_of_an_overlay(path: str, is_let_in: bool) -> None:  # noqa: FBT001
    heard = who_hears({"type": "websocket", "path": path})
    assert heard == (["front"] if is_let_in else [])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
def test_the_store_takes_forms_alone_through_a_tunnel(method: str) -> None:
    scope = {"type": "http", "method": method, "path": "/object-store/waddlebot-media"}
    assert who_hears(scope) == (["store"] if method == "POST" else [])


def who_hears(scope: dict[str, Any]) -> list[str]:
    came: list[str] = []

    def heard(who: str) -> Any:
        async def app(_scope: Any, _receive: Any, _send: Any) -> None:
            came.append(who)

        return app

    async def send(_message: Any) -> None:
        return

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    asyncio.run(TunnelPort(front=heard("front"), store=heard("store"))(scope, receive, send))
    return came
