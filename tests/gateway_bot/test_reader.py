"""The reader against a real stream and a router that answers over Lambda's Invoke API."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
import redis

from gateway_bot.reader import LINGER_SECONDS, Reader, RouterClient
from tests.helpers.carrying import an_event, open_client, router_consumer, run_until, wait_until
from tests.helpers.lambda_stand_in import Door, LambdaStandIn, lambda_stand_in
from tests.helpers.patience import eventually
from tests.helpers.readers import answer_all, is_empty, router_client, texts_of
from waddlebot.domain.matches import Standing
from waddlebot.runtime.invoke import Invoker
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.receipts import ReceiptStore
from waddlebot.stores.streams import ROUTER_GROUP, EventStream, ensure_group

Seen = Callable[[], bool]


def fail(door: Door, error_type: str = "RuntimeError") -> None:
    door.says({"errorType": error_type, "errorMessage": "boom"}, X_Amz_Function_Error="Unhandled")


def read(
    streams: redis.Redis,
    stand_in: LambdaStandIn,
    seen: Seen,
    *,
    again_seconds: float = 0.1,
    linger_seconds: float = LINGER_SECONDS,
) -> None:
    async def go() -> None:
        async with open_client(streams) as client:
            reader = Reader(
                partition=Partition(),
                consumer=router_consumer(client),
                router=router_client(streams, stand_in),
                again_seconds=again_seconds,
                linger_seconds=linger_seconds,
            )
            await run_until(reader.run, seen)

    asyncio.run(go())


def test_events_reach_the_router_in_order_and_are_finished(streams: redis.Redis) -> None:
    EventStream(streams, Partitions()).append([an_event(f"!quote {number}") for number in range(5)])
    with lambda_stand_in(answer_all) as stand_in:
        read(streams, stand_in, lambda: is_empty(streams))

    assert [text for batch in texts_of(stand_in) for text in batch] == [
        f"!quote {number}" for number in range(5)
    ]
    assert stand_in.seen[0].path.endswith("/functions/router%3Alive/invocations")


def test_what_a_router_held_is_free_when_a_server_was_away_from_it(streams: redis.Redis) -> None:
    receipts = ReceiptStore(streams, Partitions())
    event = an_event("!quote")
    standings = []

    def answer(door: Door) -> None:
        owner = json.loads(door.stand_in.seen[-1].body)["owner"]
        standings.extend(begun.standing for begun in receipts.begin([event], owner, 60))
        if len(standings) == 1:
            return fail(door, "Unavailable")
        return answer_all(door)

    EventStream(streams, Partitions()).append([event])
    with lambda_stand_in(answer) as stand_in:
        read(streams, stand_in, lambda: is_empty(streams))

    assert standings == [Standing.OURS, Standing.OURS]


def test_who_waits_for_something_to_come_ends_as_soon_as_it_is_told(
    streams: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway_bot.reader.READ_SECONDS", 60.0)
    EventStream(streams, Partitions()).append([an_event("!quote")])
    with lambda_stand_in(answer_all) as stand_in:
        read(streams, stand_in, lambda: is_empty(streams))  # which leaves it three seconds to end

    assert texts_of(stand_in) == [["!quote"]]


def test_a_long_queue_goes_in_batches_of_a_hundred(streams: redis.Redis) -> None:
    EventStream(streams, Partitions()).append([an_event("hello") for _ in range(230)])
    with lambda_stand_in(answer_all) as stand_in:
        read(streams, stand_in, lambda: is_empty(streams))

    assert [len(batch) for batch in texts_of(stand_in)] == [100, 100, 30]


def test_small_talk_waits_a_moment_for_company_and_a_command_takes_it_along(
    streams: redis.Redis,
) -> None:
    stream = EventStream(streams, Partitions())

    def chat() -> None:
        stream.append([an_event("hello")])
        time.sleep(0.05)
        stream.append([an_event("!quote")])

    with lambda_stand_in(answer_all) as stand_in:
        chatting = threading.Timer(0.3, chat)
        chatting.start()
        read(streams, stand_in, lambda: bool(stand_in.seen) and is_empty(streams))
        chatting.join()

    assert texts_of(stand_in) == [["hello", "!quote"]]


def test_a_command_behind_a_prefix_of_the_place_s_own_waits_for_no_company(
    streams: redis.Redis,
) -> None:
    stream = EventStream(streams, Partitions())
    came: dict[str, float] = {}

    def answer(door: Door) -> None:
        events = json.loads(door.stand_in.seen[-1].body)["events"]
        came.update({event["text"]: time.monotonic() for event in events})
        result = {"standing": "ours", "passed_on": False, "replies": [], "prefix": "?"}
        door.says({"results": [result] * len(events)})

    def takes(text: str) -> float:
        begins = time.monotonic()
        stream.append([an_event(text)])
        assert eventually(lambda: text in came)
        return came[text] - begins

    first: list[float] = []
    took: dict[str, list[float]] = {"?": [], "!": []}

    def chat() -> None:
        first.append(takes("?help, not known yet"))
        for number in range(3):
            for prefix, samples in took.items():
                samples.append(takes(f"{prefix}help {number}"))
        came["done"] = 0.0

    with lambda_stand_in(answer) as stand_in:
        chatting = threading.Timer(0.3, chat)
        chatting.start()
        read(streams, stand_in, lambda: "done" in came and is_empty(streams), linger_seconds=1.0)
        chatting.join()

    own, others = map(statistics.median, (took["?"], took["!"]))
    assert own < others / 2, f"{own * 1000:.0f} ms, as small talk {others * 1000:.0f} ms"
    assert first[0] < others / 2, "where no prefix is known yet, any sign may be one"


def test_a_busy_event_comes_again_and_holds_up_nobody(streams: redis.Redis) -> None:
    def answer(door: Door) -> None:
        events = json.loads(door.stand_in.seen[-1].body)["events"]
        first = len(door.stand_in.seen) == 1
        door.says(
            {
                "results": [
                    {"standing": "busy" if first and event["text"] == "!slow" else "ours"}
                    for event in events
                ]
            }
        )

    EventStream(streams, Partitions()).append([an_event("!slow"), an_event("!quote")])
    with lambda_stand_in(answer) as stand_in:
        read(streams, stand_in, lambda: len(stand_in.seen) == 2 and is_empty(streams))

    assert texts_of(stand_in) == [["!slow", "!quote"], ["!slow"]]


def test_an_event_with_a_slow_call_stays_until_that_is_done(streams: redis.Redis) -> None:
    def answer(door: Door) -> None:
        door.says({"results": [{"standing": "ours", "passed_on": True}]})

    EventStream(streams, Partitions()).append([an_event("!ai hello")])
    with lambda_stand_in(answer) as stand_in:
        read(streams, stand_in, lambda: bool(stand_in.seen))

    assert streams.xpending(Partition().events_stream(), ROUTER_GROUP)["pending"] == 1


def test_a_router_that_is_not_there_keeps_its_events(streams: redis.Redis) -> None:
    event = an_event()
    EventStream(streams, Partitions()).append([event])
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = LambdaStandIn(answer_all, url=f"http://127.0.0.1:{closed.getsockname()[1]}")
        was_read = False

        def pending() -> bool:
            nonlocal was_read
            groups = streams.xinfo_groups(Partition().events_stream())
            was_read = bool(groups) and groups[0]["pending"] == 1
            return was_read

        read(streams, nowhere, pending)
    assert streams.xlen(Partition().events_stream()) == 1
    assert streams.xlen(Partition().dead_letters()) == 0


def test_a_router_without_a_database_is_asked_again_and_nobody_is_blamed(
    streams: redis.Redis,
) -> None:
    def answer(door: Door) -> None:
        if len(door.stand_in.seen) == 1:
            fail(door, "Unavailable")
        else:
            answer_all(door)

    EventStream(streams, Partitions()).append([an_event("!a"), an_event("!b")])
    with lambda_stand_in(answer) as stand_in:
        read(streams, stand_in, lambda: is_empty(streams))

    assert texts_of(stand_in) == [["!a", "!b"], ["!a", "!b"]]


@pytest.mark.parametrize(
    "newer",
    [
        {"v": 2, "results": [{"standing": "ours"}] * 2},
        {"v": 2, "results": [{"standing": "of another kind"}]},
        {"v": 2},
    ],
    ids=["of the same fields", "of other words", "without results"],
)
def test_what_a_newer_router_answered_is_asked_again_and_nobody_is_blamed(
    streams: redis.Redis, newer: dict[str, Any]
) -> None:
    """Whoever is to blame for an answer that cannot be read is looked for by halves."""

    def answer(door: Door) -> None:
        if len(door.stand_in.seen) == 1:
            door.says(newer)
        else:
            answer_all(door)

    EventStream(streams, Partitions()).append([an_event("!a"), an_event("!b")])
    with lambda_stand_in(answer) as stand_in:
        read(streams, stand_in, lambda: is_empty(streams))

    assert texts_of(stand_in) == [["!a", "!b"], ["!a", "!b"]]


def test_a_router_that_is_a_release_behind_is_read(streams: redis.Redis) -> None:
    EventStream(streams, Partitions()).append([an_event("!a")])
    with lambda_stand_in(
        lambda door: door.says({"v": 0, "results": [{"standing": "ours"}]})
    ) as stand_in:
        read(streams, stand_in, lambda: is_empty(streams))

    assert texts_of(stand_in) == [["!a"]]


def test_an_event_that_kills_the_router_is_found_by_halves_and_becomes_a_dead_letter(
    streams: redis.Redis,
) -> None:
    def answer(door: Door) -> None:
        if b"!poison" in door.stand_in.seen[-1].body:
            fail(door)
        else:
            answer_all(door)

    EventStream(streams, Partitions()).append(
        [an_event("!a"), an_event("!b"), an_event("!poison"), an_event("!c")]
    )
    with lambda_stand_in(answer) as stand_in:
        read(streams, stand_in, lambda: is_empty(streams))

    alone = [batch for batch in texts_of(stand_in) if batch == ["!poison"]]
    assert len(alone) == 3
    [(_, letter)] = streams.xrange(Partition().dead_letters())
    assert json.loads(letter[b"event"])["text"] == "!poison"
    assert letter[b"reason"].startswith(b"the router died 3 times")


def test_what_cannot_be_read_is_a_dead_letter_and_what_is_newer_stays(
    streams: redis.Redis,
) -> None:
    streams.xadd(Partition().events_stream(), {"v": "1", "event": "{broken"})
    streams.xadd(Partition().events_stream(), {"v": "2", "event": "{}"})
    with lambda_stand_in(answer_all) as stand_in:
        read(streams, stand_in, lambda: streams.xlen(Partition().dead_letters()) == 1)

    assert streams.xpending(Partition().events_stream(), ROUTER_GROUP)["pending"] == 1
    assert stand_in.seen == []


@pytest.mark.parametrize("name", [f"{socket.gethostname()}:999999999:x", "here:{pid}:x"])
def test_what_a_dead_process_of_this_host_had_read_is_taken_over_at_once(
    streams: redis.Redis, name: str
) -> None:
    ensure_group(streams, Partition().events_stream(), ROUTER_GROUP)
    EventStream(streams, Partitions()).append([an_event("!quote")])
    gone = name.format(pid=os.getpid())
    streams.xreadgroup(ROUTER_GROUP, gone, {Partition().events_stream(): ">"})

    async def go(stand_in: LambdaStandIn) -> None:
        async with open_client(streams) as client:
            with closing(Invoker(stand_in.environment())) as invoke:
                own = f"{gone.partition(':')[0]}:{os.getpid()}:y"
                reader = Reader(
                    partition=Partition(),
                    consumer=router_consumer(client, own),
                    router=RouterClient(invoke, ReceiptStore(streams, Partitions())),
                )
                await run_until(reader.run, lambda: is_empty(streams))

    with lambda_stand_in(answer_all) as stand_in:
        asyncio.run(go(stand_in))

    assert texts_of(stand_in) == [["!quote"]]


def test_a_stream_that_was_wiped_gets_its_group_again(streams: redis.Redis) -> None:
    def wipe() -> None:
        streams.flushdb()
        EventStream(streams, Partitions()).append([an_event("!after")])

    with lambda_stand_in(answer_all) as stand_in:
        wiping = threading.Timer(0.3, wipe)
        wiping.start()
        read(streams, stand_in, lambda: bool(stand_in.seen) and is_empty(streams))
        wiping.join()

    assert texts_of(stand_in) == [["!after"]]


def test_a_reader_that_was_interrupted_goes_on_with_what_it_held(streams: redis.Redis) -> None:
    """The same process begins its job anew, under the same name."""
    EventStream(streams, Partitions()).append([an_event("!quote")])

    async def go(stand_in: LambdaStandIn) -> None:
        async with open_client(streams) as client:
            consumer = router_consumer(client)
            await consumer.make_group()
            assert len(await consumer.read(10, wait_seconds=0.5)) == 1
            with closing(Invoker(stand_in.environment())) as invoke:
                reader = Reader(
                    partition=Partition(),
                    consumer=consumer,
                    router=RouterClient(invoke, ReceiptStore(streams, Partitions())),
                )
                await run_until(reader.run, lambda: is_empty(streams))
            await wait_until(lambda: is_empty(streams))

    with lambda_stand_in(answer_all) as stand_in:
        asyncio.run(go(stand_in))

    assert texts_of(stand_in) == [["!quote"]]
