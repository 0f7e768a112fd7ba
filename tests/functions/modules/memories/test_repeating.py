"""Reminders that come again, those that are put off, and what a killed process leaves of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from functions.modules.memories.module import MODULE
from functions.modules.memories.personal_data import erase
from functions.modules.memories.repeating import ReminderRhythm, read_repeat
from functions.modules.memories.store import Memories
from tests.functions.modules.memories.letting_time_pass import let_time_pass
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import CommunityInfo, NotUnderstood
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Memories]
YEAR = timedelta(days=365)


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def test_a_reminder_comes_every_day_until_it_is_forgotten(
    chat: Chat, connection: Connection
) -> None:
    chat.says("Ana", "!remind every day 9:00 drink water")
    chat.says("Ana", "!reminders")
    set_, listed = chat.heard()
    assert set_ == (
        "I will remind you every day, first tomorrow at 09:00 (UTC), "
        "until Tuesday 5 January 2027 at 12:00 (UTC)."
    )
    assert listed == "Your reminders: #1 in 21 hours: drink water (every day)"

    for _ in range(3):
        let_time_pass(chat, connection, days=1)
        assert chat.heard() == ["⏰ Reminder for Ana: drink water"]

    chat.says("Ana", "!forget 1")
    assert chat.heard() == ["Reminder #1 is off: drink water"]
    let_time_pass(chat, connection, days=2)
    assert chat.heard() == []


def test_so_many_times_are_so_many(chat: Chat, connection: Connection) -> None:
    chat.says("Ana", "!remind every 2 hours stretch, 3 times")
    chat.heard()

    heard = []
    for _ in range(12):
        let_time_pass(chat, connection, hours=1)
        heard += chat.heard()
    chat.says("Ana", "!reminders")

    assert heard == ["⏰ Reminder for Ana: stretch"] * 3
    assert chat.heard() == ["You have no reminders. Set one: !remind 10m stretch"]


def test_what_was_missed_meanwhile_is_said_once(chat: Chat, connection: Connection) -> None:
    chat.says("Ana", "!remind every day 13:00 eat")
    chat.heard()

    let_time_pass(chat, connection, days=10)
    let_time_pass(chat, connection, minutes=1)
    assert chat.heard() == ["⏰ Reminder for Ana: eat"]

    let_time_pass(chat, connection, days=1)
    assert chat.heard() == ["⏰ Reminder for Ana: eat"]


def test_an_event_that_comes_twice_goes_on_once(chat: Chat) -> None:
    chat.says("Ana", "!remind every hour stretch")
    chat.heard()

    planned = (chat.now + timedelta(hours=1)).isoformat()
    chat.wait(timedelta(hours=1))
    for _ in range(2):
        chat.happens("due", {"module": "memories", "reminder": 1, "at": planned}, to="Ana")

    assert chat.heard() == ["⏰ Reminder for Ana: stretch"]


def test_it_comes_at_the_same_time_of_the_communitys_day(
    memories: Memories, connection: Connection
) -> None:
    """Clocks of Berlin go forward on 29 March 2026."""
    berlin = CommunityInfo(id=1, name="Demo", time_zone="Europe/Berlin")
    before = datetime(2026, 3, 28, 7, 59, tzinfo=UTC)
    chat = Dialogue(MODULE, memories, community=berlin, now=before)
    chat.says("Ana", "!remind every day 9:00 wake up")
    chat.heard()

    let_time_pass(chat, connection, minutes=1)
    assert len(chat.heard()) == 1
    let_time_pass(chat, connection, hours=23)
    assert len(chat.heard()) == 1


@pytest.mark.parametrize(
    ("typed", "words", "every", "first"),
    [
        ("every monday 20:00 stream", "stream", "every week", utc(2026, 11, 30, 19)),
        ("every 2 weeks clean up", "clean up", "every 2 weeks", utc(2026, 12, 12, 12)),
        ("every other day run", "run", "every 2 days", utc(2026, 11, 30, 12)),
        ("daily at 9:00 drink", "drink", "every day", utc(2026, 11, 29, 8)),
        (
            "weekly, on friday 18:30, call Max",
            "call Max",
            "every week",
            utc(2026, 12, 4, 17, 30),
        ),
        ("every month 24 dec 9:00 pay", "pay", "every month", utc(2026, 12, 24, 8)),
        ("yearly 24 dec 9:00 bake", "bake", "every year", utc(2026, 12, 24, 8)),
        ("hourly blink", "blink", "every hour", utc(2026, 11, 28, 13)),
        (
            "me every day 9:00 to wait until it ends",
            "to wait until it ends",
            "every day",
            utc(2026, 11, 29, 8),
        ),
    ],
)
def test_how_often_is_read_as_people_write_it(
    typed: str, words: str, every: str, first: datetime
) -> None:
    found = read_repeat(typed, now=SATURDAY, zone="Europe/Berlin", latest=YEAR)

    assert found is not None
    assert (found.words, found.repeat.said()) == (words, every)
    assert found.repeat.first_at == first


@pytest.mark.parametrize(
    "typed",
    [
        *("every", "everyday life", "every so often x", "10m every day"),
        *("daily standup in 10m", "every day is a gift in 3 days"),
    ],
)
def test_what_says_no_how_often_is_none(typed: str) -> None:
    assert read_repeat(typed, now=SATURDAY, zone="UTC", latest=YEAR) is None


@pytest.mark.parametrize(
    "typed",
    [
        "every 0 days x",
        "every 5000 hours x",
        "every day in 5 minutes x",
        "every day 25:00 x",
        "every day x, 0 times",
    ],
)
def test_half_a_how_often_is_refused_in_words(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        read_repeat(typed, now=SATURDAY, zone="UTC", latest=YEAR)


def test_a_month_without_that_day_has_its_last() -> None:
    first = datetime(2027, 1, 31, 9, tzinfo=UTC)
    monthly = ReminderRhythm(unit="month", every=1, first_at=first, ends_at=first + YEAR)

    days = [first]
    while (following := monthly.after(days[-1], "UTC")) is not None:
        days.append(following)

    told = [f"{day:%d.%m.}" for day in days]
    assert told[:4] == ["31.01.", "28.02.", "31.03.", "30.04."]
    assert len(told) == 13


def test_a_reminder_is_put_off(chat: Chat, connection: Connection) -> None:
    chat.says("Ana", "!snooze 10m")
    chat.says("Ana", "!remind 1m stretch")
    let_time_pass(chat, connection, minutes=1)
    chat.says("Max", "!snooze 10m")
    chat.says("Ana", "!snooze 10m")
    assert chat.heard() == [
        "I reminded you of nothing yet. Yours are here: !reminders",
        "I will remind you in 1 minute.",
        "⏰ Reminder for Ana: stretch",
        "I reminded you of nothing yet. Yours are here: !reminders",
        "I will remind you again in 10 minutes: stretch",
    ]

    let_time_pass(chat, connection, minutes=9)
    assert chat.heard() == []
    let_time_pass(chat, connection, minutes=1)
    assert chat.heard() == ["⏰ Reminder for Ana: stretch"]


def test_one_that_has_not_come_is_put_off_by_its_number(chat: Chat, connection: Connection) -> None:
    chat.says("Ana", "!remind 5m stretch")
    chat.says("Ana", "!snooze #1 1 hour")
    chat.says("Ana", "!snooze 7 1 hour")
    chat.says("Ana", "!snooze soon")
    assert chat.heard()[1:] == [
        "I will remind you again in 1 hour: stretch",
        "You have no reminder #7. See yours: !reminders",
        "'soon' is no time. Example: !snooze 10m",
    ]

    let_time_pass(chat, connection, minutes=10)
    assert chat.heard() == []
    let_time_pass(chat, connection, minutes=50)
    assert chat.heard() == ["⏰ Reminder for Ana: stretch"]


def test_an_event_on_its_way_does_not_say_what_was_put_off(chat: Chat) -> None:
    chat.says("Ana", "!remind 1m stretch")
    planned = (chat.now + timedelta(minutes=1)).isoformat()
    chat.wait(timedelta(minutes=1))
    chat.says("Ana", "!snooze 1 1h")
    chat.heard()

    chat.happens("due", {"module": "memories", "reminder": 1, "at": planned}, to="Ana")

    assert chat.heard() == []


def test_what_comes_again_goes_on_beside_what_is_put_off(
    chat: Chat, connection: Connection
) -> None:
    chat.says("Ana", "!remind every day 13:00 eat")
    let_time_pass(chat, connection, hours=1)
    chat.says("Ana", "!snooze 10m")
    chat.says("Ana", "!reminders")

    *_, listed = chat.heard()
    assert listed.startswith("Your reminders: #2 in 10 minutes: eat · #1 ")
    assert listed.endswith(": eat (every day)")


def test_five_come_again_and_no_more(chat: Chat) -> None:
    for number in range(6):
        chat.says("Ana", f"!remind every day 9:00 thing {number}")

    assert chat.heard()[-1] == (
        "You have 5 reminders that come again already. Drop one first: !forget <number>"
    )


def test_what_never_comes_is_refused(chat: Chat) -> None:
    chat.says("Ana", "!remind every friday 20:00 stream until tomorrow 9:00")
    chat.says("Ana", "!remind every day 9:00")

    never, of_what = chat.heard()
    assert never.startswith("It would never come: its first time is after its end")
    assert of_what.startswith("And of what?")


def test_a_forgotten_person_is_reminded_of_nothing(
    chat: Chat, memories: Memories, connection: Connection
) -> None:
    chat.says("Ana", "!remind every hour stretch")
    chat.heard()

    assert erase(1, "twitch", "ana", memories) == 1

    let_time_pass(chat, connection, hours=3)
    assert chat.heard() == []
