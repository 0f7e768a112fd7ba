"""Timers as moderators keep them."""

from __future__ import annotations

from functions.modules.timers.rhythm import TimerRhythm
from functions.modules.timers.store import Timers
from tests.functions.modules.timers.talking import let_time_pass, people_write, says
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Timers]


def told(chat: Chat, line: str) -> str:
    chat.says("Max", line, role="moderator")
    [said] = chat.heard()
    return said


def test_a_name_is_given_once_whatever_its_letters(chat: Chat) -> None:
    assert "is said here" in told(chat, "!timer add Socials every 15m Find us")
    assert "already" in told(chat, "!timer add SOCIALS every 10m Other")
    assert "Find us" in told(chat, "!timer test socials")


def test_texts_are_changed_by_their_number(chat: Chat) -> None:
    told(chat, "!timer add hello every 15m One")
    assert "changed" in told(chat, "!timer edit hello Another one")
    assert told(chat, "!timer test hello") == "Another one"
    told(chat, "!timer group hello Two")
    assert "Which of its 2 texts" in told(chat, "!timer edit hello Three")
    assert "Which of its 2 texts" in told(chat, "!timer edit hello 3 Three")
    assert "changed" in told(chat, "!timer edit hello 2 Three")
    assert told(chat, "!timer test hello") == "Another one"


def test_a_text_in_quotes_may_begin_as_a_rhythm_does(chat: Chat) -> None:
    told(chat, '!timer add hello every 15m "live every day: come in"')
    assert told(chat, "!timer test hello") == "live every day: come in"


def test_who_types_no_timer_is_told(chat: Chat) -> None:
    for line in ("edit hello every 5m", "on hello", "off hello", "delete hello", "test hello"):
        assert told(chat, f"!timer {line}") == "There is no timer hello. See all: !timer list"


def test_another_communitys_timers_are_not_seen(chat: Chat, connection: Connection) -> None:
    told(chat, "!timer add hello every 15m One")
    assert Timers(connection).list_all(2) == []
    assert Timers(connection).find(2, "hello") is None


def test_a_call_that_was_planned_before_a_change_is_silent(
    chat: Chat, connection: Connection
) -> None:
    says(chat, connection, "!timer add hello every 15m Hello")
    [row] = connection.execute("SELECT data FROM due WHERE module = 'timers'").fetchall()
    says(chat, connection, "!timer edit hello every 10m")
    chat.heard()
    people_write(chat, connection)

    chat.happens("due", row["data"])
    assert chat.heard() == []
    let_time_pass(chat, connection, minutes=10)
    assert chat.heard() == ["Hello"]


def test_names_are_offered_while_somebody_types(chat: Chat) -> None:
    told(chat, "!timer add socials every 15m Find us")
    told(chat, "!timer add hello every 15m Hello")
    assert chat.completes("!timer off so", role="moderator") == ["socials"]
    assert chat.completes("!timer off so") == []


def test_a_community_has_so_many_timers_and_a_timer_so_many_texts(
    chat: Chat, connection: Connection
) -> None:
    told(chat, "!timer add first every 15m One")
    timers = Timers(connection)
    for number in range(49):
        assert timers.make(1, f"t{number}", TimerRhythm(every=900), "One")
    assert "There are 50 timers already" in told(chat, "!timer add another every 15m One")
    [first] = [one for one in timers.list_all(1) if one.name == "first"]
    for number in range(2, 21):
        timers.set_text(first.id, number, "One")
    assert "20 texts at most" in told(chat, "!timer group first Another")
