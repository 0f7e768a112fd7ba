"""Timers in a house that runs as for people: said once, where they belong, while people talk."""

from __future__ import annotations

import uuid

import psycopg
import pytest

from tests.helpers.homes import greeted_on_slack, own_place
from tests.helpers.house import Chat, House
from tests.helpers.patience import eventually

PATIENCE = 20.0
EVERYWHERE = pytest.mark.parametrize("talk", ["discord", "slack", "twitch"], indirect=True)
TWITCH = pytest.mark.parametrize("talk", ["twitch"], indirect=True)


@pytest.fixture
def talk(request: pytest.FixtureRequest, house: House) -> Chat:
    """A channel of the real house; parametrize with the platform."""
    talk = house.chat(on=request.param, **own_place(request.param))
    if request.param == "slack":
        greeted_on_slack(house)
        return talk
    talk.says("olga", "hello everybody")
    assert talk.hears("!help", within=PATIENCE)
    return talk


def a_name() -> str:
    return f"t{uuid.uuid4().hex[:8]}"


def added(talk: Chat, when: str, text: str) -> str:
    name = a_name()
    talk.says("max", f"!timer add {name} {when} {text}")
    assert talk.hears(f"Timer {name} is said here", within=PATIENCE)
    return name


def comes_now(house: House, *names: str) -> None:
    """Its time has come; nobody waits for minutes here. Lines are still waited for."""
    with psycopg.connect(house.database_url) as connection:
        for name in names:
            moved = connection.execute(
                """
                UPDATE due SET at = now() FROM timers JOIN timer_places ON timer_id = timers.id
                WHERE timer_places.due_id = due.id AND fired_at IS NULL AND name = %s
                """,
                [name],
            )
            assert moved.rowcount, name


def heard(talk: Chat, words: str) -> bool:
    return talk.hears(words, within=PATIENCE) is not None


def calls_of_timers(talk: Chat) -> int:
    """How often the module was called in this channel for what is due."""
    with psycopg.connect(talk.house.database_url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM command_executions WHERE command = %s AND entity_id = %s",
            ["timers:on:due", f"twitch:channel:{talk.channel}"],
        ).fetchone()
    assert row
    return int(row[0])


@EVERYWHERE
def test_a_timer_is_said_once_after_so_many_lines_and_so_many_minutes(talk: Chat) -> None:
    name = added(talk, "every 15m after 3 lines", "Find us @everyone at example.org")
    comes_now(talk.house, name)
    talk.says("ana", "one")
    talk.says("olga", "two")
    assert talk.silent(4)
    talk.says("ana", "three")
    said = talk.hears("Find us", within=PATIENCE)
    assert said
    assert said["pings"] == []
    assert talk.silent(3)


@TWITCH
def test_two_timers_never_follow_each_other_without_a_person_between(talk: Chat) -> None:
    first = added(talk, "every 10m", "This is the first")
    second = added(talk, "every 10m", "This is the second")
    comes_now(talk.house, first, second)
    talk.says("ana", "hello")
    talk.says("ana", "anybody here?")
    [said] = talk.heard(1, within=PATIENCE)
    assert said in {"This is the first", "This is the second"}
    assert talk.silent(4)
    talk.says("ana", "still here")
    other = {"This is the first", "This is the second"} - {said}
    assert heard(talk, other.pop())


@TWITCH
def test_where_nobody_talks_nothing_is_said_and_no_module_is_called(talk: Chat) -> None:
    name = added(talk, "every 10m", "Is anybody out there?")
    talk.says("ana", "hello")
    comes_now(talk.house, name)
    assert heard(talk, "Is anybody out there?")
    comes_now(talk.house, name)
    before = calls_of_timers(talk)
    assert talk.silent(4)
    assert calls_of_timers(talk) == before


@TWITCH
def test_texts_of_a_group_take_turns(talk: Chat) -> None:
    name = added(talk, "every 10m", "First: a pond")
    talk.says("max", f"!timer group {name} Second: a $(random.pick puddle puddle)")
    assert heard(talk, "2 texts that take turns")
    for words in ("First: a pond", "Second: a puddle", "First: a pond"):
        talk.says("ana", "tell me")
        comes_now(talk.house, name)
        assert heard(talk, words)


@TWITCH
def test_what_is_switched_off_or_deleted_is_silent(talk: Chat) -> None:
    name = added(talk, "every 10m", "Not to be heard")
    talk.says("max", f"!timer off {name}")
    assert heard(talk, "not said here any more")
    talk.says("max", f"!timer on {name}")
    assert heard(talk, f"Timer {name} is said here")
    talk.says("max", "!timers")
    assert heard(talk, f"{name} every 10 minutes, after 1 line of others (here)")
    talk.says("max", f"!timer delete {name}")
    assert heard(talk, f"Timer {name} is gone")
    talk.says("ana", "hello")
    assert talk.silent(3)
    with psycopg.connect(talk.house.database_url) as connection:
        rows = connection.execute(
            "SELECT FROM due WHERE module = 'timers' AND fired_at IS NULL AND entity_id = %s",
            [f"twitch:channel:{talk.channel}"],
        )
        assert rows.fetchall() == []


@TWITCH
def test_a_timer_says_nothing_that_a_rule_forbids(talk: Chat) -> None:
    word = a_name()
    name = added(talk, "every 10m", f"Buy {word} now")
    talk.says("olga", f"!rules add contains {word} block")
    assert heard(talk, "Rule")
    talk.says("ana", "hello")
    comes_now(talk.house, name)
    assert eventually(lambda: calls_of_timers(talk) > 0, within=PATIENCE)
    assert not talk.hears(f"Buy {word}", within=4)


@TWITCH
def test_viewers_make_no_timers(talk: Chat) -> None:
    talk.says("ana", f"!timer add {a_name()} every 15m Mine")
    assert heard(talk, "moderator")
