from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from functions.router.destinations.builtin import Kit
from functions.router.execute import ModuleCaller
from functions.router.misses import Misses
from functions.router.rule_sets import RuleSets
from tests.helpers.events_and_commands import (
    DISCORD,
    SLACK,
    TWITCH,
    a_command,
    a_community,
    a_listener,
    a_match,
    a_session,
    a_verdict,
    an_event,
)
from tests.helpers.executions import said
from tests.helpers.lambda_stand_in import Door, LambdaStandIn, lambda_stand_in
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.executions import Execution, Status, execution_id
from waddlebot.domain.matches import Standing
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import Destination, Trigger
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot.runtime.invoke import Invoker
from waddlebot.stores.offered import WaitingOffers
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.private_choices import PrivateChoices
from waddlebot.stores.valkey import connect
from waddlebot.stores.versions import Versions
from waddlebot_sdk.module import ExecutionMode
from waddlebot_sdk.responses import Chat, Failed, Ticker
from waddlebot_sdk.roles import Role

Answer = Callable[[Door], None]


def echo(door: Door) -> None:
    call = told(door)
    door.says([{**Chat(f"heard {call['text']}").to_wire(), "session_id": call["session_id"]}])


def told(door: Door) -> dict[str, Any]:
    call: dict[str, Any] = json.loads(door.stand_in.seen[-1].body)
    return call


@dataclass
class House:
    """What one process has, and what it handed to the slow door."""

    stand_in: LambdaStandIn
    misses: Misses = field(default_factory=Misses)
    passed_on: list[tuple[str, list[str]]] = field(default_factory=list)
    slow_door_is_shut: bool = False
    seconds_ahead: float = 0.0

    def run(
        self, *verdicts: Verdict, in_place: bool = False, seconds: float = 5
    ) -> list[Execution]:
        caller = ModuleCaller(
            invoke=Invoker(self.stand_in.environment()),
            kit=self._kit,
            deadline=self._now() + timedelta(seconds=seconds),
            in_place=in_place,
            pass_on=self._pass_on,
            misses=self.misses,
            now=self._now,
        )
        sessions = {one.match.session.id: one.match.session for one in verdicts}
        waves = caller.run(list(sessions.values()), verdicts)
        ran = [one for wave in waves for one in wave.executions]
        return sorted(ran, key=lambda one: verdicts.index(one.verdict))

    def _now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.seconds_ahead)

    def _pass_on(self, event: Event, executions: Sequence[str], *, asks: bool) -> None:
        assert not asks
        if self.slow_door_is_shut:
            raise Unavailable("the slow door")
        self.passed_on.append((event.id, list(executions)))

    def _kit(self, session: Session) -> Kit:
        return Kit(
            session=session,
            table=CommandTable([a_command("help", module="help")], []),
            postgres=Postgres("postgresql://127.0.0.1:1/nowhere"),
            versions=Versions(connect("redis://127.0.0.1:1/0")),
            choices=PrivateChoices(connect("redis://127.0.0.1:1/0")),
            offered=WaitingOffers(connect("redis://127.0.0.1:1/0")),
            rule_sets=RuleSets(),
            now=self._now(),
        )


def running(answer: Answer) -> Any:
    return lambda_stand_in(answer)


def a_call(
    text: str = "3", trigger: Trigger | None = None, session: Session | None = None
) -> Verdict:
    trigger = trigger or a_command("quote", timeout_seconds=0.4)
    return a_verdict(a_match(trigger, session=session or a_session("!quote"), text=text))  # type: ignore[arg-type]


