"""One event that several modules hear: who is asked when, and in which order they answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis

from tests.helpers.added_modules import join, route
from tests.helpers.router_doors import Doors
from tests.helpers.stream_doors import left_by, told
from waddlebot.domain.events import Channel
from waddlebot.domain.outcomes import Reply
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions
from waddlebot_sdk import Answer, Call, Chat, ExecutionMode, Module, on, serve

PARALLEL, SEQUENTIAL = ExecutionMode.PARALLEL, ExecutionMode.SEQUENTIAL
Does = Callable[[], Answer]


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """What hangs goes on when the test is over."""
    event = threading.Event()
    yield event
    event.set()


def hears(name: str, does: Does, *, priority: int, mode: ExecutionMode = PARALLEL) -> Module[None]:
    def body(_call: Call, _tools: None) -> Answer:
        return does()

    return Module(
        name=name,
        summary="Hears cheers.",
        listens=(on("cheer", body),),
        priority=priority,
        execution_mode=mode,
    )


def meet(doors: Doors, database: Postgres, versions: Versions, *modules: Module[Any]) -> None:
    join(database, versions, *modules)
    for module in modules:
        doors.handlers[module.name] = serve(module)
        doors.at_once.add(module.name)


def cheer() -> Any:
    """Which no module of the house hears."""
    return told(type="cheer", data={"bits": 7}, way_back=Channel())


def said(streams: redis.Redis) -> list[str]:
    return [one.text for one in left_by(streams) if isinstance(one, Reply)]


def recorded(database: Postgres) -> dict[str, str]:
    rows = database.write("SELECT module, status FROM command_executions")
    return {row["module"]: row["status"] for row in rows}


def failing() -> Answer:
    raise RuntimeError("broken")


def test_parallel_modules_work_at_once_and_answer_in_order_of_priority(
    doors: Doors, database: Postgres, versions: Versions, streams: redis.Redis
) -> None:
    together = threading.Barrier(3)

    def says(text: str) -> Does:
        def does() -> Answer:
            together.wait(1.5)  # as many as there are, or none
            return Chat(text)

        return does

    meet(
        doors,
        database,
        versions,
        hears("cake", says("third"), priority=30),
        hears("balloons", says("first"), priority=10),
        hears("music", says("second"), priority=20),
    )

    route(cheer())

    assert said(streams) == ["first", "second", "third"]


def test_one_failure_stops_no_other_and_hanging_is_over_for_all_when_the_batch_is(
    doors: Doors,
    database: Postgres,
    versions: Versions,
    streams: redis.Redis,
    released: threading.Event,
) -> None:
    def hangs() -> Answer:
        released.wait(30)
        return Chat("too late")

    meet(
        doors,
        database,
        versions,
        hears("broken", failing, priority=10),
        *(hears(f"hangs{n}", hangs, priority=20 + n) for n in range(4)),
        hears("cake", lambda: Chat("Cake!"), priority=30),
    )

    result = route(cheer())

    assert not released.is_set()
    assert (result["standing"], result["passed_on"]) == ("ours", False)
    assert said(streams) == ["Cake!"]
    of_hanging = dict.fromkeys((f"hangs{n}" for n in range(4)), "failed")
    assert recorded(database) == {"broken": "failed", "cake": "success", **of_hanging}


def test_sequential_modules_work_one_after_the_other_and_before_the_parallel_ones(
    doors: Doors, database: Postgres, versions: Versions, streams: redis.Redis
) -> None:
    worked: list[str] = []

    def says(text: str) -> Does:
        def does() -> Answer:
            worked.append(text)
            return Chat(text)

        return does

    meet(
        doors,
        database,
        versions,
        hears("fanfare", says("parallel, 10"), priority=10),
        hears("cake", says("sequential, 30"), priority=30, mode=SEQUENTIAL),
        hears("broken", failing, priority=25, mode=SEQUENTIAL),
        hears("balloons", says("sequential, 20"), priority=20, mode=SEQUENTIAL),
    )

    route(cheer())

    assert worked == ["sequential, 20", "sequential, 30", "parallel, 10"]
    assert said(streams) == ["parallel, 10", "sequential, 20", "sequential, 30"]
