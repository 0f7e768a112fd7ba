"""What a module answers where it answers nothing, or without end: people read a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.router_doors import Doors, Told
from waddlebot.platforms import find_abilities
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import Answer, Chat, Ticker
from waddlebot_sdk.responses import to_wire

PLACES = {
    "discord": "discord:channel:9/77",
    "slack": "slack:channel:T1/C1",
    "twitch": "twitch:channel:1",
}
NOTHING_TO_SAY = "#roll ran, and had nothing to say."


def answering(answer: Answer) -> Callable[[Any, Any], Any]:
    return lambda call, _: to_wire(answer, session_id=call["session_id"])


def asks(doors: Doors, line: str, *, on: str = "twitch", **more: Any) -> Told:
    event = {"message_type": "chatMessage", "entity_id": PLACES[on], "user_id": "1"}
    told = doors.asks({**event, "message": line, **more})
    assert told.status == 200, told.body
    return told


def greeted(doors: Doors, on: str = "twitch") -> None:
    asks(doors, "hello", on=on)


@pytest.mark.parametrize("answer", [None, (), Chat(""), Chat(" \u200b\n"), (Chat(""), Chat(" "))])
def test_who_typed_a_command_reads_that_nothing_came_of_it(
    doors: Doors, database: Postgres, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    greeted(doors)
    doors.handlers["roll"] = answering(answer)
    told = asks(doors, "#roll")
    assert told.texts == [NOTHING_TO_SAY]
    [warning] = [one for one in caplog.records if one.message == "module answered nothing"]
    assert (warning.levelname, warning.__dict__["called"]) == ("WARNING", "roll")
    [row] = database.write("SELECT * FROM command_executions WHERE command = '#roll'")
    assert (row["status"], row["error_message"]) == ("success", "no answer")
    assert asks(doors, "!why").texts == [NOTHING_TO_SAY]


def test_what_is_shown_alone_is_an_answer(doors: Doors) -> None:
    greeted(doors)
    doors.handlers["roll"] = answering(Ticker("Rolling"))
    assert asks(doors, "#roll").texts == []


@pytest.mark.parametrize("on", sorted(PLACES))
def test_an_answer_without_end_is_cut_with_a_mark(doors: Doors, on: str) -> None:
    greeted(doors, on)
    doors.handlers["roll"] = answering(Chat("word " * 4_000))
    said = asks(doors, "#roll", on=on).texts
    assert 2 <= len(said) <= 3
    assert len(said) == find_abilities(on).most_messages
    assert said[-1].endswith("… (cut here: too long for chat)")


@pytest.mark.parametrize("on", sorted(PLACES))
def test_many_long_answers_are_no_more_than_one(doors: Doors, on: str) -> None:
    greeted(doors, on)
    doors.handlers["roll"] = answering([Chat(f"{n} " + "x" * 7_000) for n in range(5)])
    *said, last = asks(doors, "#roll", on=on).texts
    assert len(said) == find_abilities(on).most_messages
    assert "and 4 more, too much for chat" in last


def test_five_short_answers_are_all_said(doors: Doors) -> None:
    greeted(doors)
    doors.handlers["roll"] = answering([Chat(f"Line {n}") for n in range(5)])
    assert asks(doors, "#roll").texts == [f"Line {n}" for n in range(5)]


def test_a_page_of_commands_is_not_there_where_all_are_on_one(doors: Doors) -> None:
    greeted(doors, "slack")
    everything = asks(doors, "!commands", on="slack").texts
    assert asks(doors, "!commands 1", on="slack").texts == everything
    [told] = asks(doors, "!commands 2", on="slack").texts
    assert told == "There is no page 2: all of it is on one, !commands"