def test_a_module_is_told_what_it_needs_and_its_answer_is_kept() -> None:
    session = a_session(
        "!addquote Waddle on!",
        community=a_community(settings={"memories": {"ticker": False}, "other": {"secret": 1}}),
        role=Role.MODERATOR,
    )
    trigger = a_command("memories add quote", canonical="addquote")
    with running(echo) as stand_in:
        [execution] = House(stand_in).run(a_call("Waddle on!", trigger, session))
        call = json.loads(stand_in.seen[0].body)
    assert execution.status is Status.SUCCESS
    assert said(execution) == "heard Waddle on!"
    assert execution.took_ms > 0
    assert stand_in.seen[0].path.endswith("/functions/test-memories%3Alive/invocations")
    assert call["command"] == "addquote"
    assert call["execution_id"] == execution.id == execution_id(execution.verdict.match)
    assert call["user"] == {"id": "id-ana", "name": "Ana", "role": "moderator"}
    assert call["entity"] == {"id": TWITCH, "platform": "twitch"}
    assert call["config"] == {"ticker": False}
    assert call["event_type"] == "chatMessage"
    assert datetime.fromisoformat(call["deadline"]) > session.event.occurred_at


@pytest.mark.parametrize("is_strangers", [False, True])
def test_what_a_community_calls_who_asks_is_told_to_our_own_modules(*, is_strangers: bool) -> None:
    session = a_session("!quote")
    assert session.person
    labelled = replace(session, person=replace(session.person, labels=frozenset({"regular"})))
    where = replace(a_command("quote").destination, is_strangers=is_strangers)
    with running(echo) as stand_in:
        House(stand_in).run(a_call("", replace(a_command("quote"), destination=where), labelled))
        user = json.loads(stand_in.seen[0].body)["user"]
    assert user.get("labels") == (None if is_strangers else ["regular"])


@pytest.mark.parametrize("is_strangers", [False, True])
def test_what_a_platform_shows_beside_a_name_is_told_to_our_own_modules(
    *, is_strangers: bool
) -> None:
    session = a_session("!quote")
    dressed = replace(session, event=structs.replace(session.event, looks="\tvip,subscriber\t"))
    where = replace(a_command("quote").destination, is_strangers=is_strangers)
    with running(echo) as stand_in:
        House(stand_in).run(a_call("", replace(a_command("quote"), destination=where), dressed))
        user = json.loads(stand_in.seen[0].body)["user"]
    assert user.get("badges") == (None if is_strangers else ["subscriber", "vip"])


def test_an_event_is_told_by_its_type_and_data() -> None:
    event = an_event(type=MessageType.RAID, data={"viewers": 50}, user=None)
    with running(echo) as stand_in:
        House(stand_in).run(a_call("", a_listener("raid"), a_session(event=event)))
        call = json.loads(stand_in.seen[0].body)
    assert (call["event_type"], call["data"], call["command"]) == ("raid", {"viewers": 50}, "")
    assert call["user"] is None


def test_only_what_is_allowed_and_ours_is_run() -> None:
    shadowed = a_verdict(reason=Reason.SHADOWED)
    elsewhere = a_verdict(a_match())
    with running(echo) as stand_in:
        busy = Verdict(
            match=type(elsewhere.match)(
                session=elsewhere.match.session,
                trigger=elsewhere.match.trigger,
                standing=Standing.BUSY,
            ),
            reason=Reason.ALLOWED,
        )
        assert House(stand_in).run(shadowed, busy) == []
    assert stand_in.seen == []


def hangs(_: Door) -> None:
    time.sleep(0.6)


def crashes(door: Door) -> None:
    error = {"errorType": "ZeroDivisionError", "errorMessage": "division by zero"}
    door.says(error, X_Amz_Function_Error="Unhandled")


def fails_inside(door: Door) -> None:
    door.says({}, status=500)


@pytest.mark.parametrize("is_strangers", [False, True])
def test_only_a_module_of_ours_is_believed_that_its_server_is_away(*, is_strangers: bool) -> None:
    """Else a stranger's listener keeps every event busy by the name of its error."""
    where = Destination(engine="lambda", location="memories", is_strangers=is_strangers)
    listening = a_call(trigger=a_listener("raid", destination=where))
    with running(names_its_error_as_we_do) as stand_in:
        [execution] = House(stand_in).run(listening)

    assert execution.is_away is not is_strangers


def names_its_error_as_we_do(door: Door) -> None:
    error = {"errorType": "Unavailable", "errorMessage": "the database"}
    door.says(error, X_Amz_Function_Error="Unhandled")


