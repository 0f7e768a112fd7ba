"""What is told later comes again after a kill, and is said once and planned once."""

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

from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.module import MODULE
from tests.helpers.module_users import as_module
from tests.helpers.patience import patience
from tests.helpers.servers import Urls, as_owner
from waddlebot.runtime.serve_module import ModuleDoor, serve_module

CONTEXT = SimpleNamespace(aws_request_id="request-1")
SERVES = """
import json, sys
from types import SimpleNamespace
from functions.modules.calendar.handler import handler
handler(json.loads(sys.stdin.readline()), SimpleNamespace(aws_request_id="request-2"))
sys.stdin.read()
"""
Owner = psycopg.Connection[tuple[Any, ...]]
SENT = "SELECT count(*) FROM event_reminders WHERE sent_at IS NOT NULL"
PLANNED = "SELECT count(*) FROM due WHERE fired_at IS NULL AND at > now()"


@pytest.fixture
def door(database_urls: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleDoor[Gatherings]]:
    monkeypatch.setenv("DATABASE_URL", as_module(database_urls, "calendar"))
    fresh = serve_module(MODULE, build=Gatherings)
    yield fresh
    fresh.close()


@pytest.fixture
def owner(database_urls: Urls) -> Iterator[Owner]:
    with psycopg.connect(as_owner(database_urls)) as connection:
        yield connection


@pytest.fixture
def due(door: ModuleDoor[Gatherings], owner: Owner) -> dict[str, Any]:
    """What the clock makes of the reminder that an evening of every day begins, as it does."""
    began = datetime.now(UTC) - timedelta(hours=1)
    when = f"every day {began + timedelta(minutes=59):%H:%M:%S} Game night"
    door(a_call("exec-0", began, command="event add", text=when), CONTEXT)
    kept = {"event_type": "button_click", "data": {"action": "keep", "context": "1"}}
    door(a_call("exec-1", began, **kept), CONTEXT)
    [(at, data)] = asked(owner, "SELECT at, data FROM due ORDER BY at DESC LIMIT 1")
    owner.execute("UPDATE due SET fired_at = now() WHERE at <= now()")
    owner.commit()
    assert at < datetime.now(UTC)
    return a_call("due:1", at, event_type="due", data={**data, "module": "calendar"})


def a_call(execution_id: str, at: datetime, **changes: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "execution_id": execution_id,
        "session_id": f"sess_{execution_id}",
        "user": {"id": "7", "name": "Max", "role": "moderator"},
        "entity": {"id": "twitch:channel:1001", "platform": "twitch"},
        "community": {"id": 1, "name": "Demo"},
        "event_type": "chatMessage",
        "occurred_at": at.isoformat(),
        "deadline": (datetime.now(UTC) + timedelta(seconds=60)).isoformat(),
        **changes,
    }


def asked(owner: Owner, statement: str) -> list[tuple[Any, ...]]:
    rows = owner.execute(statement.encode()).fetchall()
    owner.commit()
    return rows


def come_true(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + patience(60)
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


def said(answer: Any) -> list[str]:
    return [one["chat_message"] for one in answer]


def is_said_and_planned_once(
    door: ModuleDoor[Gatherings], due: dict[str, Any], owner: Owner
) -> None:
    """However often it is delivered from now on; the three of tomorrow's evening are planned."""
    answers = [door(due, CONTEXT) for _ in range(2)]
    other = door({**due, "execution_id": "due:1:again"}, CONTEXT)

    assert list(map(said, answers)) == [["⏰ Now: #1 Game night. 0 come."]] * 2
    assert other == []
    assert asked(owner, SENT) == [(1,)]
    assert asked(owner, PLANNED) == [(3,)]


def test_a_reminder_that_is_killed_at_work_was_not_said_and_is_said_once(
    database_urls: Urls, door: ModuleDoor[Gatherings], due: dict[str, Any], owner: Owner
) -> None:
    owner.execute("SELECT FROM event_reminders FOR UPDATE")
    ours = owner.info.backend_pid
    waiting = f"SELECT FROM pg_stat_activity WHERE {ours} = ANY (pg_blocking_pids(pid))"
    with psycopg.connect(as_owner(database_urls), autocommit=True) as watching:

        def is_held() -> bool:
            return watching.execute(waiting.encode()).fetchone() is not None

        process = a_process(due)
        end = time.monotonic() + patience(60)
        while not is_held():
            assert time.monotonic() < end
            if process.poll() is not None:  # its statement took too long: a slow machine
                kill(process)
                process = a_process(due)
            time.sleep(0.02)
        kill(process)
        owner.rollback()
        come_true(lambda: not is_held())

    assert asked(owner, SENT) == [(0,)]
    is_said_and_planned_once(door, due, owner)


def test_a_reminder_that_is_killed_behind_its_commit_says_the_same_again(
    door: ModuleDoor[Gatherings], due: dict[str, Any], owner: Owner
) -> None:
    process = a_process(due)
    come_true(lambda: asked(owner, SENT) == [(1,)])
    kill(process)

    is_said_and_planned_once(door, due, owner)


def test_two_processes_that_are_handed_one_reminder_say_it_once(
    door: ModuleDoor[Gatherings], due: dict[str, Any], owner: Owner
) -> None:
    doors = [door, serve_module(MODULE, build=Gatherings)]
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda one: one(due, CONTEXT), doors))
    doors[1].close()

    assert answers[0] == answers[1]
    is_said_and_planned_once(door, due, owner)
