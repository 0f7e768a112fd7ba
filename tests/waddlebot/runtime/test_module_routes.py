"""A module that reaches out is called back at an address of its own: it asks, then keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.servers import Urls
from tests.waddlebot.outside.service_stand_in import HOST, always, serving
from tests.waddlebot.runtime.aws_context import AwsContext, logging_restored
from tests.waddlebot.runtime.jukebox import JUKEBOX, Songs, ordered, title_in
from waddlebot.runtime.reach import Reach
from waddlebot.runtime.serve_module import ModuleDoor, serve_module
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import WebAnswer, WebRequest, route

__all__ = ["logging_restored"]  # a fixture


def connected(request: WebRequest, reach: Reach[Songs]) -> WebAnswer:
    title = title_in(reach.ask(ordered(request.query["code"], reach)))
    assert title
    number = reach.keep(lambda songs: songs.add(title))
    return WebAnswer(text=f"{title} is number {number}.")


@pytest.fixture
def door(  # noqa: PLR0917 - fixtures
    database: Postgres,
    database_urls: Urls,
    servers: Urls,
    cache: object,
    limits: object,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[ModuleDoor[Reach[Songs]]]:
    assert cache
    assert limits
    with database.writer() as connection:
        connection.execute("CREATE TABLE songs (title text)")
    monkeypatch.setenv("DATABASE_URL", database_urls["DATABASE_URL"])
    monkeypatch.setenv("VALKEY_CACHE_URL", servers["VALKEY_CACHE_URL"])
    monkeypatch.setenv("VALKEY_LIMITS_URL", servers["VALKEY_LIMITS_URL"])
    monkeypatch.setenv("JUKEBOX_TOKEN", "s3cret")
    module = replace(JUKEBOX, routes=(route("GET", "callback", connected),))
    door = serve_module(module, build=Songs)
    yield door
    door.close()


def comes_back(door: ModuleDoor[Reach[Songs]]) -> Any:
    return door(
        {
            "version": "2.0",
            "routeKey": "GET /modules/jukebox/callback",
            "queryStringParameters": {"code": "yesterday"},
            "headers": {},
        },
        AwsContext(),
    )


@pytest.mark.parametrize(
    ("does", "status", "says", "kept"),
    [
        (always(b'{"title": "Yesterday"}'), 200, "Yesterday is number 1.", 1),
        (always(status=500), 502, "The jukebox", 0),
        (always(b'{"name": "Yesterday"}'), 502, "The jukebox", 0),
    ],
    ids=["right", "500", "changed field"],
)
def test_who_is_sent_back_is_answered_with_what_the_service_said(  # noqa: PLR0917 - a table
    door: ModuleDoor[Reach[Songs]],
    database: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    does: Any,
    status: int,
    says: str,
    kept: int,
) -> None:
    with serving(does) as service:
        monkeypatch.setenv("WADDLEBOT_OUTSIDE_STAND_INS", f"{HOST}={service.origin}")
        answer = comes_back(door)

    assert (answer["statusCode"], says in answer["body"]) == (status, True), answer["body"]
    [songs] = database.write("SELECT count(*) AS number FROM songs")
    assert songs["number"] == kept


@pytest.mark.parametrize("path", ["", "/callback", "a//b", "../me", "A", "a?b", "{name", "a/"])
def test_a_path_that_no_module_may_have_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="a route's path is like"):
        route("GET", path, connected)


def test_a_method_that_no_module_may_have_is_refused() -> None:
    with pytest.raises(ValueError, match="a route is GET or POST"):
        route("DELETE", "callback", connected)
