"""What people and platforms meet at the house's doors while a server has changed sides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import redis

from functions.router import stream_handler
from tests.failover.conftest import Own
from tests.failover.sides import database_read_only, full
from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.events_and_commands import an_event
from tests.helpers.router_doors import Doors, open_doors
from tests.helpers.senders import DISCORD, send
from waddlebot.domain.errors import Full, Unavailable
from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Reply
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import EventStream, decode_outgoing
from waddlebot.stores.valkey import connect
from waddlebot.stores.versions import Versions

__all__ = ["logging_restored"]  # a fixture

pytestmark = pytest.mark.xdist_group("servers of their own")


@pytest.fixture
def streams(own: Own) -> Iterator[redis.Redis]:
    with connect(own.urls["VALKEY_STREAMS_URL"]) as client:
        client.flushdb()
        yield client


@pytest.fixture
def doors(
    own: Own,
    streams: redis.Redis,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[Doors]:
    assert streams
    database = Postgres(own.urls["DATABASE_URL"], name="tests")
    with (
        connect(own.urls["VALKEY_CACHE_URL"]) as cache,
        connect(own.urls["VALKEY_LIMITS_URL"]) as limits,
    ):
        limits.flushdb()
        cache.flushdb()
        with open_doors(database, Versions(cache), own.urls, monkeypatch) as doors:
            yield doors
    database.write("DELETE FROM api_keys")
    database.close()


def told(text: str, **fields: Any) -> Event:
    return an_event(text, occurred_at=datetime.now(UTC), **fields)


def route(*events: Event, owner: str = "reader") -> list[str]:
    payload = {"events": msgspec.to_builtins(events), "owner": owner}
    results = stream_handler.handler(payload, AwsContext(12))["results"]
    return [result["standing"] for result in results]


def sent(streams: redis.Redis) -> list[str]:
    entries: Any = streams.xrange(Partition().replies_stream())
    outgoing = [decode_outgoing(fields) for _, fields in entries]
    return [one.text for one in outgoing if isinstance(one, Reply)]


@pytest.mark.usefixtures("doors")
def test_a_full_streams_server_takes_nothing_new_and_what_is_on_it_is_answered_and_sent(
    own: Own, streams: redis.Redis
) -> None:
    """Else nothing on it would ever leave, and it would stay full."""
    event = told("!help quote", entity=DISCORD)
    EventStream(streams, Partitions()).append([event])

    with full(own.urls["VALKEY_STREAMS_URL"]):
        with pytest.raises(Full):
            EventStream(streams, Partitions()).append([told("!help")])
        assert route(event) == ["ours"]
        platform = send(streams)

    assert "Show a quote" in str(platform.seen)
    assert streams.xlen(Partition().replies_stream()) == 0


@pytest.mark.usefixtures("doors")
def test_what_is_told_waits_while_the_writer_takes_no_writes(
    own: Own, streams: redis.Redis
) -> None:
    """No attempt is counted, nobody else is held up, and nothing was said that is not so."""
    waits, goes_on = told("!quote", id="twitch:1"), told("!help quote", id="twitch:2")
    route(told("!help", id="twitch:0"))  # who is where is known from now on
    streams.delete(Partition().replies_stream())

    with database_read_only(own.pid("postgres"), own.urls["DATABASE_URL"]):
        for _ in range(6):
            assert route(waits, goes_on) in (["busy", "ours"], ["busy", "done"])
        assert len(sent(streams)) == 1
        assert "!quote" in sent(streams)[0]

    assert route(waits, goes_on) == ["ours", "done"]
    assert len(sent(streams)) == 2


@pytest.mark.usefixtures("doors")
def test_a_place_that_cannot_be_opened_while_the_writer_is_away_holds_up_no_other(
    own: Own, streams: redis.Redis
) -> None:
    route(told("!help", id="twitch:3"))
    new = told("!help quote", id="twitch:4", entity="twitch:channel:404")
    known = told("!help quote", id="twitch:5")
    streams.delete(Partition().replies_stream())

    with database_read_only(own.pid("postgres"), own.urls["DATABASE_URL"]):
        assert route(new, known) == ["busy", "ours"]
        assert len(sent(streams)) == 1
        with pytest.raises(Unavailable):
            route(new)

    assert route(new, known) == ["ours", "done"]


def test_who_asks_while_the_writer_takes_no_writes_gets_a_sentence(own: Own, doors: Doors) -> None:
    asks = {"message_type": "chatMessage", "entity_id": "twitch:channel:1", "user_id": "1"}
    doors.asks({**asks, "message": "!help"})

    with database_read_only(own.pid("postgres"), own.urls["DATABASE_URL"]):
        answered = doors.asks({**asks, "message": "!quote"})
        assert answered.status == 200
        assert "does not answer" in " ".join(answered.texts)
        assert doors.asks({**asks, "message": "!help quote"}).status == 200

    assert "does not answer" not in " ".join(doors.asks({**asks, "message": "!quote"}).texts)
