"""Events nobody waits for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from running_functions import Client, Running, Start, a_function


def send(running: Running, name: str, payload: Any) -> None:
    client = Client(running.service.url)
    answer = client.invoke(name, payload, X_Amz_Invocation_Type="Event")
    assert (answer.status, answer.body) == (202, b"")
    client.close()


def eventually(happened: Callable[[], object]) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.01)
    return False


def test_an_event_is_tried_until_it_succeeds(start: Start, tmp_path: Path) -> None:
    running = start(a_function("fail_and_count", retries=2, retry_after_seconds=0.05))
    calls = tmp_path / "calls"

    send(running, "fail_and_count", {"calls": str(calls), "succeed_at": 3})

    assert eventually(lambda: running.log("fail_and_count").count("REPORT") == 3)
    assert "Gave up" not in running.log("fail_and_count")
    ids = {line.split()[2] for line in running.log("fail_and_count").splitlines() if "END" in line}
    assert len(ids) == 1


def test_an_event_that_keeps_failing_is_given_up_and_handed_on(
    start: Start, tmp_path: Path
) -> None:
    handed_on: list[tuple[bytes, Any]] = []
    running = start(
        a_function(
            "fail_and_count",
            retries=1,
            retry_after_seconds=0.05,
            on_failure=lambda event, last: handed_on.append((event, last)),
        )
    )
    event = {"calls": str(tmp_path / "calls"), "succeed_at": 99}

    send(running, "fail_and_count", event)

    assert eventually(lambda: handed_on)
    assert json.loads(handed_on[0][0]) == event
    assert handed_on[0][1].function_error == "Unhandled"
    assert (tmp_path / "calls").read_text().count("called") == 2
    assert "Gave up after 2 tries: ValueError" in running.log("fail_and_count")


def test_an_event_is_given_up_at_its_greatest_age(start: Start, tmp_path: Path) -> None:
    running = start(a_function("fail_and_count", retry_after_seconds=0.2, maximum_age_seconds=0.1))

    send(running, "fail_and_count", {"calls": str(tmp_path / "calls"), "succeed_at": 99})

    assert eventually(lambda: "Gave up after 1 tries" in running.log("fail_and_count"))


def test_a_throttled_event_waits_and_counts_no_try(start: Start) -> None:
    running = start(a_function("sleep", concurrency=1, retries=0))

    send(running, "sleep", 0.3)
    send(running, "sleep", 0)

    assert eventually(lambda: running.log("sleep").count("REPORT") == 2)
    assert "Gave up" not in running.log("sleep")


def test_what_still_waits_at_the_end_is_named(start: Start, tmp_path: Path) -> None:
    running = start(a_function("fail_and_count", retry_after_seconds=60))
    send(running, "fail_and_count", {"calls": str(tmp_path / "calls"), "succeed_at": 9})
    assert eventually(lambda: "REPORT" in running.log("fail_and_count"))

    running.loop.run(running.service.stop())

    assert "Dropped at shutdown" in running.log("fail_and_count")
