"""The streams in numbers."""

from __future__ import annotations

import time
from typing import Any

import pytest
import redis

from tests.helpers.events_and_commands import an_event
from tests.helpers.letters import a_dead_event, a_doubt, a_reply
from tests.helpers.operations_api import ask
from tests.helpers.servers import Urls
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.streams import ROUTER_GROUP, EventStream, ensure_group

STREAMS = "GET /api/operations/streams"


def streams_now() -> dict[str, Any]:
    status, told = ask(STREAMS)
    assert status == 200, told
    return told


def test_waiting_and_pending_are_counted_apart(environment: Urls, streams: redis.Redis) -> None:
    assert environment
    stream = Partition().events_stream()
    ensure_group(streams, stream, ROUTER_GROUP)
    EventStream(streams, Partitions(1)).append([an_event("hi") for _ in range(3)])
    streams.xreadgroup(ROUTER_GROUP, "host:1:word", {stream: ">"}, count=1)
    a_dead_event(streams, an_event("hi"))
    a_doubt(streams, a_reply())
    time.sleep(0.02)

    [partition] = streams_now()["partitions"]

    events = partition["events"]
    assert (events["waiting"], events["pending"]) == (2, 1)
    assert 0.02 <= events["oldest_seconds"] < 10
    assert [one["name"] for one in events["consumers"]] == ["host:1:word"]
    assert (partition["dead_letters"], partition["replies_in_doubt"]) == (1, 1)


def test_a_house_where_nothing_happened_yet_has_figures_too(
    environment: Urls, streams: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment
    monkeypatch.setenv("WADDLEBOT_STREAM_PARTITIONS", "4")
    streams.set(Partition(2, ":{2}").full(), "1", ex=5)

    told = streams_now()

    assert [one["full"] for one in told["partitions"]] == [False, False, True, False]
    assert told["partitions"][0]["replies"] == {
        "waiting": 0,
        "pending": 0,
        "oldest_seconds": None,
        "consumers": [],
    }
    assert told["memory"]["used_bytes"] > 0
