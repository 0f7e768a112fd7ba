"""Letters as the reader, the record and the senders write them."""

from __future__ import annotations

from typing import Any

import redis

from tests.helpers.events_and_commands import TWITCH
from waddlebot.domain.events import Channel, Event
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.stores.keys import Partition
from waddlebot.stores.streams import VERSION, encode_event, encode_outgoing


def a_dead_event(
    streams: redis.Redis, event: Event | bytes, reason: str = "the router died 3 times"
) -> str:
    """The id that people see."""
    content = event if isinstance(event, bytes) else encode_event(event)
    return _append(streams, Partition().dead_letters(), {"event": content, "reason": reason})


def a_bad_row(streams: redis.Redis, row: bytes = b'{"text": "hi"}') -> str:
    fields = {"row": row, "reason": "invalid byte sequence"}
    return _append(streams, Partition().dead_letters(), fields)


def a_doubt(streams: redis.Redis, reply: Outgoing) -> str:
    reason = "a sender ended while it was sending this"
    fields = {"outgoing": encode_outgoing(reply), "reason": reason}
    return f"{_append(streams, Partition().doubtful_replies(), fields)}-doubt"


def a_reply(**fields: Any) -> Reply:
    given = {"id": "abc0", "entity": TWITCH, "text": "Quote 3: fish", "user_name": "Ana"}
    wanted = {"session_id": "s", "execution_id": "abc", "way_back": Channel(message="m1")}
    return Reply(**{**given, **wanted, **fields})


def _append(streams: redis.Redis, stream: str, fields: dict[str, Any]) -> str:
    entry: Any = streams.xadd(stream, {"v": VERSION, **fields})
    return f"0-{entry.decode()}"
