"""A line that names a channel says which one, beside the name that people read."""

from __future__ import annotations

from datetime import UTC, datetime

from waddlebot.platforms.discord.events import read_gateway
from waddlebot.platforms.slack.workspace_events import read_event

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_on_discord() -> None:
    line = {
        "id": "9",
        "guild_id": "7",
        "channel_id": "70",
        "author": {"id": "42", "username": "olga"},
        "content": "!settings set moderators <#71>",
        "mention_channels": [{"id": "71", "name": "mods"}],
    }
    event = read_gateway({"op": 0, "t": "MESSAGE_CREATE", "d": line}, now=NOW).event
    assert event is not None
    assert event.text == "!settings set moderators #mods"
    assert event.data["channels"] == {"mods": "71"}


def test_on_slack() -> None:
    text = "!settings set moderators <#C71|mods>"
    line = {"type": "message", "channel": "C70", "user": "U1", "text": text, "ts": "1.1"}
    event = read_event({"team_id": "T1", "event_id": "Ev1", "event": line}, now=NOW).event
    assert event is not None
    assert event.text == "!settings set moderators #mods"
    assert event.data["channels"] == {"mods": "C71"}
