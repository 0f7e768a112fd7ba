from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import redis

from gateway_bot.due import fire_due
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Later, MessageType, Speaker
from waddlebot.stores.due import Due
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import EventStream, decode_event

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def plan(database: Postgres, at: datetime) -> int:
    with database.writer() as connection:
        return Due(connection).plan(
            community_id=1,
            later=Later(entity=EntityId("twitch:channel:1001"), user=Speaker(id="1", name="Ana")),
            module="memories",
            at=at,
            data={"text": "stretch"},
        )


def test_what_is_due_becomes_an_event_once(database: Postgres, streams: redis.Redis) -> None:
    number = plan(database, NOON)
    plan(database, NOON + timedelta(minutes=1))

    assert fire_due(database, EventStream(streams, Partitions()), NOON + timedelta(seconds=1)) == 1
    assert fire_due(database, EventStream(streams, Partitions()), NOON + timedelta(seconds=2)) == 0

    [(_, fields)] = streams.xrange(Partition().events_stream())
    event = decode_event(fields)
    assert event.id == f"due:{number}:{int(NOON.timestamp())}"
    assert event.type is MessageType.DUE
    assert event.data == {"module": "memories", "text": "stretch"}


def test_what_could_not_be_stored_fires_at_the_next_look(
    database: Postgres, streams: redis.Redis, nowhere: redis.Redis
) -> None:
    plan(database, NOON)

    with pytest.raises(Unavailable):
        fire_due(database, EventStream(nowhere, Partitions()), NOON)

    assert fire_due(database, EventStream(streams, Partitions()), NOON) == 1
