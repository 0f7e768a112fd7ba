from __future__ import annotations

import asyncio
from typing import Any

import pytest

from local.one_port import TunnelPort


@pytest.mark.parametrize(
    ("method", "path", "is_let_in"),
    [
        ("POST", "/webhooks/twitch", True),
        ("GET", "/webhooks/twitch", False),
        ("GET", "/modules/songs/callback", True),
        ("POST", "/modules/songs/told", True),
        ("GET", "/modules", False),
        ("GET", "/me", False),
        ("POST", "/api/router/process", False),
    ],
)
def test_a_tunnel_leads_to_webhooks_and_addresses_of_modules_alone(
    method: str,
    path: str,
    is_let_in: bool,  # noqa: FBT001 - a table
) -> None:
    came: list[str] = []

    async def front(scope: Any, _receive: Any, _send: Any) -> None:
        came.append(scope["path"])

    async def send(_message: Any) -> None:
        return

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    scope = {"type": "http", "method": method, "path": path}
    asyncio.run(TunnelPort(front=front)(scope, receive, send))

    assert came == ([path] if is_let_in else [])
