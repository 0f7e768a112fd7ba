"""A module of the house hears what happens, as platforms tell it by their signed webhooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis

from tests.helpers.added_modules import join, route
from tests.helpers.payloads import (
    SLACK_SECRET,
    TWITCH_SECRET,
    a_slack_event,
    a_twitch_notification,
    slack_headers,
    twitch_headers,
)
from tests.helpers.router_doors import Doors
from tests.helpers.stream_doors import left_by
from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Reply
from waddlebot.platforms.slack import events as slack
from waddlebot.platforms.slack import signature as slack_signature
from waddlebot.platforms.twitch import events as twitch
from waddlebot.platforms.twitch import signature as twitch_signature
from waddlebot.runtime.serve_module import serve_module
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions
from waddlebot_sdk import Answer, Call, Chat, Module, on
from waddlebot_sdk.events import EVENTS


def note(call: Call, _: Any) -> Answer:
    who = call.user.name or call.user.id if call.user else "nobody"
    data = ", ".join(f"{name}={value}" for name, value in sorted(call.data.items()) if value)
    return Chat(f"{call.event_type} by {who}: {data}")


EARS: Module[Any] = Module(
    name="ears",
    summary="Says what it hears.",
    listens=tuple(on(what, note) for what in sorted(EVENTS - {"chatMessage", "first_contact"})),
)


def on_twitch(of: str, **event: Any) -> Event:
    now, body = datetime.now(UTC), a_twitch_notification(of, **event)
    headers = twitch_headers(body, now)
    twitch_signature.verify(headers, body, secret=TWITCH_SECRET, now=now)
    return read(twitch.read_webhook, headers, body, now)


def on_slack(**event: Any) -> Event:
    now = datetime.now(UTC)
    body = a_slack_event(ts="", event_ts=str(now.timestamp()), **event)
    headers = slack_headers(body, now)
    slack_signature.verify(headers, body, secret=SLACK_SECRET, now=now)
    return read(slack.read_webhook, headers, body, now)


def read(reader: Any, headers: dict[str, str], body: bytes, now: datetime) -> Event:
    event = reader(headers, body, now=now, asked_until=now + timedelta(seconds=1.8)).event
    assert isinstance(event, Event)
    return event


ANA = {"user_id": "42", "user_name": "Ana", "user_login": "ana"}
ROCKY = {"from_broadcaster_user_id": "77", "from_broadcaster_user_name": "Rocky"}


@pytest.mark.parametrize(
    ("tell", "payload", "said"),
    [
        (on_twitch, {"of": "channel.raid", "viewers": 7, **ROCKY}, "raid by Rocky: viewers=7"),
        (on_twitch, {"of": "channel.follow", **ANA}, "follow by Ana: "),
        (
            on_twitch,
            {"of": "channel.subscribe", "tier": "1000", **ANA},
            "subscription by Ana: tier=1000",
        ),
        (
            on_twitch,
            {"of": "channel.subscription.gift", "tier": "1000", "total": 5, **ANA},
            "gift_subscription by Ana: tier=1000, total=5",
        ),
        (
            on_twitch,
            {"of": "channel.cheer", "bits": 100, "message": "Yay", **ANA},
            "cheer by Ana: bits=100",
        ),
        (
            on_twitch,
            {"of": "stream.online", "type": "live"},
            "stream_online by nobody: stream_type=live",
        ),
        (
            on_slack,
            {"type": "reaction_added", "reaction": "tada", "item": {"channel": "C1", "ts": "1.2"}},
            "reaction by U1: change=added, emoji=tada, target_message_id=1.2",
        ),
    ],
    ids=lambda value: value.split()[0] if isinstance(value, str) else "",
)
def test_it_is_told_once_what_happened_who_it_was_and_what_the_platform_says_of_it(  # noqa: PLR0917
    doors: Doors,
    database: Postgres,
    versions: Versions,
    streams: redis.Redis,
    tell: Callable[..., Event],
    payload: dict[str, Any],
    said: str,
) -> None:
    join(database, versions, EARS)
    doors.handlers["ears"] = door = serve_module(EARS, build=lambda connection: connection)

    event = tell(**payload)
    route(event)
    route(event)
    door.close()

    heard = [one.text for one in left_by(streams) if isinstance(one, Reply)]
    assert heard == [said.strip()]
