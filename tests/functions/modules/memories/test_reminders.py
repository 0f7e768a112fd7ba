"""Reminders, from the wish to the moment when they are said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.modules.memories.module import MODULE
from functions.modules.memories.store import Memories
from tests.functions.modules.memories.letting_time_pass import let_time_pass
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import CommunityInfo
from waddlebot_sdk.dialogue import Dialogue
from waddlebot_sdk.shown import SIGN

Chat = Dialogue[Memories]


def test_a_reminder_is_said_when_its_time_has_come_and_only_once(
    chat: Chat, connection: Connection
) -> None:
    chat.says("Ana", "!remind 1m stretch")
    assert chat.heard() == ["I will remind you in 1 minute."]

    let_time_pass(chat, connection, seconds=59)
    assert chat.heard() == []

    let_time_pass(chat, connection, seconds=1)
    assert chat.heard() == ["⏰ Reminder for Ana: stretch"]

    let_time_pass(chat, connection, hours=1)
    assert chat.heard() == []


def test_an_event_that_comes_twice_reminds_once(chat: Chat) -> None:
    chat.says("Ana", "!remind 1m stretch")
    chat.heard()

    for _ in range(2):
        chat.happens("due", {"module": "memories", "reminder": 1}, to="Ana")

    assert chat.heard() == ["⏰ Reminder for Ana: stretch"]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!remind 10s blink", "I will remind you in 10 seconds."),
        ("!remind 2h30m leave", "I will remind you in 2 hours and 30 minutes."),
        ("!remind in 30 minutes leave", "I will remind you in 30 minutes."),
        ("!remind me in 1 hour and 5 min to leave", "I will remind you in 1 hour and 5 minutes."),
        ('!memories remind "leave now" in "30 minutes"', "I will remind you in 30 minutes."),
        ("!mem remind “leave” in 3 DAYS", "I will remind you in 3 days."),
        ("!remind 1w leave", "I will remind you in 7 days."),
        ("!remind 1 month leave", "I will remind you in 30 days."),
    ],
)
def test_times_are_read_as_people_write_them(chat: Chat, typed: str, answer: str) -> None:
    chat.says("Ana", typed)

    assert chat.heard() == [answer]


@pytest.mark.parametrize("typed", ["stretch your legs", "soon stretch", "1x leave"])
def test_without_a_time_the_answer_shows_how_to_write_one(chat: Chat, typed: str) -> None:
    chat.says("Ana", f"!remind {typed}")

    (line,) = chat.heard()
    assert line.startswith("I need a time first, such as 10m, 2h30m, 3 days or tomorrow 9:00")
    assert line.endswith("Example: !remind 10m stretch your legs")


def test_what_looks_like_a_time_and_is_none_is_said(chat: Chat) -> None:
    chat.says("Ana", "!remind 10 stretch it")
    assert "10 what? Say 10s, 10m or 10h" in chat.heard()[0]
    chat.says("Ana", "!remind tomorrow 25:00 stretch")
    assert "'25:00' is no time of a day." in chat.heard()[0]


def test_a_moment_is_said_back_as_understood(chat: Chat) -> None:
    chat.says("Ana", "!remind at 23:59 stretch")
    assert "at 23:59 (UTC)." in chat.heard()[0]


@pytest.mark.parametrize("typed", ["9s", "366d", "9999999 months", "0m"])
def test_a_time_out_of_bounds_names_the_bounds(chat: Chat, typed: str) -> None:
    chat.says("Ana", f"!remind {typed} stretch")

    (line,) = chat.heard()
    assert line.startswith(
        "I can remind you after 10 seconds at the soonest and after a year at the latest."
    )


def test_a_person_sees_only_the_own_reminders_and_how_long_it_takes(chat: Chat) -> None:
    chat.says("Ana", "!remind 2h30m leave")
    chat.says("Ana", "!remind 10m stretch")
    chat.says("Max", "!remind 1m moderate")
    chat.wait(timedelta(minutes=5))
    chat.heard()

    chat.says("Ana", "!reminders")
    chat.says("Olga", "!reminders")

    assert chat.heard() == [
        "Your reminders: #2 in 5 minutes: stretch · #1 in 2 hours and 25 minutes: leave",
        "You have no reminders. Set one: !remind 10m stretch",
    ]


def test_what_is_far_away_is_listed_with_its_moment(chat: Chat) -> None:
    chat.says("Ana", "!remind 3 days leave")
    chat.heard()

    chat.says("Ana", "!reminders")

    at = int((chat.now + timedelta(days=3)).timestamp())
    assert chat.heard() == [f"Your reminders: #1 {SIGN}<t:{at}:f>: leave"]


def test_a_forgotten_reminder_is_not_said(chat: Chat, connection: Connection) -> None:
    chat.says("Ana", "!remind 1m stretch")
    chat.says("Ana", "!forget 1")
    assert chat.heard()[1:] == ["Reminder #1 is off: stretch"]

    let_time_pass(chat, connection, minutes=2)
    assert chat.heard() == []


def test_nobody_forgets_somebody_elses_reminder(
    chat: Chat, memories: Memories, connection: Connection
) -> None:
    chat.says("Ana", "!remind 1m stretch")
    chat.heard()
    elsewhere = Dialogue(MODULE, memories, community=CommunityInfo(id=2, name="Other"))

    chat.says("Max", "!forget 1", role="owner")
    elsewhere.says("Ana", "!forget 1")

    refused = ["You have no reminder #1. See yours: !reminders"]
    assert (chat.heard(), elsewhere.heard()) == (refused, refused)
    let_time_pass(chat, connection, minutes=1)
    assert chat.heard() == ["⏰ Reminder for Ana: stretch"]


def test_a_person_can_wait_for_twentyfive_things(chat: Chat) -> None:
    for number in range(25):
        chat.says("Ana", f"!remind 1h thing {number}")
    chat.heard()

    chat.says("Ana", "!remind 1h one more")
    chat.says("Ana", "!reminders")

    refused, listed = chat.heard()
    assert refused == "You have 25 reminders already. Drop one first: !forget <number>"
    assert listed.startswith("Your reminders: #1 in 1 hour: thing 0 · #2 in 1 hour: thing 1")
    assert listed.endswith(" Page 1 of 2; !reminders 2 goes on.")
    assert len(listed) < 500
    chat.says("Ana", "!reminders 2")
    chat.says("Ana", "!reminders 3")
    second, none = chat.heard()
    assert listed.count("#") + second.count("#") == 25
    assert none == "There is no page 3, only 2. The last: !reminders 2"
