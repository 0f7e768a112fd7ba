"""What is on record of events and calls, in sentences."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import redis

from functions.router.record import Ledger
from tests.helpers.events_and_commands import (
    TWITCH,
    a_command,
    a_match,
    a_session,
    a_verdict,
    an_event,
)
from tests.helpers.operations_api import record_refusal
from tests.helpers.servers import Urls, catch_up
from tests.helpers.terminal import Terminal, address, terminal
from waddlebot.domain.events import MessageType
from waddlebot.domain.executions import Execution, Status, execution_id
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.refused_wishes import RefusedWish
from waddlebot.stores.keys import Partitions
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.valkey import connect
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.wishes import May

__all__ = ["address", "terminal"]


def test_calls_in_doubt_are_listed_until_somebody_has_looked(
    address: str, terminal: Terminal, environment: Urls, database: Postgres, streams: redis.Redis
) -> None:
    assert address
    event = an_event("!party hard")
    match = a_match(a_command("party", module="songs"), text="hard", session=a_session(event=event))
    verdict = a_verdict(match)
    ran = Execution(id=execution_id(match), verdict=verdict, status=Status.FAILED, error="in doubt")
    told = Outcome(session=match.session, verdicts=(verdict,), executions=(ran,))
    Ledger(database, LateRecords(streams, Partitions())).record([told])
    catch_up(environment)
    for at, one in enumerate(("e1", ran.id)):
        database.write(
            "INSERT INTO module_effects (execution_id, module, unsure, at) "
            "VALUES (%(id)s, 'songs', true, now() + %(at)s * interval '1 s')",
            {"id": one, "at": at},
        )

    head, row, whole, _, *advice = terminal.type("doubts list").splitlines()
    letters = terminal.type("dlq list")
    settled = terminal.type(f"doubts settle e1 e2 {ran.id}")
    code = terminal.code

    assert head.split() == ["ID", "WHEN", "MODULE", "WHO", "WHERE", "TYPED", "EVENT"]
    assert row.split()[0] == "e1"
    assert row.split()[-5:] == ["songs", "-", "-", "-", "-"]
    assert "!party hard" in whole
    assert whole.split()[-1] == event.id
    assert TWITCH not in whole
    assert "I do not know whether !party went through" in terminal.type(f"explain {event.id}")
    assert advice == [
        "2 calls. All about one: waddlebot explain EVENT",
        "You have looked: waddlebot doubts settle ID",
    ]
    assert code == 1
    assert letters.splitlines()[1] == "2 calls in doubt: see `waddlebot doubts list`."
    assert settled.splitlines() == [
        "e1  Settled.",
        "e2  It is not listed: already settled, or gone.",
        f"{ran.id}  Settled.",
    ]
    assert terminal.type("doubts list") == "No calls in doubt.\n"
    assert terminal.type_json("doubts list") == {"calls": []}


def test_what_modules_wished_and_may_not_is_listed_the_newest_first(
    address: str, terminal: Terminal, environment: Urls, database: Postgres, streams: redis.Redis
) -> None:
    assert address
    assert terminal.type("wishes") == "No module wished what it may not have.\n"
    old, new = refused_wish(database, streams, "host", 60), refused_wish(database, streams, "shy")
    catch_up(environment)

    head, first, second, _, advice = terminal.type("wishes").splitlines()

    assert head.split() == ["WHEN", "MODULE", "COMMUNITY", "WHERE", "WISHED", "WHY", "NOT", "EVENT"]
    assert first.split()[3] == "shy"
    assert first.endswith(f"say elsewhere  who types !module install coin  {new}")
    assert second.endswith(old)
    assert advice == "2 calls. All about one: waddlebot explain EVENT"
    [call] = terminal.type_json("wishes --module host")["calls"]
    assert (call["event"], call["user"], call["entity"]) == (old, "Ana", TWITCH)
    assert len(terminal.type_json("wishes --most 1")["calls"]) == 1


def refused_wish(
    database: Postgres, streams: redis.Redis, module: str, seconds_ago: float = 0
) -> str:
    """The id of the event."""
    at = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    event = an_event("!party", occurred_at=at)
    match = a_match(a_command("party", module=module), session=a_session(event=event))
    verdict = a_verdict(match)
    why = f"who types {say_command('module install coin')}"
    ran = Execution(
        id=execution_id(match),
        verdict=verdict,
        status=Status.SUCCESS,
        refused=(RefusedWish(wish=May.SAY_ELSEWHERE, why=why),),
    )
    told = Outcome(session=match.session, verdicts=(verdict,), executions=(ran,))
    Ledger(database, LateRecords(streams, Partitions())).record([told])
    return event.id


def test_an_event_is_explained_in_sentences(
    address: str, terminal: Terminal, streams: redis.Redis, database: Postgres
) -> None:
    assert address
    event_id = record_refusal(database, streams)

    line, verdict = terminal.type(f"explain {event_id}").splitlines()

    assert line.startswith("Ana in a channel on Twitch at ")
    assert re.search(r" at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC: !addquote hi$", line), line
    assert verdict == "  !addquote is for moderators; Ana is a user here."
    assert terminal.type_json("explain slack:T1/C1/17.1")["event_id"] == "slack:T1/C1/17.1"


def test_what_is_no_line_is_explained_as_well(
    address: str, terminal: Terminal, database: Postgres
) -> None:
    assert address
    raid = an_event(type=MessageType.RAID, id="twitch:raid-1", occurred_at=datetime.now(UTC))
    client = connect("redis://127.0.0.1:1/0")
    Ledger(database, LateRecords(client, Partitions())).record(
        [Outcome(session=a_session(event=raid))]
    )

    what, why = terminal.type("explain twitch:raid-1").splitlines()

    assert what.startswith("raid by Ana in a channel on Twitch at ")
    assert why == "  Nothing matched it: nobody was answered."


def test_an_unknown_event_is_one_sentence(address: str, terminal: Terminal) -> None:
    assert address

    terminal.type("explain discord:1")

    assert terminal.code == 1
    assert terminal.out == ""
    assert terminal.err.startswith("Nothing was recorded of this event.")
