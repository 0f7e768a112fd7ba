"""Lines of people are counted by the record for those who wait for them, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.helpers.events_and_commands import a_community, a_session, an_event
from tests.helpers.ledgers import a_ledger
from waddlebot.domain.events import Event, Later
from waddlebot.domain.outcomes import Outcome
from waddlebot.stores.due import Due
from waddlebot.stores.lines_heard import lines_heard
from waddlebot.stores.postgres import Postgres

PLACE = an_event("x").entity


def a_line(**fields: object) -> Event:
    return an_event("hello", **{"occurred_at": datetime.now(UTC), **fields})  # type: ignore[arg-type]


def written(database: Postgres, *lines: Event, keep_days: int = 7) -> None:
    community = replace(a_community(), keep_days=keep_days)
    sessions = [a_session(event=line, community=community) for line in lines]
    a_ledger(database).record([Outcome(session=one) for one in sessions])


def counted(database: Postgres) -> int:
    with database.writer() as connection:
        return lines_heard(connection, PLACE).lines


def waits_for(database: Postgres, lines: int) -> None:
    with database.writer() as connection:
        Due(connection).plan(
            community_id=1,
            later=Later(entity=PLACE),
            module="timers",
            at=datetime.now(UTC) - timedelta(hours=1),
            data={},
            after_lines=lines,
        )


def ready(database: Postgres) -> int:
    with database.writer() as connection:
        return len(Due(connection).take(datetime.now(UTC) + timedelta(seconds=5), 10))


def test_lines_are_counted_once_where_somebody_asked(database: Postgres) -> None:
    written(database, a_line())
    assert counted(database) == 0

    lines = [a_line() for _ in range(3)]
    written(database, *lines)
    written(database, *lines)
    assert counted(database) == 3
    with database.writer() as connection:
        assert lines_heard(connection, PLACE).last_at == lines[-1].occurred_at


def test_edits_and_what_nobody_wrote_are_no_lines(database: Postgres) -> None:
    counted(database)
    written(database, a_line(watched_only=True), a_line(user=None), a_line())
    assert counted(database) == 1


def test_lines_that_a_community_does_not_keep_count_as_well(database: Postgres) -> None:
    counted(database)
    written(database, a_line(), a_line(), a_line(watched_only=True), keep_days=0)
    assert counted(database) == 2


def test_lines_that_are_not_kept_are_counted_once_as_well(database: Postgres) -> None:
    counted(database)
    lines = [a_line() for _ in range(3)]
    written(database, *lines, keep_days=0)
    written(database, *lines, keep_days=0)
    assert counted(database) == 3
    written(database, a_line(), keep_days=0)
    assert counted(database) == 4


def test_who_waits_is_woken_by_the_line_that_was_missing(database: Postgres) -> None:
    counted(database)
    waits_for(database, 2)
    written(database, a_line())
    assert ready(database) == 0
    written(database, a_line())
    assert ready(database) == 1
