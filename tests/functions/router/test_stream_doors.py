"""What the reader and ingress meet, and the slow door behind it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import redis

from functions.router import slow_handler, stream_handler
from functions.router.waits import HOURGLASS
from tests.helpers.aws_context import AwsContext
from tests.helpers.lambda_stand_in import Door
from tests.helpers.patience import eventually
from tests.helpers.router_doors import Doors
from tests.helpers.stream_doors import asked, left_by, route, told, wire_of
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event, ResponseUrl
from waddlebot.domain.outcomes import Reply
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.receipts import ReceiptStore
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.versions import Versions, editing


def sent(streams: redis.Redis) -> list[str]:
    return [str(getattr(entry, "text", entry)) for entry in left_by(streams)]


def test_the_answer_to_a_told_event_leaves_by_the_stream(
    doors: Doors,  # noqa: ARG001 - open
    streams: redis.Redis,
) -> None:
    [result] = route(told("#roll 1d1"))

    assert (result["standing"], result["passed_on"], result["replies"]) == ("ours", False, [])
    assert any("1" in text for text in sent(streams))


def test_the_reader_is_told_what_commands_begin_with_in_a_place(
    doors: Doors,  # noqa: ARG001 - open
    database: Postgres,
    versions: Versions,
) -> None:
    elsewhere = EntityId("twitch:channel:77")
    with editing(database, versions) as edit:
        community = Places(edit).open(elsewhere)
        CommunitySettings(edit).set_own(community, "prefix", "?")

    results = route(told("hello"), told("hello", entity=elsewhere))

    assert [one["prefix"] for one in results] == ["!", "?"]


def test_the_answer_to_an_asked_event_comes_back(
    doors: Doors,  # noqa: ARG001 - open
) -> None:
    event = asked("!help")
    [result] = route(event)
    [again] = route(event)

    assert "!help" in result["replies"][-1]["text"]
    assert (again["standing"], again["replies"]) == ("done", result["replies"])


def test_a_told_event_is_answered_once_however_often_it_comes(
    doors: Doors, streams: redis.Redis
) -> None:
    event = told("#roll 1d1")
    [first] = route(event)
    said = sent(streams)
    again = [route(event)[0]["standing"] for _ in range(2)]

    assert [first["standing"], *again] == ["ours", "done", "done"]
    assert sent(streams) == said
    assert len([one for one in doors.functions.seen if one.function == "roll"]) == 1


def test_an_answer_that_came_too_late_for_ingress_leaves_by_the_stream_once(
    doors: Doors,  # noqa: ARG001 - open
    streams: redis.Redis,
) -> None:
    event = asked("#roll 1d1")
    [late] = route(event)
    before = len(sent(streams))

    deferred = msgspec.structs.replace(event, asked_until=None)
    standings = [route(deferred)[0]["standing"] for _ in range(2)]

    assert standings == ["done", "done"]
    assert sent(streams)[before:] == [reply["text"] for reply in late["replies"]]


def test_late_answers_of_a_batch_leave_together_and_each_once(
    doors: Doors,  # noqa: ARG001 - open
    streams: redis.Redis,
) -> None:
    events = [asked("#roll 1d1"), asked("!help"), asked("#roll 2d1")]
    late = [reply["text"] for result in route(*events) for reply in result["replies"]]
    before = len(sent(streams))

    deferred = [msgspec.structs.replace(event, asked_until=None) for event in events]
    route(*deferred[:1])
    route(*deferred)

    assert len(late) >= len(events)
    assert sent(streams)[before:] == late


def test_a_batch_without_its_database_says_so_by_name(
    doors: Doors,  # noqa: ARG001 - open
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    with pytest.raises(Unavailable) as caught:
        route(told("!help"))

    assert type(caught.value) is Unavailable


@pytest.fixture
def slow_roll(database: Postgres, doors: Doors) -> Doors:
    """`#roll` declares that it may take longer than a batch waits."""
    with database.writer() as connection:
        connection.execute("UPDATE commands SET timeout = 10 WHERE module = 'roll'")
    return doors


def passed_on_by(doors: Doors) -> dict[str, Any]:
    [call] = [one for one in doors.functions.seen if one.function == "router-slow"]
    payload: dict[str, Any] = json.loads(call.body)
    return payload


@pytest.mark.parametrize("name", ["router-slow", "router-asking"])
def test_both_slow_doors_log_under_their_own_names(
    slow_roll: Doors, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    route(told("#roll 1d1"))
    payload = passed_on_by(slow_roll)
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", f"waddlebot-dev-{name}")
    capsys.readouterr()
    assert slow_handler.handler(payload, AwsContext(60)) == {"ran": 1}

    lines = [json.loads(one) for one in capsys.readouterr().out.splitlines() if one[:1] == "{"]
    assert {
        one["module"].partition(":")[0] for one in lines if "slow calls" in one.get("message", "")
    } == {name}


def test_a_slow_call_is_passed_on_and_its_answer_follows(
    slow_roll: Doors, streams: redis.Redis
) -> None:
    event = told("#roll 1d1")
    [result] = route(event)
    assert (result["standing"], result["passed_on"]) == ("ours", True)
    before = len(sent(streams))

    payload = passed_on_by(slow_roll)
    assert slow_handler.handler(payload, AwsContext(60)) == {"ran": 1}

    assert len(sent(streams)) == before + 1
    assert route(event)[0]["standing"] == "done"


def test_a_line_whose_answer_takes_longer_has_an_hourglass_until_it_is_there(
    slow_roll: Doors, streams: redis.Redis
) -> None:
    line = told("#roll 1d1", entity=EntityId("discord:channel:10/20"))
    route(line)
    [waiting] = left_by(streams)
    payload = passed_on_by(slow_roll)
    assert slow_handler.handler(payload, AwsContext(60)) == {"ran": 1}

    _, done, answer = left_by(streams)
    assert isinstance(waiting, PlatformAction)
    assert isinstance(done, PlatformAction)
    assert (waiting.kind, done.kind) == (ActionKind.REACT, ActionKind.END_REACTION)
    assert waiting.message == done.message == line.way_back.message  # type: ignore[union-attr]
    assert waiting.text == done.text == HOURGLASS
    assert waiting.id != done.id
    assert isinstance(answer, Reply)


def test_the_slow_door_does_nothing_when_it_is_called_twice_at_once(
    slow_roll: Doors, streams: redis.Redis
) -> None:
    """Lambda may deliver one asynchronous call twice, under the same request id."""
    route(told("#roll 1d1"))
    payload, context = passed_on_by(slow_roll), AwsContext(60)
    before, answer = len(sent(streams)), slow_roll.functions.answer
    second: list[Any] = []

    def call_again(door: Door) -> None:
        if not second:
            second.append(slow_handler.handler(payload, context))
        answer(door)

    slow_roll.functions.answer = call_again

    assert slow_handler.handler(payload, context) == {"ran": 1}
    assert second == [{"ran": 0}]
    assert len(sent(streams)) == before + 1
    assert slow_handler.handler(payload, AwsContext(60)) == {"ran": 0}


def test_a_slow_answer_to_a_slash_command_goes_to_its_response_address_once(
    slow_roll: Doors, streams: redis.Redis
) -> None:
    until = datetime.now(UTC) + timedelta(minutes=30)
    address = ResponseUrl(url="https://hooks.slack.com/commands/1", until=until)
    [result] = route(asked("#roll 1d1", way_back=address))
    assert (result["passed_on"], result["replies"], sent(streams)) == (True, [], [])

    payload = passed_on_by(slow_roll)
    ran = [slow_handler.handler(payload, AwsContext(60))["ran"] for _ in range(2)]

    assert ran == [1, 0]
    [answer] = left_by(streams)
    assert isinstance(answer, Reply)
    assert answer.way_back == address
    assert "rolled" in answer.text


def test_a_late_answer_with_the_session_of_another_place_is_refused(
    slow_roll: Doors, streams: redis.Redis, database: Postgres, versions: Versions
) -> None:
    here, there = EntityId("twitch:channel:1001"), EntityId("twitch:channel:77")
    with editing(database, versions) as edit:
        Places(edit).open(there)
    sessions: list[str] = []

    def answers_the_first(call: dict[str, Any], _context: object) -> list[dict[str, Any]]:
        sessions.append(call["session_id"])
        of_it = {"success": True, "session_id": sessions[0]}
        return [
            {**of_it, "response_action": "chat", "chat_message": "of the first"},
            {**of_it, "response_action": "ticker", "ticker_text": "of the first"},
        ]

    slow_roll.handlers["roll"] = answers_the_first
    for place in (here, there):
        route(told("#roll 1d1", entity=place, id=f"{place}:1"))
        passed_on = [one for one in slow_roll.functions.seen if one.function == "router-slow"][-1]
        slow_handler.handler(json.loads(passed_on.body), AwsContext(60))

    assert len({*sessions}) == 2
    first, second = (one for one in left_by(streams) if isinstance(one, Reply))
    assert (first.entity, first.text) == (here, "of the first")
    assert second.entity == there
    assert "of the first" not in second.text
    [pushed] = database.write("SELECT community_id, content FROM overlay_pushes")
    assert pushed["content"]["ticker_text"] == "of the first"
    [of_here] = database.write("SELECT community_id FROM entities WHERE entity_id = %s", (here,))
    assert pushed["community_id"] == of_here["community_id"]


def test_the_slow_door_does_nothing_for_an_event_that_is_somebody_elses(
    slow_roll: Doors,
) -> None:
    route(told("#roll 1d1"))
    payload = {**passed_on_by(slow_roll), "owner": "somebody else"}

    assert slow_handler.handler(payload, AwsContext(60)) == {"ran": 0}


def test_an_event_that_is_under_way_is_busy_for_another_router(slow_roll: Doors) -> None:
    event = told("#roll 1d1")
    route(event)
    [again] = route(event)

    assert again["standing"] == "busy"
    assert len(slow_roll.functions.seen) == 1


def test_the_slow_door_opens_when_the_quick_answers_are_out(
    slow_roll: Doors, streams: redis.Redis
) -> None:
    event = told("#roll 1d1")
    answer = slow_roll.functions.answer
    handed_over: list[bool] = []

    def look(door: Door) -> None:
        handed_over.append(streams.hexists(Partition().receipt(event.id), "deferred"))
        answer(door)

    slow_roll.functions.answer = look
    route(event)

    assert handed_over == [True]


def test_a_slow_door_that_does_not_open_leaves_the_event_to_the_next_delivery(
    slow_roll: Doors,
) -> None:
    event = told("#roll 1d1")
    answer = slow_roll.functions.answer
    slow_roll.functions.answer = lambda door: door.says({}, 429)
    with pytest.raises(Unavailable):
        route(event)

    slow_roll.functions.answer = answer
    [result] = route(event)
    assert (result["standing"], result["passed_on"]) == ("ours", True)


@pytest.fixture
def hanging_roll(doors: Doors) -> Iterator[Doors]:
    """`#roll` never answers."""
    answer, ends = doors.functions.answer, threading.Event()

    def hang(door: Door) -> None:
        if door.function == "roll":
            ends.wait(10)
        answer(door)

    doors.functions.answer = hang
    yield doors
    ends.set()


def in_another_place(text: str) -> Event:
    return told(text, entity=EntityId("twitch:channel:2002"))


def test_who_did_not_ask_for_what_hangs_does_not_wait_for_it(
    hanging_roll: Doors,  # noqa: ARG001 - hanging
    streams: redis.Redis,
) -> None:
    with ThreadPoolExecutor(1) as threads:
        batch = threads.submit(route, told("#roll 1d1"), in_another_place("!help quote"))
        early = eventually(lambda: any("!quote" in text for text in sent(streams)), within=1.5)
        was_under_way = not batch.done()
        results = batch.result()

    assert early
    assert was_under_way
    assert [result["standing"] for result in results] == ["ours", "ours"]
    assert any("took too long" in text for text in sent(streams))


def test_a_module_that_hangs_costs_a_batch_two_seconds_and_nothing_after_the_third_time(
    hanging_roll: Doors,  # noqa: ARG001 - hanging
    streams: redis.Redis,
) -> None:
    took = []
    for _ in range(4):
        began = time.monotonic()
        route(told("#roll 1d1"), in_another_place("!help quote"))
        took.append(time.monotonic() - began)

    assert all(1.8 < seconds < 2.6 for seconds in took[:3])
    assert took[3] < 0.5
    assert sum("!quote" in text for text in sent(streams)) == 4
    assert sum("roll" in text and "!quote" not in text for text in sent(streams)) == 4


def test_who_is_a_release_behind_is_understood_and_answered_in_its_own_version(
    doors: Doors,  # noqa: ARG001 - open
) -> None:
    versionless = wire_of(told("!help"))
    del versionless["v"]
    first = stream_handler.handler(versionless, AwsContext())
    behind = stream_handler.handler(wire_of(told("!help"), v=0), AwsContext())

    assert [one["results"][0]["standing"] for one in (first, behind)] == ["ours", "ours"]
    assert (first["v"], behind["v"]) == (1, 0)


def test_what_a_newer_release_asks_is_refused_whole_and_can_be_asked_again(
    doors: Doors,  # noqa: ARG001 - open
    streams: redis.Redis,
) -> None:
    event = told("#roll 1d1")
    with pytest.raises(Unavailable, match="newer release") as caught:
        stream_handler.handler(
            wire_of(event, v=2) | {"owner": {"of": "another kind"}}, AwsContext()
        )

    assert type(caught.value) is Unavailable, "so the reader knows that nobody is to blame"
    assert sent(streams) == []
    assert route(event)[0]["standing"] == "ours"


def test_the_slow_door_reads_who_is_a_release_behind(slow_roll: Doors) -> None:
    route(told("#roll 1d1"))
    payload = passed_on_by(slow_roll)
    del payload["v"]

    assert slow_handler.handler(payload, AwsContext(60)) == {"ran": 1}


def test_the_slow_door_leaves_what_a_newer_router_passes_on_to_the_next_delivery(
    slow_roll: Doors, streams: redis.Redis
) -> None:
    event = told("#roll 1d1")
    route(event)
    payload = passed_on_by(slow_roll)
    before = len(sent(streams))
    with pytest.raises(Unavailable, match="newer release"):
        slow_handler.handler(payload | {"v": 2, "execution_ids": {}}, AwsContext(60))

    assert len(sent(streams)) == before
    receipts = ReceiptStore(streams, Partitions())
    assert receipts.pass_on(event, payload["owner"], payload["owner"], 0)  # its lease is over
    assert route(event)[0]["passed_on"]
