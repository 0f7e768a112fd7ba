"""A reminder that comes again is said once and planned once, whenever its process is killed."""

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

from functions.modules.memories.module import MODULE
from functions.modules.memories.store import Memories
from tests.helpers.module_users import as_module
from tests.helpers.patience import patience
from tests.helpers.servers import Urls, as_owner
from waddlebot.runtime.serve_module import ModuleDoor, serve_module

CONTEXT = SimpleNamespace(aws_request_id="request-1")
SERVES = """
import json, sys
from types import SimpleNamespace
from functions.modules.memories.handler import handler
handler(json.loads(sys.stdin.readline()), SimpleNamespace(aws_request_id="request-2"))
sys.stdin.read()
"""
SAID = "⏰ Reminder for Ana: stretch"


@pytest.fixture
def door(database_urls: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleDoor[Memories]]:
    monkeypatch.setenv("DATABASE_URL", as_module(database_urls, "memories"))
    fresh = serve_module(MODULE, build=Memories)
    yield fresh
    fresh.close()


@pytest.fixture
def owner(database_urls: Urls) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    with psycopg.connect(as_owner(database_urls)) as connection:
        yield connection


@pytest.fixture
def due(door: ModuleDoor[Memories], owner: psycopg.Connection[tuple[Any, ...]]) -> dict[str, Any]:
    """What the clock makes of a reminder that comes every hour, an hour after it was set."""
    began = datetime.now(UTC) - timedelta(hours=1)
    typed = {"command": "remind", "text": "every hour stretch", "event_type": "chatMessage"}
    door(a_call("exec-0", began, **typed), CONTEXT)
    [(at,)] = asked(owner, "SELECT remind_at FROM reminders")
    data = {"module": "memories", "reminder": 1, "at": at.isoformat()}
    return a_call("due:1", at, event_type="due", data=data)


def a_call(execution_id: str, at: datetime, **changes: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "execution_id": execution_id,
        "session_id": f"sess_{execution_id}",
        "user": {"id": "7", "name": "Ana", "role": "user"},
        "entity": {"id": "twitch:channel:1001", "platform": "twitch"},
        "community": {"id": 1, "name": "Demo"},
        "occurred_at": at.isoformat(),
        "deadline": (datetime.now(UTC) + timedelta(seconds=60)).isoformat(),
        **changes,
    }


def asked(owner: psycopg.Connection[tuple[Any, ...]], statement: str) -> list[tuple[Any, ...]]:
    rows = owner.execute(statement.encode()).fetchall()
    owner.commit()
    return rows


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


def said(answer: Any) -> list[str]:
    return [one["chat_message"] for one in answer]


def is_said_and_planned_once(
    door: ModuleDoor[Memories], due: dict[str, Any], owner: psycopg.Connection[tuple[Any, ...]]
) -> None:
    """However often it is delivered from now on."""
    answers = [door(due, CONTEXT) for _ in range(2)]
    other = door({**due, "execution_id": "due:1:again"}, CONTEXT)

    assert list(map(said, answers)) == [[SAID], [SAID]]
    assert other == []
    planned = "SELECT count(*) FROM due WHERE fired_at IS NULL AND at > now()"
    assert asked(owner, planned) == [(1,)]
    assert asked(owner, "SELECT count(*) FROM reminders WHERE sent_at IS NULL") == [(1,)]


def test_a_process_that_is_killed_at_work_has_said_and_planned_nothing(
    database_urls: Urls,
    door: ModuleDoor[Memories],
    due: dict[str, Any],
    owner: psycopg.Connection[tuple[Any, ...]],
) -> None:
    owner.execute("SELECT FROM reminders FOR UPDATE")
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

    assert asked(owner, "SELECT count(*) FROM reminders WHERE said_at IS NOT NULL") == [(0,)]
    is_said_and_planned_once(door, due, owner)


def test_a_process_that_is_killed_behind_its_commit_is_asked_again_and_says_the_same(
    door: ModuleDoor[Memories], due: dict[str, Any], owner: psycopg.Connection[tuple[Any, ...]]
) -> None:
    process = a_process(due)
    is_said = "SELECT count(*) FROM reminders WHERE said_at IS NOT NULL"
    come_true(lambda: asked(owner, is_said) == [(1,)])
    kill(process)

    is_said_and_planned_once(door, due, owner)


def test_two_processes_that_are_handed_the_same_say_it_once(
    door: ModuleDoor[Memories], due: dict[str, Any], owner: psycopg.Connection[tuple[Any, ...]]
) -> None:
    doors = [door, serve_module(MODULE, build=Memories)]
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda one: one(due, CONTEXT), doors))
    doors[1].close()

    assert answers[0] == answers[1]
    is_said_and_planned_once(door, due, owner)
