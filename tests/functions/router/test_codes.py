"""Codes are told once and kept nowhere, however often a call comes and whoever dies over it."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
import redis

from tests.helpers.secret_lines import (
    MAX,
    THERE,
    TWITCH,
    died_over,
    holding,
    on_discord,
    on_twitch,
    replies,
    said,
)
from tests.helpers.stream_doors import asked, route
from waddlebot.domain.accounts import Account
from waddlebot.domain.outcomes import Reply
from waddlebot.stores.personal_data import forget
from waddlebot.stores.postgres import Postgres

pytestmark = pytest.mark.usefixtures("doors")


def code_in(reply: Reply) -> str:
    found = re.search(r"!verify (\w{6}) ", reply.text)
    assert found is not None, reply.text
    return found[1]


def test_no_table_and_no_log_holds_a_code(
    database: Postgres, owner: Postgres, streams: redis.Redis, caplog: Any, capfd: Any
) -> None:
    asking = said(streams, on_twitch("!identity link discord max_1990"))
    code = code_in(asking)
    assert (asking.private, asking.secret) == (True, True)
    shown = said(streams, on_discord(f"!verify {code}"))
    invited = said(streams, on_twitch("!community invite"))
    word = invited.text.split("!community join ")[1].split()[0]
    assert invited.secret
    assert (
        "belongs to that community already"
        in said(streams, on_twitch(f"!community join {word}")).text
    )

    edited = msgspec.structs.replace(on_discord(f"!verify {code} yes"), watched_only=True)
    route(edited)

    assert "wants to be one person" in shown.text
    assert code not in shown.text
    assert holding(owner, [code, word]) == set()
    assert code not in f"{caplog.text}{capfd.readouterr()}"
    lines = [row["text"] for row in database.write("SELECT text FROM messages ORDER BY text")]
    assert {"!verify …", "!community join …"} <= set(lines)
    calls = database.write("SELECT arguments FROM command_executions WHERE command = '!verify'")
    assert [row["arguments"] for row in calls] == ["…"]


def test_a_code_that_nobody_was_told_gives_way_to_the_next(streams: redis.Redis) -> None:
    asking = on_twitch("!identity link discord max_1990")
    lost = code_in(said(streams, asking))
    died_over(streams, asking)
    again = said(streams, asking)
    code = code_in(again)

    assert code != lost
    assert {one.id for one in replies(streams) if one.secret} == {again.id}
    assert "not for you" in said(streams, on_discord(f"!verify {lost}")).text
    assert "wants to be one person" in said(streams, on_discord(f"!verify {code}")).text
    assert (
        "You got a code just now"
        in said(streams, on_twitch("!identity link discord max_1990")).text
    )


def test_an_asked_code_is_told_again_to_whoever_asks_again(owner: Postgres) -> None:
    event = asked("!identity link discord max_1990", entity=TWITCH, user=MAX)
    [first] = route(event)
    [again] = route(event)

    assert first["replies"][0]["secret"] is True
    assert again["replies"] == first["replies"]
    assert holding(owner, [code_in(msgspec.convert(first["replies"][0], Reply))]) == set()


def test_the_other_side_is_asked_once_and_linked_once_whoever_dies(
    database: Postgres, owner: Postgres, streams: redis.Redis
) -> None:
    code = code_in(said(streams, on_twitch("!identity link discord Max")))
    route(on_discord(f"!verify {code}"))
    sure = on_discord(f"!verify {code} yes")
    for _ in range(2):
        route(sure)
        died_over(streams, sure)
    route(sure)

    questions = [one for one in replies(streams) if "typed your code" in one.text]
    assert len({one.id for one in questions}) == 1
    assert {(one.entity, one.user, one.secret) for one in questions} == {(TWITCH, MAX.id, True)}
    assert "Discord account max_1990 (id 301000000000000002, shown as “Max”)" in questions[0].text
    with database.writer() as connection:
        forget(connection, Account("twitch", "410"))  # somebody else
    assert holding(owner, [MAX.id]) >= {"module_effects", "identity_codes"}
    yes = on_twitch("!identity yes 0002")
    first = said(streams, yes).text
    died_over(streams, yes)

    assert "You are one person now" in first
    assert said(streams, yes).text == first
    assert len(database.write("SELECT * FROM people")) == 1
    assert len(database.write("SELECT * FROM identities")) == 2
    with database.writer() as connection:
        forget(connection, Account("twitch", MAX.id))
    assert holding(owner, [MAX.id]) == set()
    assert "command_executions" in holding(owner, [THERE.id])
