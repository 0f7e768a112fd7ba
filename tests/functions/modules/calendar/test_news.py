"""Who comes is told that an event is called off, or is at another time."""

from __future__ import annotations

from datetime import datetime

import pytest

from functions.modules.calendar.gatherings import Gatherings
from tests.functions.modules.calendar.letting_time_pass import let_time_pass
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue
from waddlebot_sdk.shown import show_time

Chat = Dialogue[Gatherings]


def at(text: str) -> str:
    return show_time(datetime.fromisoformat(f"2026-{text}+00:00"))


GAME = f"#1 Game night of {at('01-07T20:00')}"
OFF = f"{GAME} is cancelled. See what is planned: !event list"


def planned(chat: Chat, line: str = "!event add wednesday 20:00 Game night") -> None:
    chat.says("Max", line, role="moderator")
    if " every " in line:
        chat.clicks("Max", "Keep it", role="moderator")
    chat.heard()


def answered(chat: Chat, **answers: str) -> None:
    for name, verb in answers.items():
        chat.says(name, f"!event {verb} 1")
    chat.heard()


def told(chat: Chat, connection: Connection, *lines: str, by: str = "Max") -> list[str]:
    """What comes behind the answers to these lines."""
    for line in lines:
        chat.says(by, line, role="moderator")
    chat.heard()
    let_time_pass(chat, connection, seconds=1)
    return chat.heard()


def test_who_comes_or_may_come_is_told_that_it_is_cancelled(
    chat: Chat, connection: Connection
) -> None:
    planned(chat, '!event add wednesday 20:00 "Game night" 1')
    answered(chat, Ana="yes", Bob="yes", Cleo="maybe", Dora="no", Max="maybe")

    heard = told(chat, connection, "!event cancel 1")

    assert heard == [f"Ana, {OFF}", f"Bob, {OFF}", f"Cleo, {OFF}"]
    assert all(getattr(one, "notifies", False) for one in chat.answers[-3:])


@pytest.mark.parametrize("line", ["!event move 1 friday 18:30", "!event edit 1 when friday 18:30"])
def test_who_comes_is_told_of_another_time(chat: Chat, connection: Connection, line: str) -> None:
    planned(chat)
    answered(chat, Ana="yes")

    assert told(chat, connection, line) == [
        f"Ana, {GAME} is moved: it is {at('01-09T18:30')} now. You cannot? !event no 1"
    ]


def test_of_two_changes_the_last_is_told_and_nobody_who_left(
    chat: Chat, connection: Connection
) -> None:
    planned(chat)
    answered(chat, Ana="yes", Bob="yes")
    chat.says("Max", "!event move 1 friday 18:30", role="moderator")
    answered(chat, Bob="no")

    heard = told(chat, connection, "!event move 1 friday 21:00", "!event edit 1 title Chess night")

    was = f"#1 Chess night of {at('01-09T18:30')}"
    assert heard == [f"Ana, {was} is moved: it is {at('01-09T21:00')} now. You cannot? !event no 1"]


def test_what_else_changes_is_told_nobody(chat: Chat, connection: Connection) -> None:
    planned(chat)
    answered(chat, Ana="yes")

    assert told(chat, connection, "!event edit 1 seats 4", "!event edit 1 about Bring fish") == []


def test_where_many_come_one_line_is_for_all(chat: Chat, connection: Connection) -> None:
    planned(chat)
    answered(chat, **{f"Guest{number}": "yes" for number in range(6)})

    assert told(chat, connection, "!event cancel 1") == [f"For all who come: {OFF}"]


def test_one_date_is_told_as_one_date(chat: Chat, connection: Connection) -> None:
    planned(chat, "!event add every friday 20:00 Game night")
    answered(chat, Ana="yes")

    heard = told(chat, connection, "!event cancel 1 9 jan", "!event move 1 16 jan to 17 jan 21:00")

    night = "Ana, #1 Game night of"
    assert heard == [
        (
            f"{night} {at('01-09T20:00')} is cancelled, that one date. "
            "See what is planned: !event show 1"
        ),
        (
            f"{night} {at('01-16T20:00')} is moved, that one date: it is {at('01-17T21:00')} now. "
            "See it: !event show 1"
        ),
    ]


def test_who_planned_it_is_told_what_a_moderator_did(chat: Chat, connection: Connection) -> None:
    chat.says("Ana", "!event add wednesday 20:00 Game night", labels=["event-autoapprove"])
    chat.heard()

    assert told(chat, connection, "!event cancel 1") == [f"Ana, {OFF}"]


def test_it_is_told_to_each_where_they_answered(gatherings: Gatherings, chat: Chat) -> None:
    planned(chat)
    slack = Dialogue(chat._module, gatherings, entity="slack:T1:C1", seed="slack")
    answered(chat, **{f"Guest{number}": "yes" for number in range(6)})
    answered(slack, Ana="yes")

    chat.says("Max", "!event cancel 1", role="moderator")

    rows = [row for row in Due(gatherings._connection).take(chat.now, 100) if row.module]
    assert sorted((row.entity_id, row.user.name if row.user else "") for row in rows) == [
        ("slack:T1:C1", "Ana"),
        ("twitch:channel:demo", ""),
    ]
