"""Commands one after another: each with its own right, limit and receipt, up to the first no."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
import redis

from tests.helpers.aliases import MAX, OLGA, Channel
from tests.helpers.lambda_stand_in import Door
from tests.helpers.router_doors import Doors


def quotes(channel: Channel) -> list[str]:
    """As the community has them, the first one first."""
    told = (channel.says(f"!quote {number}", "cy") for number in range(1, 5))
    return [one.partition(": ")[2] for one in told if one.startswith("#")]


def test_steps_run_in_their_order_and_answer_each(channel: Channel) -> None:
    said = channel.says("!alias add both = !addquote $1 && !addquote $2 && !quote 2")
    assert said.startswith("!both <1> <2> stands for !addquote $1 && !addquote $2 && !quote 2 now.")
    assert channel.says("!both One Two") == "Kept as quote #1. / Kept as quote #2. / #2: Two"


def test_what_a_caller_types_is_never_a_step(channel: Channel) -> None:
    channel.says("!alias add keep = !addquote $*")
    assert channel.says("!keep One && !quote 1") == "Kept as quote #1."
    assert quotes(channel) == ["One && !quote 1"]


@pytest.mark.parametrize("missing", ["", "One"])
def test_nothing_runs_where_something_is_missing(channel: Channel, missing: str) -> None:
    channel.says("!alias add both = !addquote $1 && !addquote $2")
    assert channel.says(f"!both {missing}").startswith("Usage: !both <1> <2>.")
    assert quotes(channel) == []


def test_it_stops_where_somebody_may_not(channel: Channel) -> None:
    channel.says("!addquote One")
    channel.says("!alias add steps = !quote 1 && !addquote Two && !quote 1")
    said = channel.says("!steps", "ana")
    assert said == "!addquote is for moderators only. Ask Max or Olga, or see !why. / #1: One"
    why = channel.says("!why", "ana")
    assert "!quote did not run: what stands before it in its chain came to nothing." in why
    assert channel.says("!steps", MAX) == "#1: One / Kept as quote #2. / #1: One"


def test_it_stops_at_a_limit_and_nobody_pays_for_the_rest(channel: Channel) -> None:
    channel.says("!addquote One")
    channel.says("!alias add a = !quote 1 && !alias list && !quote 1")
    channel.says('!limits set "alias list" 1 in 1h')
    channel.says("!limits set quote 3 in 1h")
    assert channel.says("!alias list", "ana").startswith("!a")
    said = channel.says("!a", "ana")
    assert said.startswith("!alias list needs a rest.")
    assert said.endswith("#1: One")
    # Two of three are left: the step behind was not counted.
    assert channel.says("!quote 1", "ana") == "#1: One"
    assert channel.says("!quote 1", "ana") == "#1: One"
    assert channel.says("!quote 1", "ana").startswith("That was a lot of !quote.")


def test_it_stops_at_a_step_that_comes_to_nothing(channel: Channel) -> None:
    channel.says("!alias add bad = !remind && !addquote Never")
    assert channel.says("!bad").startswith("Usage: !remind")
    assert quotes(channel) == []
    why = channel.says("!why")
    assert "!addquote did not run: what stands before it in its chain came to nothing." in why


def test_a_slash_command_says_nothing_of_steps_that_were_left_out(channel: Channel) -> None:
    channel.says("!alias add bad = !remind && !addquote Never && !addquote Neither")
    said = channel.says("bad", message_type="slashCommand")
    assert said.startswith("Usage: !remind")
    assert " / " not in said


def test_it_stops_where_a_module_fails(channel: Channel, doors: Doors) -> None:
    channel.says("!alias add bad = !quote && !addquote Never")

    def breaks(door: Door) -> None:
        door.says({"errorType": "Oops", "errorMessage": "broken"}, X_Amz_Function_Error="Unhandled")

    answer, doors.functions.answer = doors.functions.answer, breaks
    assert channel.says("!bad").startswith("!quote went wrong")
    doors.functions.answer = answer
    assert quotes(channel) == []


def test_killed_between_two_steps_it_goes_on_at_the_first_that_is_not_settled(
    channel: Channel, doors: Doors, streams: redis.Redis
) -> None:
    """The router's process ends while the second step is at work; its lease runs out."""
    channel.says("!alias add three = !addquote One && !addquote Two && !addquote Three")
    calls = list[Any]()
    answer = doors.functions.answer

    def dies(door: Door) -> None:
        calls.append(json.loads(door.body)["execution_id"])
        if len(calls) == 2:
            door.says({"errorType": "Killed", "errorMessage": ""}, X_Amz_Function_Error="Unhandled")
        else:
            answer(door)

    doors.functions.answer = dies
    channel.says("!three", message_id="killed")
    assert quotes(channel) == ["One"]
    streams.flushdb()  # the receipt of before is nobody's any more
    doors.functions.answer = answer
    said = channel.says("!three", message_id="killed")
    assert said == "Kept as quote #1. / Kept as quote #2. / Kept as quote #3."
    assert quotes(channel) == ["One", "Two", "Three"]


def test_chains_of_chains_have_five_steps_together(channel: Channel) -> None:
    channel.says("!alias add two = !quote && !quote")
    assert " stands for " in channel.says("!alias add five = !two && !two && !quote")
    assert channel.says("!alias edit two = !quote && !quote && !quote") == (
        "!five would run more than 5 commands."
    )
    assert len(channel.told("!five", "ana").texts) == 5


def test_two_saves_at_once_keep_one(channel: Channel) -> None:
    said = at_once(channel, "!alias add hi = Hello", "!alias add hi = Hi")
    assert sorted(" stands for " in one for one in said) == [False, True]
    assert "There is an alias 'hi' already." in " ".join(said)


def test_two_edits_at_once_make_no_loop(channel: Channel) -> None:
    for name in "ab":
        channel.says(f"!alias add {name} = !quote")
    said = at_once(channel, "!alias edit a = !b", "!alias edit b = !a")
    assert sorted(" stands for " in one for one in said) == [False, True]
    assert "would lead back to itself" in " ".join(said)


def at_once(channel: Channel, *lines: str) -> list[str]:
    said: dict[str, str] = {}
    people = zip(lines, (MAX, OLGA), strict=True)
    threads = [
        threading.Thread(
            target=lambda line=line, who=who: said.update({line: channel.says(line, who)})
        )
        for line, who in people
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return list(said.values())
