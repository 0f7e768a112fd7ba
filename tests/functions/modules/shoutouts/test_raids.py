"""Whoever raids: off at first, from so many viewers, once an hour, and never for who is banned."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest

from functions.modules.shoutouts.module import MODULE
from functions.modules.shoutouts.store import Shoutouts
from tests.functions.modules.shoutouts.talking import Talk, a_channel, raids, says
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls
from waddlebot.runtime.serve_module import serve_module
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot_sdk.dialogue import Dialogue

RITA = "Check out Rita, a channel worth your time: https://twitch.tv/rita"
CONTEXT = SimpleNamespace(aws_request_id="request-1")


def test_raids_are_answered_where_a_moderator_wants_that(chat: Talk) -> None:
    assert raids(chat, "Rita") == []
    assert "get no shoutout by themselves" in says(chat, "!so raid")[0]
    assert "Raids of 5 viewers or more" in says(chat, "!so raid 5")[0]
    assert raids(chat, "Sam", 4) == []
    assert raids(chat, "Rita", 5) == [RITA]
    told = a_channel("penny", asked="penny", is_live=True)
    assert "Penny, live now with Celeste" in raids(chat, "Penny", 5, told)[0]
    assert "Raids of 1 viewer or more" in says(chat, "!so raid on")[0]
    assert len(raids(chat, "Sam", 1)) == 1
    assert "by themselves" in says(chat, "!so raid off")[0]
    assert raids(chat, "Tom", 500) == []
    assert "for a raid" in says(chat, "!so history")[0]


@pytest.mark.parametrize("typed", ["0", "-1", "many", "1.5", "100001", "9" * 30, "\u0661"])
def test_how_many_viewers_is_a_number(chat: Talk, typed: str) -> None:
    assert "is not on, off or a number" in says(chat, f"!so raid {typed}")[0]
    assert "by themselves" in says(chat, "!so raid")[0]


def test_a_raid_of_whom_is_answered_once_an_hour(chat: Talk) -> None:
    says(chat, "!so raid on")
    assert raids(chat, "Rita") == [RITA]
    chat.wait(timedelta(minutes=59))
    assert raids(chat, "Rita") == []
    chat.wait(timedelta(minutes=1))
    assert raids(chat, "Rita") == [RITA]


def test_a_friend_is_recommended_however_few_come_along(chat: Talk) -> None:
    says(chat, "!so raid 50")
    says(chat, "!so text rita Hi {user}", a_channel("rita", id="rita"))
    assert raids(chat, "Rita", 1) == ["Hi Rita"]


def test_nobody_who_is_blocked_or_banned_is_recommended(
    chat: Talk, shoutouts: Shoutouts, connection: Connection
) -> None:
    says(chat, "!so raid on")
    says(chat, "!so block rita", a_channel("rita", id="rita"))
    assert raids(chat, "Rita") == []
    chat.happens("ban", to="Sam")
    assert raids(chat, "Sam") == []
    assert "No shoutout for Sam" in says(chat, "!so sam", a_channel("sam", id="sam"))[0]
    assert "No shoutout for sam" in says(chat, "!so sam")[0]
    elsewhere = Dialogue(MODULE, shoutouts, entity="discord:channel:77", seed="elsewhere")
    elsewhere.happens("ban", to="Tom")
    assert len(raids(chat, "Tom")) == 1
    person = connection.execute("INSERT INTO people DEFAULT VALUES RETURNING id").fetchone()
    assert person
    for platform, account in (("discord", "tom"), ("twitch", "tim")):
        connection.execute(
            "INSERT INTO identities (platform, user_id, person_id, name) VALUES (%s, %s, %s, 'T')",
            (platform, account, person["id"]),
        )
    assert raids(chat, "Tim") == []


@pytest.mark.parametrize("viewers", [None, "many", True, {}, -3])
def test_a_raid_that_says_odd_things_is_a_small_one(chat: Talk, viewers: object) -> None:
    says(chat, "!so raid on")
    assert raids(chat, "Rita", viewers) == []


def test_a_raid_of_nobody_or_of_no_login_is_left_alone(chat: Talk, shoutouts: Shoutouts) -> None:
    says(chat, "!so raid on")
    chat.happens("raid", {"viewers": 7})
    assert raids(chat, "Каша") == []
    elsewhere = Dialogue(MODULE, shoutouts, entity="discord:channel:77", seed="elsewhere")
    assert raids(elsewhere, "Rita") == []


def a_raid(name: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "version": 1,
        "execution_id": name,
        "session_id": f"sess_{name}",
        "event_type": "raid",
        "data": {"viewers": 7, "channels": []},
        "user": {"id": "77", "name": "Rita", "role": "user"},
        "entity": {"id": "twitch:channel:1001", "platform": "twitch"},
        "community": {"id": 1, "name": "Demo"},
        "occurred_at": now.isoformat(),
        "deadline": (now + timedelta(seconds=60)).isoformat(),
    }


def at_once(url: str, monkeypatch: pytest.MonkeyPatch, names: list[str]) -> list[Any]:
    """What each door answers to its raid; all come at the same moment."""
    monkeypatch.setenv("DATABASE_URL", url)
    doors = [serve_module(MODULE, build=Shoutouts) for _ in names]
    for door in doors:
        door.close()  # it has read its environment now
    together = Barrier(len(names))

    def one(door: Callable[..., Any], name: str) -> Any:
        raid = a_raid(name)
        together.wait(30)
        return door(raid, CONTEXT)

    with ThreadPoolExecutor(len(names)) as threads:
        answers = list(threads.map(one, doors, names))
    for door in doors:
        door.close()
    return answers


def given(url: str) -> int:
    postgres = Postgres(url)
    with postgres.writer() as connection:
        count = len(Shoutouts(connection).list_given(1))
    postgres.close()
    return count


def test_two_raids_of_one_person_at_one_moment_are_one_shoutout(
    database_urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = as_module(database_urls, "shoutouts")
    postgres = Postgres(url)
    with postgres.writer() as connection:
        Shoutouts(connection).set_raid_from(1, 1)
    postgres.close()

    answers = at_once(url, monkeypatch, ["raid-1", "raid-2", "raid-3", "raid-4"])
    assert sorted(map(len, answers)) == [0, 0, 0, 3]
    assert given(url) == 1

    again = at_once(url, monkeypatch, ["raid-1", "raid-2", "raid-3", "raid-4"])
    assert again == answers
    assert given(url) == 1


def test_one_raid_that_is_delivered_twice_at_one_moment_is_one_shoutout(
    database_urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = as_module(database_urls, "shoutouts")
    postgres = Postgres(url)
    with postgres.writer() as connection:
        Shoutouts(connection).set_raid_from(1, 1)
    postgres.close()

    first, *others = at_once(url, monkeypatch, ["raid-1"] * 3)
    assert others == [first, first]
    assert [one["response_action"] for one in first] == ["chat", "general", "shout_out"]
    assert given(url) == 1


def test_a_raid_that_is_told_long_after_is_not_answered(
    database_urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer was away for a while, say."""
    monkeypatch.setenv("DATABASE_URL", as_module(database_urls, "shoutouts"))
    door = serve_module(MODULE, build=Shoutouts)
    on = {**a_raid("on"), "event_type": "chatMessage", "command": "shoutout raid", "text": "on"}
    door({**on, "user": {"id": "9", "name": "Max", "role": "moderator"}}, CONTEXT)
    long_ago = (datetime.now(UTC) - timedelta(minutes=12)).isoformat()
    assert door({**a_raid("late"), "occurred_at": long_ago}, CONTEXT) == []
    assert len(door(a_raid("soon"), CONTEXT)) == 3
    door.close()
