"""Whoever comes to a module's web address comes so often a minute, from each address."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import takewhile
from typing import Any

import pytest
import redis

from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.guestbook import GUESTBOOK, Guests
from tests.helpers.module_users import at_home
from tests.helpers.notebook import a_call
from tests.helpers.servers import Urls
from waddlebot.runtime.needs import PUBLIC_URL
from waddlebot.runtime.serve_module import ModuleDoor, serve_module
from waddlebot.stores.postgres import Postgres

__all__ = ["logging_restored"]  # a fixture

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
Door = ModuleDoor[Guests]


@pytest.fixture
def door(
    database_urls: Urls,
    limits: redis.Redis,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[Door]:
    assert limits.dbsize() == 0  # nobody has come yet
    monkeypatch.setenv("DATABASE_URL", at_home(database_urls, GUESTBOOK, "guests", "name text"))
    monkeypatch.setenv("VALKEY_LIMITS_URL", database_urls["VALKEY_LIMITS_URL"])
    door = serve_module(GUESTBOOK, build=Guests)
    yield door
    door.close()


def comes(door: Door, source: str = "203.0.113.1", *, body: str = "", **headers: str) -> Any:
    """Each may come twice a minute."""
    return door(
        {
            "version": "2.0",
            "routeKey": "POST /modules/guestbook/once",
            "headers": headers,
            "body": body,
            "requestContext": {"http": {"method": "POST", "sourceIp": source}},
        },
        AwsContext(),
    )


def statuses(door: Door, *sources: str) -> list[int]:
    return [comes(door, source)["statusCode"] for source in sources]


def guests(database: Postgres) -> int:
    return len(database.write("SELECT name FROM guests"))


def test_whoever_comes_too_often_waits_and_is_told_how_long_and_nobody_else_is(
    door: Door, database: Postgres
) -> None:
    assert statuses(door, "203.0.113.1", "203.0.113.1") == [200, 200]

    refused = comes(door, x_forwarded_for="198.51.100.7")

    assert refused["statusCode"] == 429
    error = json.loads(refused["body"])["error"]
    wait = int(refused["headers"]["retry-after"])
    assert (error["code"], error["details"]) == ("RATE_LIMITED", {"limit": 2, "retry_after": wait})
    assert 0 < wait <= 61
    assert statuses(door, "203.0.113.2") == [200]
    assert guests(database) == 3


def test_a_household_is_one_address_whichever_of_its_own_it_comes_from(door: Door) -> None:
    first, second, third = "2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:a::3"

    assert statuses(door, first, second, third, "2001:db8:1:3::1") == [200, 200, 429, 200]


def test_what_is_too_long_is_not_unpacked_and_counts_as_well(door: Door) -> None:
    long = "x" * 1001
    answers = [comes(door, body=long)["statusCode"] for _ in range(3)]

    assert answers == [413, 413, 429]


def test_while_the_limits_server_is_away_a_process_counts_for_itself(
    door: Door, database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VALKEY_LIMITS_URL", NOBODY_LISTENS)

    assert statuses(door, *["203.0.113.1"] * 3, "203.0.113.2") == [200, 200, 429, 200]
    assert guests(database) == 3


def test_who_is_refused_costs_the_limits_server_one_round_trip_and_who_is_answered_three(
    door: Door, limits: redis.Redis
) -> None:
    for number in range(5):
        who = f"203.0.113.{number}"
        comes(door, who)  # connected, and the script is known
        asked, refused = (asked_of(limits, lambda one=who: comes(door, one)) for _ in range(2))
        if not {*asked, *refused} & {*CONNECTING}:  # else a crowded processor cost the connection
            break

    assert asked == ["EVALSHA"] * 3  # counted, come in, gone
    assert refused == ["EVALSHA"]


CONNECTING = ("AUTH", "CLIENT", "HELLO", "SELECT")


def asked_of(server: redis.Redis, do: Callable[[], object]) -> list[str]:
    """What it was asked meanwhile; not what scripts do inside it, nor what others ask there.

    Other tests' databases are on the same server, which tells of all of them.
    """
    ours = server.connection_pool.connection_kwargs["db"]
    with server.monitor() as monitor:
        server.echo("begins")
        do()
        server.echo("ends")
        told = (
            one["command"]
            for one in monitor.listen()
            if one["client_type"] != "lua" and one["db"] == ours
        )
        assert any(one == "ECHO begins" for one in told)
        return [one.split()[0] for one in takewhile(lambda one: one != "ECHO ends", told)]


@pytest.mark.parametrize("public", ["https://bot.example.org", ""])
def test_a_command_says_where_the_modules_own_address_is(
    door: Door, monkeypatch: pytest.MonkeyPatch, public: str
) -> None:
    monkeypatch.setenv(PUBLIC_URL, public)
    asked = a_call("", command="guests feed")
    together = {"calls": [replace(asked, execution_id="e2").to_wire()]}

    [alone] = door(asked.to_wire(), AwsContext())
    [among] = door(together, AwsContext())["answers"]["e2"]

    where = f"Here: {public}/modules/guestbook/feed.xml"
    assert [alone["chat_message"], among["chat_message"]] == [where, where]
