"""When a timer is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.modules.timers.module import MODULE
from functions.modules.timers.store import Timers
from tests.functions.modules.timers.conftest import A_MONDAY
from tests.functions.modules.timers.talking import let_time_pass, people_write, says
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import CommunityInfo
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Timers]


def added(chat: Chat, connection: Connection, line: str) -> None:
    says(chat, connection, f"!timer add {line}")
    [said] = chat.heard()
    assert said.startswith("Timer "), said


def test_minutes_and_lines_both_have_to_go_by(chat: Chat, connection: Connection) -> None:
    added(chat, connection, "socials every 15m after 5 lines Find us")

    people_write(chat, connection, 5)
    let_time_pass(chat, connection, minutes=14)
    assert chat.heard() == []
    let_time_pass(chat, connection, minutes=1)
    assert chat.heard() == ["Find us"]

    people_write(chat, connection, 4)
    let_time_pass(chat, connection, hours=2)
    assert chat.heard() == []
    people_write(chat, connection)
    let_time_pass(chat, connection, seconds=1)
    assert chat.heard() == ["Find us"]


def test_the_line_that_adds_a_timer_is_none_of_others(chat: Chat, connection: Connection) -> None:
    added(chat, connection, "hello every 1m Hello")

    let_time_pass(chat, connection, hours=3)
    assert chat.heard() == []


def test_what_was_missed_is_not_made_up_for(chat: Chat, connection: Connection) -> None:
    added(chat, connection, "hello every 10m Hello")

    let_time_pass(chat, connection, hours=5)
    people_write(chat, connection, 50)
    let_time_pass(chat, connection, seconds=1)
    assert chat.heard() == ["Hello"]


def test_no_timer_follows_another(chat: Chat, connection: Connection) -> None:
    for name in ("one", "two", "three"):
        added(chat, connection, f"{name} every 10m {name}")

    people_write(chat, connection, 9)
    let_time_pass(chat, connection, hours=1)
    first = chat.heard()
    assert len(first) == 1
    people_write(chat, connection)
    let_time_pass(chat, connection, minutes=1)
    second = chat.heard()
    assert len(second) == 1
    assert first != second


def test_by_cron_in_the_zone_of_the_community(chat: Chat, connection: Connection) -> None:
    added(chat, connection, "standup cron 30 13 * * 1-5 Stand up")  # it is Monday, 12:00

    people_write(chat, connection)
    let_time_pass(chat, connection, minutes=89)
    assert chat.heard() == []
    let_time_pass(chat, connection, minutes=1)
    assert chat.heard() == ["Stand up"]
    people_write(chat, connection)
    let_time_pass(chat, connection, hours=23)
    assert chat.heard() == []
    let_time_pass(chat, connection, hours=1)
    assert chat.heard() == ["Stand up"]


def test_give_or_take(chat: Chat, connection: Connection) -> None:
    added(chat, connection, "hello every 10m give or take 5m Hello")
    gaps = []
    for _ in range(12):
        people_write(chat, connection)
        began = chat.now
        while not chat.heard():
            let_time_pass(chat, connection, seconds=20)
        gaps.append((chat.now - began).total_seconds())

    assert 280 <= min(gaps) < 500
    assert 700 < max(gaps) <= 940


def test_by_cron_it_is_never_sooner_and_once_a_time(chat: Chat, connection: Connection) -> None:
    # Who was called sooner would find the very same time of its cron before them again.
    added(chat, connection, "standup cron 0 13 * * * give or take 30m Stand up")
    for _ in range(6):
        people_write(chat, connection)
        noon = chat.now
        let_time_pass(chat, connection, minutes=59)
        assert chat.heard() == []
        let_time_pass(chat, connection, minutes=31)
        assert chat.heard() == ["Stand up"]
        people_write(chat, connection)
        let_time_pass(chat, connection, hours=4)
        assert chat.heard() == []
        let_time_pass(chat, connection, seconds=(noon - chat.now).total_seconds() + 24 * 3600)


def test_live_alone(chat: Chat, connection: Connection) -> None:
    added(chat, connection, "hello every 10m live Hello")
    people_write(chat, connection, 5)
    let_time_pass(chat, connection, minutes=12)
    assert chat.heard() == []

    connection.execute("UPDATE coordination SET is_live = true")
    people_write(chat, connection)
    let_time_pass(chat, connection, minutes=10)
    assert chat.heard() == ["Hello"]


def test_where_it_was_not_called_it_comes_again(chat: Chat, connection: Connection) -> None:
    added(chat, connection, "hello every 10m Hello")
    people_write(chat, connection, 2)
    due = Due(connection)
    [row] = due.take(chat.now + timedelta(minutes=10), 1)
    due.mark([row.id], row.at)  # as where the place is quiet: nobody is called
    let_time_pass(chat, connection, minutes=30)
    assert chat.heard() == []
    let_time_pass(chat, connection, minutes=41)
    assert chat.heard() == ["Hello"]
    let_time_pass(chat, connection, hours=9)
    assert chat.heard() == []


def test_a_place_that_moved_to_others_is_left_alone(connection: Connection) -> None:
    there = Dialogue(MODULE, Timers(connection), community=CommunityInfo(id=1, name="Demo"))
    added(there, connection, "hello every 10m Hello")
    [row] = connection.execute("SELECT data FROM due WHERE module = 'timers'").fetchall()
    others = Dialogue(MODULE, Timers(connection), community=CommunityInfo(id=2, name="Others"))
    others.happens("due", row["data"])
    assert others.heard() == []
    assert connection.execute("SELECT FROM due WHERE module = 'timers'").fetchall() == []


def test_in_a_place_that_came_back_it_is_switched_on_again(connection: Connection) -> None:
    here = Dialogue(MODULE, Timers(connection), now=A_MONDAY)
    added(here, connection, "hello every 10m Hello")
    [row] = connection.execute("SELECT data FROM due WHERE module = 'timers'").fetchall()
    others = Dialogue(
        MODULE,
        Timers(connection),
        community=CommunityInfo(id=2, name="Others"),
        now=A_MONDAY,
        seed="others",
    )
    others.happens("due", row["data"])

    says(here, connection, "!timer list")
    assert "(off)" in here.heard()[0]
    says(here, connection, "!timer on hello")
    here.heard()
    people_write(here, connection, 2)
    let_time_pass(here, connection, minutes=10)
    assert here.heard() == ["Hello"]


def test_a_changed_rhythm_begins_anew(chat: Chat, connection: Connection) -> None:
    added(chat, connection, "hello every 1h Hello")
    says(chat, connection, "!timer edit hello every 5m after 2 lines")
    assert "every 5 minutes, after 2 lines of others" in chat.heard()[0]

    people_write(chat, connection, 2)
    let_time_pass(chat, connection, minutes=5)
    assert chat.heard() == ["Hello"]
    let_time_pass(chat, connection, hours=2)
    assert chat.heard() == []


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("hello Find us", "How often"),
        ("hello every 15m", "And what"),
        ("hello every 10s Hi", "every minute at most"),
        ("hello every 8d Hi", "once a week at least"),
        ("hello every now and then", "says not how often"),
        ("hello every 15 Hi", "says not how often"),
        ("hello cron 0 25 * * * Hi", "five fields"),
        ("hello cron 0 0 30 2 * Hi", "five fields"),
        ("hello every 15m after 0 lines Hi", "After 1 to 1000"),
        ("hello every 15m give or take 10m Hi", "half of its rhythm"),
        ("he.llo every 15m Hi", "is no name"),
        ("hello every 15m Hi $(user)", "$(user) needs somebody"),
        ("hello every 15m Up $(uptime)", "$(uptime) needs somebody"),
        ("hello every 15m $(nonsense)", "Then say it again"),
        (f"hello every 15m {'x' * 401}", "400 characters"),
        ("hello every 15m \u200b", "And what"),
        ("hello every 15m give or take 5 Hi", "no length to give or take"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(chat: Chat, line: str, answer: str) -> None:
    chat.says("Max", f"!timer add {line}", role="moderator")
    [said] = chat.heard()
    assert answer in said
    assert "!timer" in said
    chat.says("Max", "!timer list", role="moderator")
    assert "No timers yet" in chat.heard()[0]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("every 15m", "every 15 minutes, after 1 line of others"),
        ("each 1h30m,", "every 1 hour and 30 minutes, after 1 line of others"),
        ("every 2 hours 30 minutes", "every 2 hours and 30 minutes, after 1 line of others"),
        ("every hour", "every 1 hour, after 1 line of others"),
        ("after 20 messages every 15m live only", "after 20 lines of others, while live"),
        ("every 20m jitter 5m", "every 20 minutes, give or take 5 minutes, after 1 line"),
        ("every 20m give or take 5 minutes", "every 20 minutes, give or take 5 minutes, after"),
        ("cron 0 9 * * * give or take 5m", "cron 0 9 * * *, up to 5 minutes later, after"),
        ('cron "*/30 18-23 * * *"', "at the times of cron */30 18-23 * * *"),
    ],
)
def test_as_people_type_a_rhythm(chat: Chat, when: str, said: str) -> None:
    chat.says("Max", f"!timer add hello {when} Hello there", role="moderator")
    assert said in chat.heard()[0]
    chat.says("Max", "!timer test hello", role="moderator")
    assert chat.heard() == ["Hello there"]


@pytest.mark.parametrize(
    ("line", "when", "text"),
    [
        ("every 15m 2 for 1 today", "every 15 minutes, after", "2 for 1 today"),
        ("every hour 30 people join", "every 1 hour, after", "30 people join"),
        ("every 2 hours 5 days left", "every 2 hours, after", "5 days left"),
        (
            "every 20m give or take 5m 3 places left",
            "give or take 5 minutes, after",
            "3 places left",
        ),
        ("every 2h 30m 5 left", "every 2 hours and 30 minutes, after", "5 left"),
    ],
)
def test_a_number_behind_a_rhythm_begins_the_text(
    chat: Chat, line: str, when: str, text: str
) -> None:
    chat.says("Max", f"!timer add hello {line}", role="moderator")
    assert when in chat.heard()[0]
    chat.says("Max", "!timer test hello", role="moderator")
    assert chat.heard() == [text]
