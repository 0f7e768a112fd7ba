"""The ids that events of the stand-ins get in the house (docs/delivery.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from local.stand_ins.asgi import Json
from local.stand_ins.places import StandInPlace
from waddlebot.platforms.discord.events import read_gateway
from waddlebot.platforms.received import Received
from waddlebot.platforms.slack.events import read_webhook as read_slack
from waddlebot.platforms.twitch.events import read_webhook as read_twitch


def discord_event_id(snowflake: str) -> str:
    """Of a message or an interaction."""
    return f"discord:{snowflake}"


def discord_dispatch_id(name: str, data: Json) -> str:
    """Of what has no id of its own: as the house reads it, to the second where it has no time."""
    return _named(read_gateway({"op": 0, "t": name, "d": data}), f"discord:{name}")


def slack_line_id(place: StandInPlace, ts: str) -> str:
    return f"slack:{place.server}/{place.channel}/{ts}"


def slack_ask_id(trigger_id: str) -> str:
    return f"slack:{trigger_id}"


def slack_happening_id(envelope: Json) -> str:
    now = datetime.now(UTC)
    received = read_slack({}, json.dumps(envelope).encode(), now=now, asked_until=now)
    return _named(received, f"slack:{envelope['event_id']}")


def twitch_event_id(message_id: str) -> str:
    """Of a chat message."""
    return f"twitch:{message_id}"


def twitch_notification_id(envelope: Mapping[str, str], body: bytes) -> str:
    headers = {name.lower(): value for name, value in envelope.items()}
    now = datetime.now(UTC)
    received = read_twitch(headers, body, now=now, asked_until=now)
    return _named(received, f"twitch:{envelope['Twitch-Eventsub-Message-Id']}")


def _named(received: Received, otherwise: str) -> str:
    return received.routed.id if received.routed else otherwise
