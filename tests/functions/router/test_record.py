"""What is left of a batch: lines, verdicts and overlay pushes, once each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import redis

from tests.helpers.events_and_commands import a_command, a_match, a_session, a_speaker, an_event
from tests.helpers.ledgers import a_ledger
from tests.helpers.overlays import a_token, give_token_of_all
from tests.helpers.servers import Urls
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.executions import Execution, Status, execution_id
from waddlebot.domain.matches import Standing
from waddlebot.domain.outcomes import Outcome, OverlayPush
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.overlays import Overlays
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.records import Records
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.responses import Chat

TOKEN = a_token("a record")


def a_line(text: str = "!quote", **fields: object) -> Event:
    return an_event(text, **{"occurred_at": datetime.now(UTC), **fields})  # type: ignore[arg-type]


def an_outcome(
    event: Event | None = None,
    *,
    reason: Reason = Reason.ALLOWED,
    status: Status | None = Status.SUCCESS,
    **fields: object,
) -> Outcome:
    session = a_session(event=event or a_line())
    verdict = Verdict(match=a_match(a_command(), session=session, text="3"), reason=reason)
    executions = () if status is None else (an_execution(verdict, status),)
    outcome = Outcome(session=session, verdicts=(verdict,), executions=executions)
    return replace(outcome, **fields)  # type: ignore[arg-type]


def an_execution(verdict: Verdict, status: Status) -> Execution:
    number = execution_id(verdict.match)
    return Execution(id=number, verdict=verdict, status=status, responses=(Chat("hi"),))


def executions(database: Postgres) -> list[dict[str, object]]:
    return database.write("SELECT * FROM command_executions ORDER BY execution_id")


def counted(database: Postgres) -> tuple[int, int]:
    [row] = database.write(
        """
        SELECT (SELECT count(*) FROM messages) AS m,
            (SELECT count(*) FROM command_executions) AS e
        """
    )
    return row["m"], row["e"]


def test_a_line_and_its_verdict_are_recorded_once_however_often_delivered(
    database: Postgres,
) -> None:
    outcome = an_outcome()
    repeated = replace(outcome, standing=Standing.DONE, executions=())

    a_ledger(database).record([outcome])
    a_ledger(database).record([outcome, repeated])

    assert counted(database) == (1, 1)
    [row] = executions(database)
    assert (row["status"], row["reason"], row["arguments"]) == ("success", "allowed", "3")
    assert row["response_data"] == [Chat("hi").to_wire()]


def test_the_same_event_twice_in_a_batch_is_one_row(database: Postgres) -> None:
    event = a_line()
    folded = an_outcome(event, reason=Reason.REPEATED, status=None, standing=Standing.DONE)

    a_ledger(database).record([an_outcome(event), folded])

    assert [row["status"] for row in executions(database)] == ["success"]


def test_a_late_answer_replaces_pending_and_nothing_else(database: Postgres) -> None:
    event = a_line()
    ledger = a_ledger(database)

    for status in (Status.PENDING, Status.SUCCESS, Status.FAILED, Status.PENDING):
        ledger.record([an_outcome(event, status=status)])

    assert [row["status"] for row in executions(database)] == ["success"]


def test_a_refusal_is_recorded_with_its_reason_and_a_raid_leaves_no_line(
    database: Postgres,
) -> None:
    raid = a_line("", type=MessageType.RAID)

    a_ledger(database).record([an_outcome(raid, reason=Reason.ROLE, status=None)])

    assert counted(database) == (0, 1)
    assert [(row["reason"], row["status"]) for row in executions(database)] == [("role", None)]


def test_what_another_router_does_is_left_to_it(database: Postgres) -> None:
    a_ledger(database).record([an_outcome(standing=Standing.BUSY)])

    assert counted(database) == (0, 0)


@pytest.mark.parametrize("no_text", ["\0", "\ud800"])
def test_one_bad_line_does_not_take_the_others_with_it(
    database: Postgres, streams: redis.Redis, no_text: str
) -> None:
    bad = a_line(f"what no door should let in: {no_text}")

    a_ledger(database, streams).record([an_outcome(), an_outcome(bad), an_outcome()])

    assert counted(database) == (2, 2)
    [(_, letter)] = streams.xrange(Partition().dead_letters())
    assert bad.id.encode() in letter[b"row"]


def test_without_the_writer_the_record_is_written_when_it_is_back(
    database: Postgres, streams: redis.Redis
) -> None:
    away = Postgres("postgresql://waddlebot@127.0.0.1:1/waddlebot", name="tests")
    a_ledger(away, streams).record(
        [an_outcome(), an_outcome(a_line(asked_until=datetime.now(UTC)))]
    )
    late = LateRecords(streams, Partitions())
    with pytest.raises(Unavailable):
        late.write(away)

    assert late.write(database) == 1
    assert counted(database) == (2, 2)
    assert late.write(database) == 0


def test_who_kept_a_record_writes_it_with_the_next_one(
    database: Postgres, owner: Postgres, database_urls: Urls, streams: redis.Redis
) -> None:
    with closing(Postgres(database_urls["DATABASE_URL"], name="tests")) as postgres:
        ledger = a_ledger(postgres, streams)
        with no_partition(owner):
            ledger.record([an_outcome()])
        ledger.record([an_outcome()])

    assert counted(database) == (2, 2)
    assert streams.xlen(Partition().late_records()) == 0


def test_what_was_kept_and_is_refused_is_a_dead_letter(
    database: Postgres, streams: redis.Redis
) -> None:
    away = Postgres("postgresql://waddlebot@127.0.0.1:1/waddlebot", name="tests")
    a_ledger(away, streams).record([an_outcome(a_line("\0"))])

    LateRecords(streams, Partitions()).write(database)

    assert counted(database) == (0, 0)
    assert streams.xlen(Partition().dead_letters()) == 1
    assert streams.xlen(Partition().late_records()) == 0


@pytest.mark.parametrize(("days", "kept_as"), [(-400, -1), (-1, -1), (0, 0), (400, 0)])
def test_a_platform_with_a_wrong_clock_still_gets_a_row(
    database: Postgres, days: int, kept_as: int
) -> None:
    now = datetime.now(UTC)
    a_ledger(database).record([an_outcome(a_line(occurred_at=now + timedelta(days=days)))])

    [row] = executions(database)
    assert row["occurred_on"] == now.date() + timedelta(days=kept_as)


def test_a_batch_is_one_statement(database: Postgres, database_urls: Urls) -> None:
    outcomes = [an_outcome() for _ in range(100)]
    master = Postgres(database_urls["DATABASE_MASTER_URL"], name="tests")
    master.write(
        "SELECT pg_stat_statements_reset(0, (SELECT oid FROM pg_database "
        "WHERE datname = current_database()), 0)"
    )

    a_ledger(database).record(outcomes)

    assert counted(database) == (100, 100)
    [row] = master.write(
        "SELECT sum(calls)::int AS calls FROM pg_stat_statements WHERE toplevel AND query ILIKE %s "
        "AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
        ("%INSERT INTO%",),
    )
    master.close()
    assert row["calls"] == 1


def test_without_the_writer_told_events_wait_and_asked_ones_have_their_answer() -> None:
    away = Postgres("postgresql://nobody@127.0.0.1:1/nothing")

    with pytest.raises(Unavailable, match="streams server"):
        a_ledger(away).record([an_outcome()])
    a_ledger(away).record([an_outcome(a_line(asked_until=datetime.now(UTC)))])


def test_what_was_recorded_can_be_told_again(database: Postgres) -> None:
    event = a_line("!quote 3")
    a_ledger(database).record([an_outcome(event)])
    records = Records(database)

    told = records.explain(event.id)

    assert told is not None
    assert told["message"]["text"] == "!quote 3"
    assert [one["reason"] for one in told["verdicts"]] == ["allowed"]
    assert records.explain("nobody:1") is None
    [last] = records.last_for(CommunityId(1), "id-ana", event.entity)
    assert last["event_id"] == event.id
    assert records.counts(CommunityId(1), datetime.now(UTC) - timedelta(hours=1)) == {
        "messages": 1,
        "people": 1,
        "calls": 1,
        "refused": 0,
        "failed": 0,
    }


@pytest.fixture
def community(database: Postgres, versions: Versions) -> CommunityId:
    with editing(database, versions) as edit:
        community = Places(edit).open(an_event().entity)
        give_token_of_all(edit.connection, community, TOKEN)
    return community


def pushes(community: CommunityId, *texts: str, source: str = "ticker") -> Outcome:
    outcome = an_outcome()
    pushed = [
        OverlayPush(
            community=community,
            execution_id=outcome.executions[0].id,
            source=source,
            content={"ticker_text": text},
        )
        for text in texts
    ]
    return replace(outcome, overlay_pushes=tuple(pushed))


def shown(database: Postgres, after: int = 0, *, minutes: int = 0) -> Sequence[object]:
    """So many minutes from now."""
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    overlays = Overlays(database)
    community = overlays.community_of(TOKEN, at)
    assert community is not None
    state = overlays.state(community, "ticker", after=after, now=at)
    return [state.last, *((push.number, push.content["ticker_text"]) for push in state.pushes)]


def test_pushes_are_numbered_in_order_and_expire(
    database: Postgres, community: CommunityId
) -> None:
    a_ledger(database).record([pushes(community, "one", "two"), pushes(community, "three")])
    a_ledger(database).record([pushes(community, "four", source="media")])

    assert shown(database) == [4, (1, "one"), (2, "two"), (3, "three")]
    assert shown(database, after=2) == [4, (3, "three")]
    assert shown(database, minutes=5) == [4]


def test_a_repeated_record_shows_nothing_twice(database: Postgres, community: CommunityId) -> None:
    outcome = pushes(community, "one")

    a_ledger(database).record([outcome])
    a_ledger(database).record([outcome])

    assert shown(database)[1:] == [(1, "one")]


def test_only_the_token_opens_an_overlay(database: Postgres, community: CommunityId) -> None:
    assert Overlays(database).community_of(TOKEN, datetime.now(UTC)) == community
    assert Overlays(database).community_of(a_token("x"), datetime.now(UTC)) is None


def test_a_day_without_a_partition_is_no_reason_to_drop_rows(
    database: Postgres, owner: Postgres, streams: redis.Redis
) -> None:
    with no_partition(owner):
        a_ledger(database, streams).record([an_outcome()])

        with pytest.raises(Unavailable, match="record of today"):
            LateRecords(streams, Partitions()).write(database)

    assert LateRecords(streams, Partitions()).write(database) == 1


@contextmanager
def no_partition(owner: Postgres) -> Iterator[None]:
    """As on a day for which nobody has made room."""
    with owner.writer() as connection:
        connection.execute("ALTER TABLE messages RENAME TO kept_messages")
        connection.execute(
            "CREATE TABLE messages (LIKE kept_messages) PARTITION BY RANGE (occurred_on)"
        )
        connection.execute("ALTER TABLE messages ADD PRIMARY KEY (event_id, occurred_on)")
        connection.execute("GRANT ALL ON messages TO waddlebot_app")
    yield
    with owner.writer() as connection:
        connection.execute("DROP TABLE messages")
        connection.execute("ALTER TABLE kept_messages RENAME TO messages")


@pytest.mark.parametrize(
    "kind",
    [MessageType.RAID, MessageType.FOLLOW, MessageType.STREAM_ONLINE, MessageType.MEMBER_JOIN],
)
def test_what_is_no_line_has_a_story_though_nothing_met_it(
    database: Postgres, kind: MessageType
) -> None:
    user = None if kind is MessageType.STREAM_ONLINE else a_speaker()
    event = a_line("", type=kind, user=user, message=None)
    outcome = Outcome(session=a_session(event=event))
    for _ in range(2):
        a_ledger(database).record([outcome])
    story = Records(database).explain(event.id)
    assert story is not None
    assert story["happening"]["type"] == kind.value
    assert story["happening"]["user_name"] == (user.name if user else None)
    assert (story["message"], story["verdicts"]) == (None, [])


def test_where_nothing_is_kept_no_happening_is(database: Postgres) -> None:
    event = a_line("", type=MessageType.RAID)
    session = a_session(event=event)
    session = replace(session, community=replace(session.community, keep_days=0))
    a_ledger(database).record([Outcome(session=session)])
    assert Records(database).explain(event.id) is None
