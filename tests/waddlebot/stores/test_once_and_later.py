"""Effects happen once; what is due fires when it is time, and its event is always the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import redis

from tests.helpers.events_and_commands import NOON, a_speaker, an_event
from tests.helpers.servers import Urls
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Channel, Later, MessageType
from waddlebot.stores.due import Due
from waddlebot.stores.effects import Effects
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.streams import (
    ROUTER_GROUP,
    EventStream,
    NewerEntry,
    decode_event,
    ensure_group,
)

AT = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def plan(connection: Connection, at: datetime = AT, **more: Any) -> int:
    return Due(connection).plan(
        community_id=1,
        later=Later(
            entity=EntityId("discord:channel:9/78"),
            parent=EntityId("discord:channel:9/77"),
            thread="1.5",
            private=True,
            user=a_speaker("Ana"),
        ),
        module="memories",
        at=at,
        data={"text": "stretch", "module": "another"},
        **more,
    )


def test_a_call_made_before_is_answered_from_memory(database: Postgres) -> None:
    with database.writer() as connection:
        assert Effects(connection, "memories").begin("call-1") is None
        Effects(connection, "memories").keep("call-1", [{"chat_message": "Kept."}])

    with database.writer() as connection:
        assert Effects(connection, "memories").begin("call-1") == [{"chat_message": "Kept."}]
        assert Effects(connection, "memories").begin("call-2") is None


def test_an_effect_that_was_taken_back_did_not_happen(database: Postgres) -> None:
    with database.writer() as connection:
        Effects(connection, "memories").begin("call-1")
        raise psycopg.Rollback

    with database.writer() as connection:
        assert Effects(connection, "memories").begin("call-1") is None


def test_what_is_due_becomes_the_modules_event(database: Postgres) -> None:
    with database.writer() as connection:
        number = plan(connection)
        plan(connection, AT + timedelta(hours=1))
        [row] = Due(connection).take(AT, 10)

    event = row.to_event()
    assert event.id == f"due:{number}:{int(AT.timestamp())}"
    assert event.type is MessageType.DUE
    assert event.data == {"text": "stretch", "module": "memories"}
    assert event.user == a_speaker("Ana")
    assert event.way_back == Channel(thread="1.5")
    assert (event.entity, event.parent) == ("discord:channel:9/78", "discord:channel:9/77")
    assert event.private


def test_what_waits_for_lines_is_taken_when_nobody_waits_any_more(database: Postgres) -> None:
    with database.writer() as connection:
        plan(connection, after_lines=3)
        assert Due(connection).take(AT, 10) == []


def test_what_comes_again_fires_until_it_is_cancelled(database: Postgres) -> None:
    with database.writer() as connection:
        due = Due(connection)
        number = plan(connection, again_after=timedelta(hours=1))
        due.mark([row.id for row in due.take(AT, 10)], AT)
        assert due.take(AT + timedelta(minutes=59), 10) == []
        [row] = due.take(AT + timedelta(hours=1), 10)
        assert row.to_event().id != f"due:{number}:{int(AT.timestamp())}"
        assert due.cancel(number, "memories", 1)
        assert due.take(AT + timedelta(hours=9), 10) == []


def test_two_clocks_never_take_the_same_row(database: Postgres, database_urls: Urls) -> None:
    with database.writer() as connection:
        first, second = plan(connection), plan(connection)
    other = Postgres(database_urls["DATABASE_URL"])

    with database.writer() as one, other.writer() as two:
        [mine] = Due(one).take(AT, 1)
        theirs = Due(two).take(AT, 10)
        Due(one).mark([mine.id], AT)

    assert (mine.id, [row.id for row in theirs]) == (first, [second])
    with other.writer() as connection:
        assert [row.id for row in Due(connection).take(AT, 10)] == [second]
    other.close()


def test_only_its_module_cancels_a_row_and_only_before_it_fires(database: Postgres) -> None:
    with database.writer() as connection:
        due = Due(connection)
        number, fired = plan(connection), plan(connection)
        due.mark([fired], AT)

        assert not due.cancel(number, "music", 1)
        assert not due.cancel(number, "memories", 2)
        assert due.cancel(number, "memories", 1)
        assert not due.cancel(fired, "memories", 1)


def test_events_come_back_from_the_stream_as_they_were(streams: redis.Redis) -> None:
    events = [an_event("!quote “3”"), an_event(type=MessageType.RAID, user=None)]

    EventStream(streams, Partitions()).append(events)
    for _ in range(2):
        ensure_group(streams, Partition().events_stream(), ROUTER_GROUP)
    [[_, entries]] = streams.xreadgroup(ROUTER_GROUP, "a", {Partition().events_stream(): ">"})

    assert [decode_event(fields) for _, fields in entries] == events
    assert events[0].occurred_at == NOON


def test_an_entry_of_a_newer_release_is_left_to_it() -> None:
    with pytest.raises(NewerEntry):
        decode_event({b"v": b"2", b"event": b"{}"})


def test_a_streams_server_that_is_away_is_named(nowhere: redis.Redis) -> None:
    with pytest.raises(Unavailable, match="the streams server"):
        EventStream(nowhere, Partitions()).append([an_event()])