def test_a_hanging_module_costs_its_own_time_and_a_sentence() -> None:
    with running(hangs) as stand_in:
        [execution] = House(stand_in).run(a_call())
    assert execution.status is Status.FAILED
    assert "took too long" in said(execution)
    assert f"(ref {execution.id[:4].upper()})" in said(execution)
    assert execution.took_ms < 600


def test_the_batch_ends_before_the_module_where_that_is_sooner() -> None:
    with running(hangs) as stand_in:
        [execution] = House(stand_in).run(a_call(), seconds=0.1)
    assert execution.took_ms < 300


def test_a_module_is_not_blamed_for_a_batch_that_ended_early() -> None:
    with running(hangs) as stand_in:
        house = House(stand_in)
        for _ in range(4):
            [execution] = house.run(a_call(), seconds=0.02)
    assert "took too long" in said(execution)


def test_a_crash_is_told_without_its_details() -> None:
    with running(crashes) as stand_in:
        [execution] = House(stand_in).run(a_call())
    assert execution.status is Status.FAILED
    assert "ZeroDivisionError: division by zero" in execution.error
    assert "went wrong" in said(execution)
    assert "division" not in said(execution)


def test_a_call_that_may_have_run_is_not_repeated() -> None:
    with running(fails_inside) as stand_in:
        [execution] = House(stand_in).run(a_call())
    assert len(stand_in.seen) == 1
    assert "does not answer" in said(execution)


def says_of_session(*items: Any) -> Answer:
    def answer(door: Door) -> None:
        session = told(door)["session_id"]
        door.says([{"session_id": session, **item} for item in items])

    return answer


def says_plainly(payload: Any) -> Answer:
    return lambda door: door.says(payload)


def says_no_json(door: Door) -> None:
    door.send_response(200)
    door.send_header("Content-Length", "5")
    door.end_headers()
    door.wfile.write(b"{rub]")


CHAT = Chat("hi").to_wire()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says_plainly("rubbish"), "JSON object"),
        (says_plainly(None), "JSON object"),
        (says_plainly([[CHAT]]), "JSON object"),
        (says_plainly([CHAT]), "session_id"),
        (says_plainly({**CHAT, "session_id": "sess_other"}), "session_id"),
        (says_of_session(*[CHAT] * 6), "6 responses"),
        (says_of_session({"response_action": "explode"}), "response_action"),
        (says_of_session({"response_action": "chat", "chat_message": 7}), "chat_message"),
        (says_of_session({**CHAT, "session_id": "sess_other"}), "session_id"),
        (says_no_json, "not JSON"),
    ],
)
def test_rubbish_becomes_a_sentence_and_its_reason_is_kept(answer: Answer, error: str) -> None:
    with running(answer) as stand_in:
        [execution] = House(stand_in).run(a_call())
    assert execution.status is Status.FAILED
    assert error in execution.error
    assert "went wrong" in said(execution)


def test_a_failure_that_the_module_reports_keeps_its_words() -> None:
    failed = Failed("Spotify does not answer.", error="HTTP 503").to_wire()
    with running(says_of_session(failed)) as stand_in:
        [execution] = House(stand_in).run(a_call())
    assert (execution.status, said(execution)) == (Status.FAILED, "Spotify does not answer.")
    assert execution.error == "HTTP 503"


def test_several_responses_are_kept_in_order() -> None:
    answer = says_of_session(Chat("a").to_wire(), Ticker("b").to_wire())
    with running(answer) as stand_in:
        [execution] = House(stand_in).run(a_call())
    assert execution.responses == (Chat("a"), Ticker("b"))


def throttled(times: int) -> Answer:
    def answer(door: Door) -> None:
        if len(door.stand_in.seen) <= times:
            door.says({}, status=429, X_Amzn_ErrorType="TooManyRequestsException")
        else:
            echo(door)

    return answer


def test_a_throttled_call_is_tried_again_because_it_did_not_start() -> None:
    with running(throttled(1)) as stand_in:
        [execution] = House(stand_in).run(a_call())
    assert (execution.status, execution.attempts) == (Status.SUCCESS, 2)


