"""Lines that nobody asked for call no module, whatever is on and whoever waits for lines."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, datetime

import pytest

from bench.chat_log import quiet_lines
from functions.catalogue import lambda_modules
from functions.router.resources import Invocation, build_kept, calls_end, router_for
from functions.router.route import route
from tests.helpers.events_and_commands import a_speaker, an_event
from tests.helpers.house_commands import sync_house
from tests.helpers.lambda_stand_in import Door, lambda_stand_in
from tests.helpers.servers import Urls, catch_up
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event, Later
from waddlebot.runtime.resources import Resources
from waddlebot.stores.due import Due
from waddlebot.stores.first_lines import await_first_lines
from waddlebot.stores.lines_heard import lines_heard
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

LINES, BATCH = 1_000, 100
PLACE = EntityId("twitch:channel:1001")


def refuses(door: Door) -> None:
    door.says({"errorMessage": "nobody is to be called"}, status=500)


@pytest.mark.usefixtures("limits", "streams")
def test_a_thousand_quiet_lines_call_no_module(
    database: Postgres, database_urls: Urls, versions: Versions
) -> None:
    sync_house(database, versions)
    with editing(database, versions) as edit:
        community = Places(edit).open(PLACE)
        Places(edit).greet(PLACE)
        lines_heard(edit.connection, PLACE)
        # One that wakes on the way, and one that waits for more.
        for lines in (LINES // 2, LINES * 2):
            Due(edit.connection).plan(
                community_id=community,
                later=Later(entity=PLACE),
                module="timers",
                at=datetime.now(UTC),
                data={},
                after_lines=lines,
            )
    catch_up(database_urls)
    said = (
        an_event(
            line.text,
            id=f"twitch:{uuid.uuid4()}",
            entity=PLACE,
            user=a_speaker(f"Person{number % 50}"),
            occurred_at=datetime.now(UTC),
        )
        for number, line in enumerate(itertools.islice(quiet_lines(), LINES))
    )
    with lambda_stand_in(refuses) as called:
        resources = Resources(called.environment(**database_urls))
        kept = build_kept(resources)
        while batch := list(itertools.islice(said, BATCH)):
            invocation = Invocation(
                owner=uuid.uuid4().hex, remaining_seconds=12.0, calls_end=calls_end(12.0)
            )
            outcomes = route(batch, router_for(invocation, kept))
            assert [verdict for one in outcomes for verdict in one.verdicts] == []
        resources.close()

    assert called.seen == []
    assert len(lambda_modules()) > 3
    with database.writer() as connection:
        assert lines_heard(connection, PLACE).lines == LINES
        assert len(Due(connection).take(datetime.now(UTC), 10)) == 1


@pytest.mark.usefixtures("limits", "streams")
def test_with_welcome_on_there_is_one_call_a_person_and_none_for_the_lines_after_it(
    database: Postgres, database_urls: Urls, versions: Versions
) -> None:
    sync_house(database, versions)
    with editing(database, versions) as edit:
        community = Places(edit).open(PLACE)
        Places(edit).greet(PLACE)
        await_first_lines(edit.connection, community, "welcome", wanted=True)
    catch_up(database_urls)
    said = [
        an_event(
            line.text,
            id=f"twitch:{uuid.uuid4()}",
            entity=PLACE,
            user=a_speaker(f"Person{number % 3}"),
            occurred_at=datetime.now(UTC),
        )
        for number, line in enumerate(itertools.islice(quiet_lines(), 300))
    ]
    with lambda_stand_in(lambda door: door.says([])) as called:
        resources = Resources(called.environment(**database_urls))
        kept = build_kept(resources)

        def routed(*events: Event) -> None:
            invocation = Invocation(
                owner=uuid.uuid4().hex, remaining_seconds=12.0, calls_end=calls_end(12.0)
            )
            route(events, router_for(invocation, kept))

        for start in range(0, len(said), BATCH):
            routed(*said[start : start + BATCH])
        assert called.seen == []
        with database.writer() as connection:
            due = Due(connection).take(datetime.now(UTC), 1_000)
        for row in (*due, *due):  # each is told again
            routed(row.to_event())
        resources.close()

    assert {row.user.name for row in due if row.user} == {"Person0", "Person1", "Person2"}
    assert [seen.function for seen in called.seen] == ["test-welcome"] * 3
