"""Calls of a module of ours that a batch makes together, and when each is made by itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.router import together
from functions.router.execute import ModuleCaller
from functions.router.misses import MOST_IN_A_ROW, Misses
from tests.helpers.events_and_commands import (
    DISCORD,
    TWITCH,
    a_command,
    a_match,
    a_session,
    a_verdict,
    an_event,
)
from tests.helpers.executions import said
from tests.helpers.lambda_stand_in import Door, LambdaStandIn, lambda_stand_in
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import CommandTrigger
from waddlebot.domain.verdicts import Verdict
from waddlebot.runtime.invoke import Invoker
from waddlebot_sdk.responses import Chat

Wire = dict[str, Any]
QUOTE = a_command("quote", timeout_seconds=2.0)


@dataclass
class Module:
    """Answers one call or many; `spoils` are texts that make a bundle fail."""

    spoils: Sequence[str] = ()
    bundles: list[list[str]] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)

    def __call__(self, door: Door) -> None:
        asked = json.loads(door.stand_in.seen[-1].body)
        if "calls" not in asked:
            self.alone.append(asked["text"])
            door.says(self.answer(asked))
            return
        self.bundles.append([call["text"] for call in asked["calls"]])
        spoilt = any(call["text"] in self.spoils for call in asked["calls"])
        calls = [] if spoilt else asked["calls"]
        door.says({"answers": {call["execution_id"]: self.answer(call) for call in calls}})

    def answer(self, call: Wire) -> list[Wire]:
        return [{**Chat(f"heard {call['text']}").to_wire(), "session_id": call["session_id"]}]


def crashes(door: Door) -> None:
    asked = json.loads(door.stand_in.seen[-1].body)
    if "calls" in asked:
        error = {"errorType": "KeyError", "errorMessage": "'execution_id'"}
        door.says(error, X_Amz_Function_Error="Unhandled")
    else:
        door.says(Module().answer(asked))


def a_caller(
    stand_in: LambdaStandIn, *, in_place: bool = False, misses: Misses | None = None
) -> ModuleCaller:
    def no_kit(_session: Session) -> Any:
        raise AssertionError("no built-in is called")

    def nothing_is_passed_on(*_: object, asks: bool) -> None:
        raise AssertionError(f"nothing is slow {asks}")

    return ModuleCaller(
        invoke=Invoker(stand_in.environment()),
        kit=no_kit,
        deadline=datetime.now(UTC) + timedelta(seconds=5),
        in_place=in_place,
        pass_on=nothing_is_passed_on,
        together=True,
        misses=misses or Misses(),
    )


def run(
    answer: Callable[[Door], None], verdicts: Sequence[Verdict], misses: Misses | None = None
) -> list[str]:
    """What was said to each of them."""
    sessions = {one.match.session.id: one.match.session for one in verdicts}
    with lambda_stand_in(answer) as stand_in:
        waves = list(a_caller(stand_in, misses=misses).run(list(sessions.values()), verdicts))
    ran = {one.id: one for wave in waves for one in wave.executions}
    assert len(ran) == len(verdicts)
    return [said(one) for one in sorted(ran.values(), key=lambda one: verdicts.index(one.verdict))]


def typed(text: str, *, trigger: CommandTrigger = QUOTE, entity: str = TWITCH) -> Verdict:
    session = a_session(event=an_event("!quote", id=f"twitch:{text}", entity=entity))
    return a_verdict(a_match(trigger, session=session, text=text))


def test_calls_of_a_batch_are_made_in_one_invocation_in_the_order_of_their_places() -> None:
    module = Module()
    lines = [typed("t1"), typed("d1", entity=DISCORD), typed("t2"), typed("d2", entity=DISCORD)]

    assert run(module, lines) == ["heard t1", "heard d1", "heard t2", "heard d2"]
    assert module.bundles == [["d1", "d2", "t1", "t2"]]
    assert module.alone == []


@pytest.mark.parametrize("answer", [Module(spoils=["t2"]), crashes], ids=["spoilt", "older"])
def test_where_they_cannot_be_made_together_each_is_made_by_itself(
    answer: Callable[[Door], None],
) -> None:
    """A module of an older release knows no bundles, and one call spoils it for all."""
    lines = [typed("t1"), typed("t2"), typed("t3")]

    assert run(answer, lines) == ["heard t1", "heard t2", "heard t3"]


def test_what_was_made_together_is_told_though_its_module_is_left_alone_since() -> None:
    """Whoever reads that nothing happened types it again, and it happens twice."""
    module, misses = Module(), Misses()

    def answers(door: Door) -> None:
        for _ in range(MOST_IN_A_ROW):  # other calls of this process, meanwhile
            misses.missed("memories", datetime.now(UTC))
        module(door)

    assert run(answers, [typed("t1"), typed("t2")], misses) == ["heard t1", "heard t2"]
    assert run(answers, [typed("t3"), typed("t4")], misses) != ["heard t3", "heard t4"]
    assert (module.bundles, module.alone) == ([["t1", "t2"]], [])


def test_a_bundle_whose_answer_nobody_can_read_hurts_no_other_call() -> None:
    module, deep = Module(), 100_000

    def answers(door: Door) -> None:
        asked = json.loads(door.stand_in.seen[-1].body)
        if "calls" not in asked:
            module(door)
            return
        [first, *_] = asked["calls"]
        told = f'{{"answers": {{"{first["execution_id"]}": {"[" * deep}{"]" * deep}}}}}'.encode()
        door.send_response(200)
        door.send_header("Content-Length", str(len(told)))
        door.end_headers()
        door.wfile.write(told)

    assert run(answers, [typed("t1"), typed("t2")]) == ["heard t1", "heard t2"]


def test_a_long_lane_stays_in_order_and_bundles_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(together, "MOST_TOGETHER", 3)
    module = Module()
    lines = [typed(f"t{number}") for number in range(7)]
    others = [typed(f"d{number}", entity=DISCORD) for number in range(2)]

    run(module, [*lines, *others])

    assert max(map(len, module.bundles)) == 3
    made = [text for bundle in [*module.bundles, module.alone] for text in bundle]
    assert Counter(made) == Counter([one.match.text for one in (*lines, *others)])
    assert [text for text in made if text[0] == "t"] == [one.match.text for one in lines]


@pytest.mark.parametrize(
    "trigger",
    [
        a_command("roll", module="roll", prefix="#", timeout_seconds=2.0),
        a_command("ask", module="ai", timeout_seconds=2.5),
    ],
    ids=["a stranger's", "slow"],
)
def test_strangers_and_slow_modules_are_called_one_by_one(trigger: CommandTrigger) -> None:
    module = Module()
    lines = [typed("1", trigger=trigger), typed("2", trigger=trigger, entity=DISCORD)]
    sessions = [one.match.session for one in lines]

    with lambda_stand_in(module) as stand_in:
        list(a_caller(stand_in, in_place=True).run(sessions, lines))

    assert module.bundles == []
    assert sorted(module.alone) == ["1", "2"]


def test_a_place_where_one_event_makes_two_calls_is_called_one_by_one() -> None:
    """The second waits for the first, and those behind it for both."""
    module, first = Module(), typed("t1")
    second = a_verdict(
        a_match(a_command("urls", timeout_seconds=2.0), session=first.match.session, text="t1b")
    )

    run(module, [first, second, typed("t2"), typed("d1", entity=DISCORD)])

    assert module.bundles == []
    assert sorted(module.alone) == ["d1", "t1", "t1b", "t2"]
