"""An engine is a file and a row: whatever else calls go through knows it from there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import redis

from functions.router import slow_handler
from functions.router.destinations.engines import ENGINES
from tests.functions.router.pigeon import PIGEON
from tests.helpers.added_modules import route
from tests.helpers.aws_context import AwsContext
from tests.helpers.events_and_commands import a_command, a_row, a_speaker
from tests.helpers.router_doors import Doors
from tests.helpers.stream_doors import left_by, told
from waddlebot.domain.outcomes import Reply
from waddlebot.stores.command_rows import CommandRows
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions

WAITS = timedelta(seconds=20)


@pytest.fixture
def coop(doors: Doors, database: Postgres, versions: Versions) -> Doors:
    """Its commands stand in the command table like any other's: one is quick, one is slow."""
    quick = a_row(a_command("coo", module="pigeons", usage="coo [words]"))
    slow = a_row(
        a_command(
            "fly", module="pigeons", usage="fly [words]", timeout_seconds=WAITS.total_seconds()
        )
    )
    rows = [replace(row, type="pigeon", location_url="coop") for row in (quick, slow)]
    with database.writer() as connection:
        token = CommandRows(connection).replace(rows)
    assert token
    versions.set_commands(token)
    return doors


def said(streams: redis.Redis) -> list[str]:
    return [one.text for one in left_by(streams) if isinstance(one, Reply)]


def test_it_is_called_waited_for_passed_on_limited_and_recorded_like_every_other(
    coop: Doors, database: Postgres, streams: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "pigeon", PIGEON)  # type: ignore[arg-type] - its row

    route(told("!coo good morning"))
    route(told("!coo nowhere", user=a_speaker("Max")))
    slow = route(told("!fly home", user=a_speaker("Olga")))
    [passed_on] = [one for one in coop.functions.seen if one.function == "router-slow"]
    slow_handler.handler(json.loads(passed_on.body), AwsContext(60))

    assert slow["passed_on"]
    quick, failed, late = said(streams)
    assert (quick, late) == ("coop: coo, good morning", "coop: fly, home")
    assert failed.startswith("!coo went wrong")
    rows = database.write(
        "SELECT command, status FROM command_executions WHERE module = 'pigeons' ORDER BY 1, 2"
    )
    assert [(row["command"], row["status"]) for row in rows] == [
        ("!coo", "failed"),
        ("!coo", "success"),
        ("!fly", "success"),
    ]


def test_without_its_row_nobody_is_called_and_all_else_goes_on(
    coop: Doors, streams: redis.Redis
) -> None:
    route(told("!coo good morning"))

    assert said(streams) == []
    assert coop.functions.seen == []
