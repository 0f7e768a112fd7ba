"""What is said before an event begins, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.module import MODULE
from tests.functions.modules.calendar.letting_time_pass import let_time_pass
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue
from waddlebot_sdk.shown import show_time

Chat = Dialogue[Gatherings]


def at(text: str) -> str:
    return show_time(datetime.fromisoformat(f"2026-{text}+00:00"))


def planned(chat: Chat, line: str) -> None:
    chat.says("Max", line, role="moderator")
    chat.heard()


def test_a_day_an_hour_and_a_quarter_before_and_when_it_begins(
    chat: Chat, connection: Connection
) -> None:
    planned(chat, "!event add wednesday 20:00 Game night")
    chat.says("Ana", "!event yes 1")
    chat.heard()

    let_time_pass(chat, connection, days=7)

    then = f"#1 Game night, {at('01-07T20:00')}. 1 comes. You come? !event yes 1"
    assert chat.heard() == [
        f"⏰ In 1 day: {then}",
        f"⏰ In 1 hour: {then}",
        f"⏰ In 15 minutes: {then}",
        "⏰ Now: #1 Game night. 1 comes.",
    ]


def test_what_comes_back_reminds_of_each_date(chat: Chat, connection: Connection) -> None:
    chat.says("Max", "!event add every friday 20:00 Game night", role="moderator")
    chat.clicks("Max", "Keep it", role="moderator")
    chat.says("Max", "!event cancel 1 16 jan", role="moderator")
    chat.heard()

    let_time_pass(chat, connection, days=20)

    shown = [one for one in chat.heard() if "1 hour" in one]
    assert [at(f"01-{day}T20:00") in one for day, one in zip(("09", "23"), shown, strict=True)] == [
        True,
        True,
    ]


def test_what_is_moved_reminds_of_when_it_is_now(chat: Chat, connection: Connection) -> None:
    planned(chat, "!event add wednesday 20:00 Game night")
    planned(chat, "!event move 1 thursday 20:00")

    let_time_pass(chat, connection, days=2, hours=9)
    assert [one[:12] for one in chat.heard()] == ["⏰ In 1 day: "[:12]]
    let_time_pass(chat, connection, days=2)
    assert len(chat.heard()) == 3


@pytest.mark.parametrize("line", ["!event cancel 1", "!event reject 1"])
def test_what_is_called_off_reminds_of_nothing(
    chat: Chat, connection: Connection, line: str
) -> None:
    chat.says("Ana", "!event add wednesday 20:00 Game night", role="user")
    chat.says("Max", line, role="moderator")
    let_time_pass(chat, connection, seconds=1)
    chat.heard()

    let_time_pass(chat, connection, days=7)

    assert chat.heard() == []


def test_a_reminder_that_comes_twice_is_said_once(chat: Chat, connection: Connection) -> None:
    planned(chat, "!event add in 2 hours Game night")
    (row, *_) = Due(connection).take(chat.now + timedelta(hours=1), 1)
    chat.wait(timedelta(hours=1))

    for _ in range(2):
        chat.happens("due", row.to_event().data)

    assert len(chat.heard()) == 1


def test_what_was_to_be_said_while_everything_was_away_is_not_said_when_it_is_over(
    chat: Chat, connection: Connection
) -> None:
    chat.says("Max", "!event add every day 20:00 Game night", role="moderator")
    chat.clicks("Max", "Keep it", role="moderator")
    chat.heard()
    chat.wait(timedelta(days=3))
    due = Due(connection)

    while rows := due.take(chat.now, 1):
        due.mark([rows[0].id], chat.now)
        chat.happens("due", rows[0].to_event().data)

    assert chat.heard() == []
    let_time_pass(chat, connection, days=1)
    assert chat.heard()[-1].startswith("⏰ Now: #1 Game night")


def test_a_community_may_do_without(gatherings: Gatherings, connection: Connection) -> None:
    calm = Dialogue(MODULE, gatherings, config={"reminders": False})
    planned(calm, "!event add wednesday 20:00 Game night")

    let_time_pass(calm, connection, days=7)

    assert calm.heard() == []
