"""A channel that OBS has the general source of, and what happens there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.overlay.shown import shown
from tests.helpers.aliases import Channel, open_channel
from tests.helpers.overlays import MASTER
from tests.helpers.router_doors import Doors
from waddlebot.runtime.needs import PUBLIC_URL, SEAL_KEY
from waddlebot.stores.overlays import Overlays, OverlayState
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions


@pytest.fixture
def channel(
    request: pytest.FixtureRequest,
    doors: Doors,
    database: Postgres,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> Channel:
    """OBS has the address of its general source."""
    monkeypatch.setenv(SEAL_KEY, MASTER)
    monkeypatch.setenv(PUBLIC_URL, "https://bot.example.org")
    opened = open_channel(doors, database, versions, on=getattr(request, "param", "twitch"))
    assert "general: https://" in opened.says("!overlay general")
    return opened


def happens(channel: Channel, kind: str, name: str = "Ana", **more: Any) -> None:
    """`more` is what the platform says of it."""
    told = channel.doors.asks(body(channel, kind, name, **more))
    assert told.status == 200, told.body


def body(channel: Channel, kind: str, name: str = "Ana", **more: Any) -> dict[str, Any]:
    """As `happens` asks for it."""
    return {
        "message_type": kind,
        "entity_id": channel.place,
        "user_id": more.pop("user_id", f"id-{name}"[:60]),
        "username": name,
        "message": more.pop("message", ""),
        "message_id": more.pop("message_id", ""),
        "metadata": more,
    }


def state(channel: Channel) -> OverlayState:
    now = datetime.now(UTC)
    return Overlays(channel.database).state(channel.community, "general", after=0, now=now)


def alerts(channel: Channel) -> list[dict[str, Any]]:
    """As the page gets them."""
    return [one for one in map(shown, state(channel).pushes) if one["kind"] == "alert"]


def lines(channel: Channel) -> list[str]:
    """As they read."""
    contents = (one.content for one in state(channel).pushes)
    return [one["content"] for one in contents if "content" in one]


def an_alert(kind: str, line: str, *, seconds: int = 60, **more: Any) -> dict[str, Any]:
    """As the router makes it of an event."""
    usual = {"name": "Ana", "amount": "", "tier": "", "message": "", "priority": 4, "style": ""}
    words = {"content_type": "alert", "type": kind, "content": line, "line": line}
    return {"response_action": "general", **words, "duration": seconds, **usual, **more}


RAID = an_alert("raid", "{name} raids with {amount}", amount="1200", priority=2, platform="twitch")
