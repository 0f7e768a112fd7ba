"""A newcomer is welcomed once, whenever the process is killed and however often it is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from functions.modules.welcome.module import MODULE
from functions.modules.welcome.store import Welcomes
from tests.helpers.module_users import as_module
from tests.helpers.patience import patience
from tests.helpers.servers import Urls, as_owner
from waddlebot.runtime.serve_module import ModuleDoor, serve_module

CONTEXT = SimpleNamespace(aws_request_id="request-1")
SERVES = """
import json, sys
from types import SimpleNamespace
from functions.modules.welcome.handler import handler
handler(json.loads(sys.stdin.readline()), SimpleNamespace(aws_request_id="request-2"))
sys.stdin.read()
"""
WELCOMED = "SELECT count(*) FROM people_welcomed"
Owner = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def door(database_urls: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleDoor[Welcomes]]:
    monkeypatch.setenv("DATABASE_URL", as_module(database_urls, "welcome"))
    fresh = serve_module(MODULE, build=Welcomes)
    on = a_call("on", command="welcome on", event_type="chatMessage")
    assert "From now on" in said(fresh(on, CONTEXT))[0]
    yield fresh
    fresh.close()


@pytest.fixture
def owner(database_urls: Urls) -> Iterator[Owner]:
    with psycopg.connect(as_owner(database_urls)) as connection:
        yield connection


def a_call(execution_id: str, **changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "version": 1,
        "execution_id": execution_id,
        "session_id": f"sess_{execution_id}",
        "event_type": "first_line",
        "user": {"id": "7", "name": "Bo", "role": "user"},
        "entity": {"id": "twitch:channel:1001", "platform": "twitch"},
        "community": {"id": 1, "name": "Demo"},
        "occurred_at": now.isoformat(),
        "deadline": (now + timedelta(seconds=60)).isoformat(),
        **changes,
    }


def said(answer: Any) -> list[str]:
    return [one["chat_message"] for one in answer]


def count(owner: Owner) -> int:
    [(number,)] = owner.execute(WELCOMED).fetchall()
    owner.commit()
    return int(number)


def come_true(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + patience(30)
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def a_process(call: dict[str, Any]) -> subprocess.Popen[str]:
    """Answers this call in a process of its own, which lives until it is killed."""
    paths = os.pathsep.join(filter(None, sys.path))
    process = subprocess.Popen(
        [sys.executable, "-c", SERVES],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(call) + "\n")
    process.stdin.flush()
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdin is not None
    process.stdin.close()


def is_welcomed_once(door: ModuleDoor[Welcomes], call: dict[str, Any], owner: Owner) -> None:
    """However often it is delivered from now on, and as whatever call."""
    answers = [said(door(call, CONTEXT)) for _ in range(2)]
    other = door({**call, "execution_id": "another"}, CONTEXT)
    assert answers == [["Welcome, Bo! Good to have you here."]] * 2
    assert other == []
    assert count(owner) == 1


def test_a_process_that_is_killed_at_work_has_welcomed_nobody(
    database_urls: Urls, door: ModuleDoor[Welcomes], owner: Owner
) -> None:
    owner.execute("SELECT FROM welcomes FOR UPDATE")
    ours = owner.info.backend_pid
    waiting = f"SELECT FROM pg_stat_activity WHERE {ours} = ANY (pg_blocking_pids(pid))"
    call = a_call("first:1")
    with psycopg.connect(as_owner(database_urls), autocommit=True) as watching:

        def is_held() -> bool:
            return watching.execute(waiting.encode()).fetchone() is not None

        process = a_process(call)
        end = time.monotonic() + patience(60)
        while not is_held():
            assert time.monotonic() < end
            if process.poll() is not None:  # its statement took too long: a slow machine
                kill(process)
                process = a_process(call)
            time.sleep(0.02)
        kill(process)
        owner.rollback()
        come_true(lambda: not is_held())

    assert count(owner) == 0
    is_welcomed_once(door, call, owner)


def test_a_process_that_is_killed_behind_its_commit_is_asked_again_and_says_the_same(
    door: ModuleDoor[Welcomes], owner: Owner
) -> None:
    call = a_call("first:1")
    process = a_process(call)
    come_true(lambda: count(owner) == 1)
    kill(process)
    is_welcomed_once(door, call, owner)


def test_two_processes_that_are_handed_the_same_welcome_once(
    door: ModuleDoor[Welcomes], owner: Owner
) -> None:
    doors = [door, serve_module(MODULE, build=Welcomes)]
    call = a_call("first:1")
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda one: one(call, CONTEXT), doors))
    doors[1].close()
    assert answers[0] == answers[1]
    is_welcomed_once(door, call, owner)


@pytest.mark.parametrize("happens", ["first_line", "member_join"])
def test_what_is_told_late_is_no_welcome(
    door: ModuleDoor[Welcomes], owner: Owner, happens: str
) -> None:
    """The writer was away for a while, say: who wrote then is not greeted out of the blue."""
    door(a_call("joins", command="welcome join", text="on", event_type="chatMessage"), CONTEXT)
    long_ago = (datetime.now(UTC) - timedelta(minutes=12)).isoformat()
    assert door(a_call("late", event_type=happens, occurred_at=long_ago), CONTEXT) == []
    assert count(owner) == 0
    assert len(door(a_call("soon", event_type=happens), CONTEXT)) == 1
