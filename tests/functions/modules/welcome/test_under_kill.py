"""A newcomer is welcomed once, whenever the process is killed and however often it is told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from functions.modules.welcome.module import MODULE
from functions.modules.welcome.store import Welcomes
from tests.helpers.killed_modules import (
    CONTEXT,
    Owner,
    a_call,
    a_process,
    come_true,
    kill,
    kill_at_work,
    said,
)
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls, as_owner
from waddlebot.runtime.serve_module import ModuleDoor, serve_module

WELCOMED = "SELECT count(*) FROM people_welcomed"


@pytest.fixture
def door(database_urls: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleDoor[Welcomes]]:
    monkeypatch.setenv("DATABASE_URL", as_module(database_urls, "welcome"))
    fresh = serve_module(MODULE, build=Welcomes)
    on = told("on", command="welcome on", event_type="chatMessage")
    assert "From now on" in said(fresh(on, CONTEXT))[0]
    yield fresh
    fresh.close()


@pytest.fixture
def owner(database_urls: Urls) -> Iterator[Owner]:
    with psycopg.connect(as_owner(database_urls)) as connection:
        yield connection


def told(execution_id: str, **changes: Any) -> dict[str, Any]:
    """Bo's first line, now, unless something else is said."""
    bo = {"id": "7", "name": "Bo", "role": "user"}
    return a_call(
        execution_id, datetime.now(UTC), **{"user": bo, "event_type": "first_line", **changes}
    )


def count(owner: Owner) -> int:
    [(number,)] = owner.execute(WELCOMED).fetchall()
    owner.commit()
    return int(number)


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
    call = told("first:1")
    kill_at_work(MODULE.name, call, owner, database_urls)

    assert count(owner) == 0
    is_welcomed_once(door, call, owner)


def test_a_process_that_is_killed_behind_its_commit_is_asked_again_and_says_the_same(
    door: ModuleDoor[Welcomes], owner: Owner
) -> None:
    call = told("first:1")
    process = a_process(MODULE.name, call)
    come_true(lambda: count(owner) == 1)
    kill(process)
    is_welcomed_once(door, call, owner)


def test_two_processes_that_are_handed_the_same_welcome_once(
    door: ModuleDoor[Welcomes], owner: Owner
) -> None:
    doors = [door, serve_module(MODULE, build=Welcomes)]
    call = told("first:1")
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
    door(told("joins", command="welcome join", text="on", event_type="chatMessage"), CONTEXT)
    long_ago = (datetime.now(UTC) - timedelta(minutes=12)).isoformat()
    assert door(told("late", event_type=happens, occurred_at=long_ago), CONTEXT) == []
    assert count(owner) == 0
    assert len(door(told("soon", event_type=happens), CONTEXT)) == 1
