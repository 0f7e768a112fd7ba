"""What was given up is listed, shown, replayed once and dropped."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis

from functions.router.record import Ledger
from tests.helpers.events_and_commands import a_session, an_event
from tests.helpers.letters import a_bad_row, a_dead_event, a_doubt, a_reply
from tests.helpers.operations_api import ask
from tests.helpers.servers import Urls
from waddlebot.domain.events import Interaction
from waddlebot.domain.outcomes import Outcome
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.receipts import MOST_ATTEMPTS, ReceiptStore
from waddlebot.stores.streams import VERSION, decode_event, decode_outgoing

LIST = "GET /api/operations/dead-letters"
SHOW = "GET /api/operations/dead-letters/{id}"
REPLAY = "POST /api/operations/dead-letters/replay"
DROP = "POST /api/operations/dead-letters/drop"

ONE = Partition()


@pytest.fixture(autouse=True)
def _servers(environment: Urls, streams: redis.Redis) -> None:
    assert environment
    assert streams


def replay(*ids: str) -> list[tuple[str, str]]:
    return decide(REPLAY, ids)


def drop(*ids: str) -> list[tuple[str, str]]:
    return decide(DROP, ids)


def decide(route: str, ids: tuple[str, ...]) -> list[tuple[str, str]]:
    status, told = ask(route, {"ids": ids}, key="key-admin")
    assert status == 200, told
    return [(result["id"], result["fate"]) for result in told["results"]]


def listed(**query: str) -> list[str]:
    return [letter["id"] for letter in ask(LIST, query=query)[1]["letters"]]


def the_only_entry(streams: redis.Redis, stream: str) -> dict[bytes, bytes]:
    entries: Any = streams.xrange(stream)
    [(_, fields)] = entries
    return dict(fields)


def test_all_kinds_are_listed_oldest_first_with_what_they_are_about(streams: redis.Redis) -> None:
    event = a_dead_event(streams, an_event("!quote 3", id="twitch:7"))
    reply = a_doubt(streams, a_reply())
    row = a_bad_row(streams)

    status, told = ask(LIST)

    assert status == 200
    assert [letter["id"] for letter in told["letters"]] == sorted([event, reply, row])
    by_id = {letter["id"]: letter for letter in told["letters"]}
    assert by_id[event]["about"] == {
        "id": "twitch:7",
        "entity": "twitch:channel:1001",
        "user": "Ana",
        "text": "!quote 3",
    }
    assert by_id[event]["reason"] == "the router died 3 times"
    assert [by_id[one]["kind"] for one in (event, reply, row)] == ["event", "reply", "record"]
    assert [by_id[one]["in_doubt"] for one in (event, reply, row)] == [False, True, False]
    assert [by_id[one]["can_be_replayed"] for one in (event, reply, row)] == [True, True, False]
    assert told["next"] is None


def test_pages_miss_nothing_and_repeat_nothing_over_partitions_and_kinds(
    streams: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WADDLEBOT_STREAM_PARTITIONS", "3")
    written = []
    for at in Partitions(3):
        for entry in ("5-0", "5-1", "9-0"):
            for stream, kind in ((at.dead_letters(), ""), (at.doubtful_replies(), "-doubt")):
                streams.xadd(stream, {"v": VERSION, "event": b"{}", "reason": "r"}, id=entry)
                written.append(f"{at.number}-{entry}{kind}")

    pages, after = [], ""
    while after is not None:
        told = ask(LIST, query={"limit": "4", "after": after})[1]
        pages += [letter["id"] for letter in told["letters"]]
        after = told["next"]

    assert len(pages) == len(written)
    assert set(pages) == set(written)


def test_a_letter_is_shown_without_what_would_let_others_answer(streams: redis.Redis) -> None:
    way_back = Interaction(application="1", id="2", token="s3cret", until=datetime.now(UTC))
    letter = a_dead_event(streams, an_event("hi", way_back=way_back))

    told = ask(SHOW, id=letter)[1]

    assert told["letter"]["content"]["text"] == "hi"
    assert told["letter"]["content"]["way_back"]["token"] == "(hidden)"
    assert "s3cret" not in json.dumps(told)


def test_a_replayed_event_is_told_again_once_and_marked_as_replayed(
    streams: redis.Redis,
) -> None:
    happened = datetime.now(UTC) - timedelta(hours=3)
    event = an_event("!quote 3", occurred_at=happened)
    letter = a_dead_event(streams, event)
    before = datetime.now(UTC)

    fates = [*replay(letter), *replay(letter), *drop(letter)]

    assert [fate for _, fate in fates] == ["replayed", "gone", "gone"]
    fields = the_only_entry(streams, ONE.events_stream())
    assert decode_event(fields).id == event.id
    assert decode_event(fields).occurred_at == happened
    replayed_at = datetime.fromisoformat(json.loads(fields[b"event"])["replayed_at"])
    assert before <= replayed_at <= datetime.now(UTC)
    assert listed() == []


def test_a_spent_event_can_be_begun_again_after_its_replay(streams: redis.Redis) -> None:
    event = an_event("!quote 3")
    receipts = ReceiptStore(streams, Partitions(1))
    for number in range(MOST_ATTEMPTS):
        receipts.begin([event], f"owner-{number}", 0)
    [spent] = receipts.begin([event], "another", 10)
    letter = a_dead_event(streams, event, "it was begun five times and never finished")

    replay(letter)

    [begun] = receipts.begin([event], "another", 10)
    assert (spent.standing, begun.standing) == ("spent", "ours")


def test_an_event_that_somebody_still_runs_stays_theirs(streams: redis.Redis) -> None:
    event = an_event("!quote 3")
    receipts = ReceiptStore(streams, Partitions(1))
    receipts.begin([event], "the slow one", 10)

    replay(a_dead_event(streams, event))

    [begun] = receipts.begin([event], "another", 10)
    assert begun.standing == "busy"


def test_an_event_that_was_answered_is_recorded_and_says_so(streams: redis.Redis) -> None:
    event = an_event("!quote 3")
    streams.hset(ONE.receipt(event.id), "state", "done")
    letter = a_dead_event(streams, event)

    assert replay(letter) == [(letter, "done_before")]
    assert streams.xlen(ONE.events_stream()) == 1
    assert streams.hget(ONE.receipt(event.id), "state") == b"done"


def test_a_reply_in_doubt_loses_its_mark_and_is_sent_again(streams: redis.Redis) -> None:
    reply = a_reply()
    streams.set(ONE.sent_mark(reply.id), "sent")
    letter = a_doubt(streams, reply)

    _, told = ask(REPLAY, {"ids": [letter]}, key="key-admin")

    [result] = told["results"]
    assert result["words"] == "Replayed: it is sent again, so people may see it twice."
    assert decode_outgoing(the_only_entry(streams, ONE.replies_stream())) == reply
    assert streams.exists(ONE.sent_mark(reply.id)) == 0
    assert replay(letter) == [(letter, "gone")]


def test_what_cannot_be_replayed_stays_and_can_be_dropped(streams: redis.Redis) -> None:
    nonsense = a_dead_event(streams, b"\xff no JSON")
    newer = streams.xadd(ONE.dead_letters(), {"v": "2", "event": b"{}", "reason": "r"})
    assert isinstance(newer, bytes)
    row = a_bad_row(streams)
    ids = (nonsense, f"0-{newer.decode()}", row)

    refused = [fate for _, fate in replay(*ids)]
    left = listed()
    shown = ask(SHOW, id=nonsense)[1]["letter"]["content"]
    dropped = [fate for _, fate in drop(*ids)]

    assert refused == ["unreadable", "unreadable", "never"]
    assert left == list(ids)
    assert shown == "(9 bytes that are no JSON)"
    assert dropped == ["dropped"] * 3
    assert listed() == []
    assert streams.xlen(ONE.events_stream()) == 0


def test_what_the_record_refused_names_its_event(streams: redis.Redis, database: Postgres) -> None:
    session = a_session(event=an_event("!quote \0", id="twitch:7", occurred_at=datetime.now(UTC)))
    ledger = Ledger(database, LateRecords(streams, Partitions(1)))
    ledger.record([Outcome(session=session)])

    [letter] = ask(LIST)[1]["letters"]
    shown = ask(SHOW, id=letter["id"])[1]["letter"]

    assert letter["kind"] == "record"
    assert letter["about"] == {
        "id": "twitch:7",
        "entity": "twitch:channel:1001",
        "user": "Ana",
        "text": "!quote \0",
    }
    assert shown["content"]["messages"][0]["event_id"] == "twitch:7"


def test_a_row_that_is_no_json_is_shown_as_it_is(streams: redis.Redis) -> None:
    letter = a_bad_row(streams, rb'{"text": "\ud800"}')

    shown = ask(SHOW, id=letter)[1]["letter"]

    assert shown["content"] == '{"text": "\\ud800"}'
    assert shown["about"] is None


def test_a_full_server_keeps_the_letter(streams: redis.Redis) -> None:
    letter = a_dead_event(streams, an_event("!quote 3"))
    streams.set(ONE.full(), "1", ex=5)

    assert replay(letter) == [(letter, "no_room")]
    assert listed() == [letter]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (None, "ids"),
        ({"ids": []}, "ids"),
        ({"ids": ["0-1-0"] * 101}, "ids"),
        ({"ids": ["7-1-0"]}, "7-1-0"),
        ({"ids": ["../x"]}, "../x"),
        ({"ids": [5]}, "5"),
    ],
)
def test_what_is_no_list_of_letters_is_refused_in_words(body: Any, word: str) -> None:
    status, told = ask(DROP, body, key="key-admin")

    assert (status, told["error"]["code"]) == (400, "INVALID_FIELD")
    assert word in told["error"]["message"]


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "0000000001000"}, {"limit": "x"}, {"after": "x"}]
)
def test_a_wrong_page_is_refused(query: dict[str, str]) -> None:
    assert ask(LIST, query=query)[1]["error"]["code"] == "INVALID_FIELD"


def test_who_decided_stands_in_the_log(
    streams: redis.Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = a_dead_event(streams, an_event("!quote 3"))

    drop(letter)

    lines = map(json.loads, capsys.readouterr().out.splitlines())
    [line] = [line for line in lines if line["message"] == "dead letters dropped"]
    assert line["account"] == "account-admin"
    assert line["fates"] == [[letter, "dropped"]]
