"""The record finds each person's first line for a module that waits for it, once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.helpers.events_and_commands import (
    DISCORD,
    TWITCH,
    a_community,
    a_match,
    a_rule,
    a_rule_trigger,
    a_session,
    a_speaker,
    a_verdict,
    an_event,
)
from tests.helpers.ledgers import a_ledger
from waddlebot.domain.accounts import Account
from waddlebot.domain.events import Event, MessageType, Speaker
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.string_rules import RuleAction
from waddlebot.stores.due import Due, DueRow
from waddlebot.stores.first_lines import await_first_lines
from waddlebot.stores.personal_data import forget
from waddlebot.stores.postgres import Postgres

NINA, BO = a_speaker("Nina"), a_speaker("Bo")


def a_line(by: Speaker | None = NINA, **fields: object) -> Event:
    return an_event("hello", **{"user": by, "occurred_at": datetime.now(UTC), **fields})  # type: ignore[arg-type]


def outcomes(lines: Sequence[Event], *, keep_days: int = 7, community: int = 1) -> list[Outcome]:
    here = replace(a_community(id=community), keep_days=keep_days)
    return [Outcome(session=a_session(event=line, community=here)) for line in lines]


def written(database: Postgres, *lines: Event, keep_days: int = 7, community: int = 1) -> None:
    a_ledger(database).record(outcomes(lines, keep_days=keep_days, community=community))


def awaits(database: Postgres, *, wanted: bool = True, community: int = 1) -> None:
    with database.writer() as connection:
        await_first_lines(connection, community, "welcome", wanted=wanted)


def found(database: Postgres) -> list[DueRow]:
    with database.writer() as connection:
        due = Due(connection)
        rows = due.take(datetime.now(UTC) + timedelta(seconds=5), 1_000)
        due.mark([row.id for row in rows], datetime.now(UTC))
        return rows


def new_people(database: Postgres) -> list[str]:
    return sorted(row.user.name for row in found(database) if row.user)


@pytest.mark.parametrize("keep_days", [7, 0])
def test_the_first_line_of_each_person_is_told_once(database: Postgres, keep_days: int) -> None:
    awaits(database)
    lines = [a_line(), a_line(BO), a_line()]
    for _ in range(2):  # delivered again
        written(database, *lines, keep_days=keep_days)
    rows = found(database)
    assert sorted(row.user.name for row in rows if row.user) == ["Bo", "Nina"]
    told = rows[0].to_event()
    assert (told.type, told.entity, told.data) == (
        MessageType.FIRST_LINE,
        TWITCH,
        {"module": "welcome"},
    )
    written(database, a_line(), a_line(BO), keep_days=keep_days)
    assert new_people(database) == []


def test_two_routers_that_record_the_same_line_find_one(database: Postgres) -> None:
    awaits(database)
    lines = [a_line(a_speaker(f"P{number}")) for number in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: written(database, *lines), range(8)))
    assert new_people(database) == ["P0", "P1", "P2", "P3"]


def test_where_nobody_waits_nobody_is_noted(database: Postgres) -> None:
    written(database, a_line())
    assert new_people(database) == []
    assert database.write("SELECT * FROM first_lines") == []
    awaits(database, community=2)
    written(database, a_line(BO))
    assert database.write("SELECT * FROM first_lines") == []


@pytest.mark.parametrize("keep_days", [7, 0])
def test_whom_the_house_knew_before_is_not_new(database: Postgres, keep_days: int) -> None:
    """By their points, where no line of them is kept; also after it was off for a while."""
    written(database, a_line(), keep_days=keep_days)
    awaits(database)
    written(database, a_line(), a_line(BO), keep_days=keep_days)
    assert new_people(database) == ["Bo"]
    awaits(database, wanted=False)
    written(database, a_line(a_speaker("Ida")), keep_days=keep_days)
    awaits(database)
    written(database, a_line(a_speaker("Ida")), a_line(), keep_days=keep_days)
    assert new_people(database) == []


def test_who_followed_before_and_never_wrote_is_new(database: Postgres) -> None:
    written(database, a_line(type=MessageType.FOLLOW))
    awaits(database)
    written(database, a_line())
    assert new_people(database) == ["Nina"]


def test_who_wrote_in_a_place_before_it_came_to_the_community_is_not_new(
    database: Postgres,
) -> None:
    written(database, a_line(), community=2)
    awaits(database)
    written(database, a_line())
    assert new_people(database) == []


def test_a_linked_persons_first_line_elsewhere_is_none(database: Postgres) -> None:
    database.write("INSERT INTO people (id) OVERRIDING SYSTEM VALUE VALUES (7)")
    for platform, account in (("twitch", NINA.id), ("discord", "other")):
        database.write(
            f"INSERT INTO identities VALUES ('{platform}', '{account}', 7, 'Nina')"  # type: ignore[arg-type]  # noqa: S608 - of ours
        )
    awaits(database)
    written(database, a_line())
    written(database, a_line(Speaker(id="other", name="Nina"), entity=DISCORD))
    assert new_people(database) == ["Nina"]


@pytest.mark.parametrize("action", [RuleAction.BLOCK, RuleAction.WARN])
def test_a_line_that_a_rule_meets_is_nobodys_welcome(
    database: Postgres, action: RuleAction
) -> None:
    awaits(database)
    [outcome] = outcomes([a_line()])
    trigger = a_rule_trigger(a_rule(action=action))
    verdict = a_verdict(a_match(trigger, session=outcome.session))
    a_ledger(database).record([replace(outcome, verdicts=(verdict,))])
    written(database, a_line())
    assert new_people(database) == []


def test_bots_edits_and_private_talk_are_no_first_lines(database: Postgres) -> None:
    awaits(database)
    bot = Speaker(id="19264788", name="Nightbot", login="nightbot")
    edited = a_line(a_speaker("Ida"), watched_only=True)
    written(database, a_line(bot), a_line(private=True), a_line(None), edited)
    assert new_people(database) == []
    written(database, a_line(BO))
    assert new_people(database) == ["Bo"]


def test_a_raid_is_told_of_five_a_minute_and_all_are_known(database: Postgres) -> None:
    awaits(database)
    for batch in range(5):
        written(database, *(a_line(a_speaker(f"R{batch}-{one}")) for one in range(100)))
    assert len(found(database)) == 5
    assert len(database.write("SELECT * FROM first_lines")) == 500
    database.write("UPDATE first_lines_awaited SET minute_at = minute_at - interval '61 s'")
    written(database, a_line(), a_line(a_speaker("R0-99")))
    assert new_people(database) == ["Nina"]


def test_the_line_that_switches_it_on_is_nobodys_first(database: Postgres) -> None:
    typed = a_line()
    awaits(database)
    written(database, typed)
    written(database, a_line(), a_line(BO))
    assert new_people(database) == ["Bo"]


def test_what_is_recorded_late_is_no_news(database: Postgres) -> None:
    awaits(database)
    written(database, a_line(occurred_at=datetime.now(UTC) - timedelta(minutes=11)))
    written(database, a_line())
    assert new_people(database) == []


def test_who_is_forgotten_is_new_again(database: Postgres) -> None:
    awaits(database)
    written(database, a_line())
    with database.writer() as connection:
        forget(connection, Account("twitch", NINA.id))
    assert database.write("SELECT * FROM first_lines") == []
    found(database)
    written(database, a_line())
    assert new_people(database) == ["Nina"]
