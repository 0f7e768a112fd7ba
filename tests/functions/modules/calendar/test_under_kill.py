"""What is told later comes again after a kill, and is said once and planned once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.module import MODULE
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

MAX = {"id": "7", "name": "Max", "role": "moderator"}
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
    door(a_call("exec-0", began, user=MAX, command="event add", text=when), CONTEXT)
    kept = {"event_type": "button_click", "data": {"action": "keep", "context": "1"}}
    door(a_call("exec-1", began, user=MAX, **kept), CONTEXT)
    [(at, data)] = asked(owner, "SELECT at, data FROM due ORDER BY at DESC LIMIT 1")
    owner.execute("UPDATE due SET fired_at = now() WHERE at <= now()")
    owner.commit()
    assert at < datetime.now(UTC)
    return a_call("due:1", at, user=MAX, event_type="due", data={**data, "module": "calendar"})


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
    kill_at_work(MODULE.name, due, owner, database_urls)

    assert asked(owner, SENT) == [(0,)]
    is_said_and_planned_once(door, due, owner)


def test_a_reminder_that_is_killed_behind_its_commit_says_the_same_again(
    door: ModuleDoor[Gatherings], due: dict[str, Any], owner: Owner
) -> None:
    process = a_process(MODULE.name, due)
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