def test_a_call_is_tried_three_times_at_most_and_never_after_its_deadline() -> None:
    with running(throttled(99)) as stand_in:
        [execution] = House(stand_in).run(a_call(trigger=a_command(timeout_seconds=2)))
        assert len(stand_in.seen) == 3
        House(stand_in).run(a_call(trigger=a_command(timeout_seconds=0.05)))
        assert len(stand_in.seen) == 4
    assert "does not answer" in said(execution)


SLOW = a_command("ask", module="ai", timeout_seconds=20)


def test_a_slow_call_is_passed_on_and_what_follows_it_goes_with_it() -> None:
    event = a_session("!ask")
    verdicts = (
        a_call("before", a_command("quick"), event),
        a_call("slow", SLOW, event),
        a_call("after", a_command("later", module="later"), event),
        a_call("other", a_command("quick"), a_session("!quick")),
    )
    with running(echo) as stand_in:
        house = House(stand_in)
        executions = house.run(*verdicts)
    assert [execution.status for execution in executions] == [
        Status.SUCCESS,
        Status.PENDING,
        Status.PENDING,
        Status.SUCCESS,
    ]
    assert house.passed_on == [(event.event.id, [executions[1].id, executions[2].id])]


def test_a_slow_call_is_waited_for_where_that_was_asked() -> None:
    with running(echo) as stand_in:
        house = House(stand_in)
        [execution] = house.run(a_call("x", SLOW), in_place=True)
    assert execution.status is Status.SUCCESS
    assert house.passed_on == []


def test_a_slow_call_that_cannot_be_passed_on_has_failed() -> None:
    with running(echo) as stand_in:
        [execution] = House(stand_in, slow_door_is_shut=True).run(a_call("x", SLOW))
    assert execution.status is Status.FAILED
    assert "does not answer" in said(execution)


def test_what_has_not_begun_when_patience_ends_is_passed_on() -> None:
    def takes_long(door: Door) -> None:
        house.seconds_ahead = 2.1
        echo(door)

    with running(takes_long) as stand_in:
        house = House(stand_in)
        first, second = house.run(
            a_call("1", session=a_session(event=an_event("!quote", entity=DISCORD))),
            a_call("2", session=a_session(event=an_event("!quote", entity=DISCORD))),
            seconds=9,
        )
    assert (first.status, second.status) == (Status.SUCCESS, Status.PENDING)


def test_calls_of_one_place_to_one_module_keep_their_order_and_others_do_not_wait() -> None:
    def slow_on_twitch(door: Door) -> None:
        if told_by(door)["entity"]["id"] == TWITCH:
            time.sleep(0.1)
        answered.append(told_by(door)["text"])
        echo_own(door)

    answered: list[str] = []
    places = (TWITCH, DISCORD, SLACK)
    verdicts = [
        a_call(
            f"{place} {number}",
            a_command(timeout_seconds=2),
            a_session(event=an_event(entity=place)),
        )
        for number in range(3)
        for place in places
    ]
    with running(slow_on_twitch) as stand_in:
        executions = House(stand_in).run(*verdicts)
    assert [said(one).removeprefix("heard ") for one in executions] == [
        verdict.match.text for verdict in verdicts
    ]
    for place in places:
        mine = [text for text in answered if text.startswith(place)]
        assert mine == sorted(mine)
    assert answered[-1] == f"{TWITCH} 2"
    assert answered.index(f"{DISCORD} 2") < answered.index(f"{TWITCH} 1")


def told_by(door: Door) -> dict[str, Any]:
    """The call on this connection: with several under way the last seen may be another's."""
    mine = [seen for seen in door.stand_in.seen if seen.connection == door.client_address[1]]
    call: dict[str, Any] = json.loads(mine[-1].body)
    return call


def echo_own(door: Door) -> None:
    call = told_by(door)
    door.says([{**Chat(f"heard {call['text']}").to_wire(), "session_id": call["session_id"]}])


