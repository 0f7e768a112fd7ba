"""A module that reaches out is called back at an address of its own: it asks, then keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.jukebox import JUKEBOX, Songs, connected, killed_at
from tests.helpers.module_users import at_home
from tests.helpers.servers import Urls
from tests.helpers.service_stand_in import HOST, always, serving
from waddlebot.domain import sayings
from waddlebot.runtime.reach import Reach
from waddlebot.runtime.serve_module import ModuleDoor, serve_module
from waddlebot.stores.begun_calls import find_in_doubt, settle_doubts
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import route

__all__ = ["logging_restored"]  # a fixture

ADDRESS = "GET /modules/jukebox/callback"
RIGHT = always(b'{"title": "Yesterday"}')


@pytest.fixture
def door(  # noqa: PLR0917 - fixtures
    database_urls: Urls,
    servers: Urls,
    cache: object,
    limits: object,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[ModuleDoor[Reach[Songs]]]:
    assert cache
    assert limits
    monkeypatch.setenv("DATABASE_URL", at_home(database_urls, JUKEBOX, "songs", "title text"))
    monkeypatch.setenv("VALKEY_CACHE_URL", servers["VALKEY_CACHE_URL"])
    monkeypatch.setenv("VALKEY_LIMITS_URL", servers["VALKEY_LIMITS_URL"])
    monkeypatch.setenv("JUKEBOX_TOKEN", "s3cret")
    door = serve_module(JUKEBOX, build=Songs)
    yield door
    door.close()


def comes_back(door: ModuleDoor[Reach[Songs]], **query: str) -> Any:
    return door(sent_back(**query), AwsContext())


def sent_back(**query: str) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": ADDRESS,
        "queryStringParameters": {"code": "yesterday", **query},
        "headers": {},
    }


@pytest.mark.parametrize(
    ("does", "status", "says", "kept", "in_doubt"),
    [
        (RIGHT, 200, "Yesterday is number 1.", 1, 0),
        (always(status=403), 502, "The jukebox answers with 403.", 0, 0),
        (always(status=500), 502, sayings.UNSURE, 0, 1),
        (always(b'{"name": "Yesterday"}'), 502, sayings.UNSURE, 0, 1),
    ],
    ids=["right", "403", "500", "changed field"],
)
def test_who_is_sent_back_is_answered_with_what_the_service_said(  # noqa: PLR0917 - a table
    door: ModuleDoor[Reach[Songs]],
    database: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    does: Any,
    status: int,
    says: str,
    kept: int,
    in_doubt: int,
) -> None:
    with serving(does) as service:
        monkeypatch.setenv("WADDLEBOT_OUTSIDE_STAND_INS", f"{HOST}={service.origin}")
        answer = comes_back(door)

    assert (answer["statusCode"], says in answer["body"]) == (status, True), answer["body"]
    [songs] = database.write("SELECT count(*) AS number FROM songs")
    assert songs["number"] == kept
    assert len(doubts(database)) == in_doubt


@pytest.mark.parametrize("point", ["asked", "keeping"])
def test_who_dies_in_the_middle_leaves_a_doubt_as_a_call_does(
    door: ModuleDoor[Reach[Songs]],  # noqa: ARG001 - its environment
    database: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    point: str,
) -> None:
    with serving(RIGHT) as service:
        monkeypatch.setenv("WADDLEBOT_OUTSIDE_STAND_INS", f"{HOST}={service.origin}")
        killed_at(point, sent_back())

    assert len(service.seen) == 1
    assert doubts(database) == []  # nobody knows yet that it died
    database.write("UPDATE module_effects SET leased_until = now() - interval '1 s'")
    [row] = find_in_doubt(database, most=10)
    assert (row["module"], row["command"], row["event_id"]) == ("jukebox", ADDRESS, None)
    assert settle_doubts(database, [row["execution_id"]]) == [row["execution_id"]]
    assert doubts(database) == []
    assert database.write("SELECT title FROM songs") == []


def test_what_a_module_refuses_with_a_sentence_is_no_doubt(
    door: ModuleDoor[Reach[Songs]], database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(RIGHT) as service:
        monkeypatch.setenv("WADDLEBOT_OUTSIDE_STAND_INS", f"{HOST}={service.origin}")
        answer = comes_back(door, refused="1")

    assert (answer["statusCode"], "Not that one." in answer["body"]) == (409, True)
    assert database.write("SELECT title FROM songs") == []
    assert database.write("SELECT execution_id FROM module_effects") == []


def doubts(database: Postgres) -> list[str]:
    return [row["execution_id"] for row in find_in_doubt(database, most=10)]


@pytest.mark.parametrize("path", ["", "/callback", "a//b", "../me", "A", "a?b", "{name", "a/"])
def test_a_path_that_no_module_may_have_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="a route's path is like"):
        route("GET", path, connected)


def test_a_method_that_no_module_may_have_is_refused() -> None:
    with pytest.raises(ValueError, match="a route is GET or POST"):
        route("DELETE", "callback", connected)
