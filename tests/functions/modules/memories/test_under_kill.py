"""A reminder that comes again is said once and planned once, whenever its process is killed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from functions.modules.memories.module import MODULE
from functions.modules.memories.store import Memories
from tests.helpers.killed_modules import (
    CONTEXT,
    Owner,
    a_call,
    a_process,
    asked,
    come_true,
    kill,
    kill_at_work,
    said,
)
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls, as_owner
from waddlebot.runtime.serve_module import ModuleDoor, serve_module

SAID = "⏰ Reminder for Ana: stretch"


@pytest.fixture
def door(database_urls: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleDoor[Memories]]:
    monkeypatch.setenv("DATABASE_URL", as_module(database_urls, "memories"))
    fresh = serve_module(MODULE, build=Memories)
    yield fresh
    fresh.close()


@pytest.fixture
def owner(database_urls: Urls) -> Iterator[Owner]:
    with psycopg.connect(as_owner(database_urls)) as connection:
        yield connection


@pytest.fixture
def due(door: ModuleDoor[Memories], owner: Owner) -> dict[str, Any]:
    """What the clock makes of a reminder that comes every hour, an hour after it was set."""
    began = datetime.now(UTC) - timedelta(hours=1)
    typed = {"command": "remind", "text": "every hour stretch", "event_type": "chatMessage"}
    door(a_call("exec-0", began, **typed), CONTEXT)
    [(at,)] = asked(owner, "SELECT remind_at FROM reminders")
    data = {"module": "memories", "reminder": 1, "at": at.isoformat()}
    return a_call("due:1", at, event_type="due", data=data)


def is_said_and_planned_once(door: ModuleDoor[Memories], due: dict[str, Any], owner: Owner) -> None:
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
    owner: Owner,
) -> None:
    owner.execute("SELECT FROM reminders FOR UPDATE")
    kill_at_work(MODULE.name, due, owner, database_urls)

    assert asked(owner, "SELECT count(*) FROM reminders WHERE said_at IS NOT NULL") == [(0,)]
    is_said_and_planned_once(door, due, owner)


def test_a_process_that_is_killed_behind_its_commit_is_asked_again_and_says_the_same(
    door: ModuleDoor[Memories], due: dict[str, Any], owner: Owner
) -> None:
    process = a_process(MODULE.name, due)
    is_said = "SELECT count(*) FROM reminders WHERE said_at IS NOT NULL"
    come_true(lambda: asked(owner, is_said) == [(1,)])
    kill(process)

    is_said_and_planned_once(door, due, owner)


def test_two_processes_that_are_handed_the_same_say_it_once(
    door: ModuleDoor[Memories], due: dict[str, Any], owner: Owner
) -> None:
    doors = [door, serve_module(MODULE, build=Memories)]
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda one: one(due, CONTEXT), doors))
    doors[1].close()

    assert answers[0] == answers[1]
    is_said_and_planned_once(door, due, owner)
