"""A stranger's function that starts processes: when its call is over, none of them is left.

The functions look at nothing but their own marks, and every one of their processes ends by itself
after a minute.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from running_functions import Running, Start, a_function

from local.lambda_service.keeper_process import children_among_all, children_of

WAYS = ["child", "session", "twice", "deaf", "renamed", "heir"]
PATIENCE_SECONDS = 15.0


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder


def invoke(running: Running, marks: Path, **event: Any) -> Any:
    payload = json.dumps({"marks": str(marks), **event}).encode()
    return running.loop.run(running.service.invoke("escape", payload))


def below(running: Running) -> list[psutil.Process]:
    """Every living process under this service's fork server, and the ones that left marks."""
    return [
        process
        for child in psutil.Process().children()
        if str(running.logs) in _log_of(child)
        for process in child.children(recursive=True)
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ]


def _log_of(process: psutil.Process) -> str:
    try:
        return str(Path(f"/proc/{process.pid}/fd/1").readlink())
    except OSError:
        return ""


def marked(marks: Path) -> list[int]:
    """Those that are still there; a number that went to somebody else meanwhile is none."""
    began = marks.stat().st_ctime - 60
    found = []
    for mark in marks.iterdir():
        pid = int(mark.name.rpartition("-")[2])
        try:
            process = psutil.Process(pid)
            is_there = process.status() != psutil.STATUS_ZOMBIE and process.create_time() > began
        except psutil.NoSuchProcess:
            continue
        if is_there and process.name() in {"escape", "sleep", "postgres", "python3"}:
            found.append(pid)
    return found


def eventually(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("way", WAYS)
def test_whatever_a_call_starts_ends_with_it(start: Start, marks: Path, way: str) -> None:
    running = start(a_function("escape", isolated=True, timeout_seconds=10))

    answer = invoke(running, marks, ways=[way])

    assert json.loads(answer.payload) == "innocent"
    assert eventually(lambda: not below(running) and not marked(marks)), below(running)


def test_whatever_a_call_started_ends_when_its_time_is_over(start: Start, marks: Path) -> None:
    running = start(a_function("escape", isolated=True, timeout_seconds=2))

    answer = invoke(running, marks, ways=WAYS, then="hang")

    assert b"Timedout" in answer.payload
    assert eventually(lambda: not below(running) and not marked(marks)), below(running)


def test_a_function_that_kills_its_keeper_leaves_nothing_either(start: Start, marks: Path) -> None:
    running = start(a_function("escape", isolated=True, timeout_seconds=10))

    answer = invoke(running, marks, ways=WAYS, kill_keeper=True)

    assert answer.function_error == "Unhandled"
    assert eventually(lambda: not below(running) and not marked(marks)), below(running)


def test_a_service_that_stops_leaves_nothing(start: Start, marks: Path) -> None:
    running = start(a_function("escape", isolated=True, timeout_seconds=30))
    payload = json.dumps({"marks": str(marks), "ways": WAYS, "then": "hang"}).encode()
    with pytest.raises(TimeoutError):
        running.loop.run(running.service.invoke("escape", payload, timeout_seconds=2))
    assert marked(marks)

    running.loop.run(running.service.stop())

    assert eventually(lambda: not marked(marks))


def test_a_neighbours_call_is_not_touched(start: Start, marks: Path) -> None:
    running = start(
        a_function("escape", isolated=True, timeout_seconds=10),
        a_function("sleep", isolated=True, timeout_seconds=10),
    )
    resting = running.loop.run(_begin(running, "sleep", b"1.5"))

    invoke(running, marks, ways=WAYS)

    assert running.loop.run(_done(resting)).payload == b'"rested"'


async def _begin(running: Running, name: str, payload: bytes) -> Any:
    return running.service.begin(name, payload)


async def _done(task: Any) -> Any:
    return await task


def test_no_process_outlives_its_call_and_the_next_has_another(start: Start) -> None:
    running = start(a_function("who_am_i", isolated=True))
    asked = [running.loop.run(running.service.invoke("who_am_i", b"{}")) for _ in range(3)]

    pids = {json.loads(one.payload)["pid"] for one in asked}

    assert len(pids) == 3
    assert eventually(lambda: not below(running))


def test_children_are_found_whatever_the_kernel_was_built_with() -> None:
    with subprocess.Popen(["sleep", "30"]) as child:  # noqa: S607 - any sleep will do
        try:
            both = (children_of(os.getpid()), children_among_all(os.getpid()))
        finally:
            child.kill()

    assert all(child.pid in found for found in both)
    assert set(both[0]) == set(both[1])