def test_a_module_has_three_hands_and_a_hanging_one_holds_up_no_other() -> None:
    def answer(door: Door) -> None:
        if "stuck" not in door.path:
            return echo_own(door)
        with lock:
            at_once.append(at_once[-1] + 1)
        time.sleep(0.4)
        with lock:
            at_once.append(at_once[-1] - 1)
        return echo_own(door)

    at_once, lock = [0], threading.Lock()
    stuck = a_command("stuck", module="stuck", timeout_seconds=2)
    places = [f"twitch:channel:{number}" for number in range(5)]
    calls = [a_call(place, stuck, a_session(event=an_event(entity=place))) for place in places]  # type: ignore[arg-type]
    quick = a_call("quick", session=a_session(event=an_event(entity=SLACK)))
    with running(answer) as stand_in:
        *_, last = House(stand_in).run(*calls, quick)
    assert max(at_once) == 3
    assert last.status is Status.SUCCESS
    assert last.took_ms < 350


def test_parallel_calls_of_an_event_run_together_after_the_sequential_ones() -> None:
    def answer(door: Door) -> None:
        begun.append(told_by(door)["text"])
        if told_by(door)["text"] != "first":
            together.wait(timeout=1)
        echo_own(door)

    begun: list[str] = []
    together = threading.Barrier(2)
    event = a_session("!quote")
    parallel: dict[str, Any] = {"execution_mode": ExecutionMode.PARALLEL, "timeout_seconds": 2}
    with running(answer) as stand_in:
        executions = House(stand_in).run(
            a_call("p1", a_command("a", module="a", **parallel), event),
            a_call("first", a_command("b", module="b"), event),
            a_call("p2", a_command("c", module="c", **parallel), event),
        )
    assert begun[0] == "first"
    assert {execution.status for execution in executions} == {Status.SUCCESS}


def test_a_module_that_misses_three_deadlines_in_a_row_is_left_alone_for_a_minute() -> None:
    impatient = a_command(timeout_seconds=0.05)
    with running(lambda door: None if house_is_slow else echo(door)) as stand_in:
        house_is_slow = True
        house = House(stand_in)
        for _ in range(3):
            house.run(a_call(trigger=impatient))
        [left_alone] = house.run(a_call(trigger=impatient))
        assert len(stand_in.seen) == 3
        assert "left alone" in said(left_alone)
        house_is_slow, house.seconds_ahead = False, 61
        [again] = house.run(a_call(trigger=a_command(timeout_seconds=2)), seconds=2)
        assert again.status is Status.SUCCESS
        house.seconds_ahead = 0
        assert house.run(a_call())[0].status is Status.SUCCESS


def a_builtin(path: str, module: str) -> Verdict:
    trigger = a_command(path, module=module, destination="builtin")
    return a_call("", trigger)


def test_what_the_router_serves_itself_needs_no_function() -> None:
    with running(echo) as stand_in:
        [execution] = House(stand_in).run(a_builtin("help", "help"))
        assert stand_in.seen == []
    assert execution.status is Status.SUCCESS
    assert "!help" in said(execution)


@pytest.mark.parametrize(
    ("verdict", "sentence", "error"),
    [
        (a_builtin("stats", "stats"), "does not answer", "the database"),
        (a_builtin("gone", "help"), "went wrong", "KeyError"),
        (a_builtin("gone", "gone"), "went wrong", "there is no builtin 'gone'"),
        (a_builtin("gone", "../etc"), "went wrong", "no name of a builtin"),
    ],
)
def test_a_builtin_keeps_the_same_promises(verdict: Verdict, sentence: str, error: str) -> None:
    with running(echo) as stand_in:
        [execution] = House(stand_in).run(verdict)
    assert execution.status is Status.FAILED
    assert sentence in said(execution)
    assert error in execution.error


def test_builtins_and_functions_run_side_by_side() -> None:
    with running(echo_own) as stand_in:
        executions = House(stand_in).run(
            a_call("1"), a_builtin("help", "help"), a_call("2", session=a_session("!quote"))
        )
    assert [execution.status for execution in executions] == [Status.SUCCESS] * 3
