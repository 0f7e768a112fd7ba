"""Modules that tests add to the house for a moment, and how they are called through its doors."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import redis

from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.router import stream_handler
from functions.upkeep.sync_commands_handler import sync_commands
from tests.functions.router.builders import an_event
from tests.waddlebot.runtime.aws_context import AwsContext
from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Outgoing
from waddlebot.stores.keys import Partition
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import decode_outgoing
from waddlebot.stores.versions import Versions
from waddlebot_sdk import Module


def join(database: Postgres, versions: Versions, *modules: Module[Any]) -> None:
    """As a deployment with these beside the house's own."""
    declared = declared_commands((*lambda_modules(), *modules), builtin_modules())
    sync_commands(declared, database, versions)


def told(text: str = "", **fields: Any) -> Event:
    """Nobody waits for its answer, which leaves by the stream."""
    return an_event(text, occurred_at=datetime.now(UTC), **fields)


def asked(text: str = "", **fields: Any) -> Event:
    """Somebody waits for its answer."""
    return told(text, asked_until=datetime.now(UTC) + timedelta(seconds=1.8), **fields)


def route(event: Event) -> Any:
    """What the router says of this event."""
    payload = msgspec.json.encode({"v": 1, "events": [event], "owner": secrets.token_hex(8)})
    [result] = stream_handler.handler(json.loads(payload), AwsContext())["results"]
    return result


def left_by(streams: redis.Redis) -> Sequence[Outgoing]:
    """What leaves for platforms, actions and lines, in order."""
    entries: Any = streams.xrange(Partition().replies_stream())
    return [decode_outgoing(fields) for _, fields in entries]
