"""Events that reach the router by the stream, and what leaves it there."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import redis

from functions.router import stream_handler
from tests.helpers.aws_context import AwsContext
from tests.helpers.events_and_commands import an_event
from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Outgoing
from waddlebot.stores.keys import Partition
from waddlebot.stores.streams import decode_outgoing


def told(text: str = "", **fields: Any) -> Event:
    """Nobody waits for its answer, which leaves by the stream."""
    return an_event(text, occurred_at=datetime.now(UTC), **fields)


def asked(text: str = "", **fields: Any) -> Event:
    """Somebody waits for its answer."""
    return told(text, asked_until=datetime.now(UTC) + timedelta(seconds=1.8), **fields)


def route(*events: Event) -> list[Any]:
    """What the router says of each."""
    payload = json.loads(
        msgspec.json.encode({"v": 1, "events": events, "owner": secrets.token_hex(8)})
    )
    results: list[Any] = stream_handler.handler(payload, AwsContext())["results"]
    return results


def left_by(streams: redis.Redis) -> list[Outgoing]:
    """What leaves for platforms, actions and lines, in order."""
    return [decode_outgoing(fields) for _, fields in streams.xrange(Partition().replies_stream())]
