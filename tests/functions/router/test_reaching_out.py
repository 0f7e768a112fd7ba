"""A module that asks a slow service, on the whole road: passed on, answered once."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import redis

from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.router import slow_handler, stream_handler
from functions.upkeep.sync_commands_handler import sync_commands
from tests.helpers.aws_context import AwsContext
from tests.helpers.events_and_commands import an_event
from tests.helpers.jukebox import JUKEBOX, Songs
from tests.helpers.router_doors import Doors
from tests.helpers.service_stand_in import HOST, Handler, always, serving
from waddlebot.domain import sayings
from waddlebot.domain.events import Event
from waddlebot.runtime.serve_module import serve_module
from waddlebot.stores.keys import Partition
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import decode_outgoing
from waddlebot.stores.versions import Versions

RIGHT = b'{"title": "Yesterday"}'


@pytest.fixture
def doors(
    doors: Doors,
    database: Postgres,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Doors]:
    """With one module more, which is no part of the house."""
    modules = (*lambda_modules(), JUKEBOX)
    sync_commands(declared_commands(modules, builtin_modules()), database, versions)
    with database.writer() as connection:
        connection.execute("CREATE TABLE songs (title text)")
    monkeypatch.setenv("JUKEBOX_TOKEN", "s3cret")
    doors.handlers["jukebox"] = jukebox = serve_module(JUKEBOX, build=Songs)
    yield doors
    jukebox.close()


def route(event: Event) -> dict[str, Any]:
    wire = json.loads(
        msgspec.json.encode({"v": 1, "events": [event], "owner": secrets.token_hex(8)})
    )
    [result] = stream_handler.handler(wire, AwsContext())["results"]
    told: dict[str, Any] = result
    return told


def sent(streams: redis.Redis) -> list[str]:
    entries: Any = streams.xrange(Partition().replies_stream())
    return [str(getattr(decode_outgoing(fields), "text", "")) for _, fields in entries]


def slow(handler: Handler, _: int) -> None:
    time.sleep(6)
    handler.says(RIGHT)


def busy_at_first(handler: Handler, number: int) -> None:
    if number == 1:
        handler.says(status=429, retry_after="1")
    else:
        handler.says(RIGHT)


@pytest.mark.parametrize(
    ("does", "words", "kept"),
    [
        (slow, "Yesterday is number 1.", 1),
        (busy_at_first, "Yesterday is number 1.", 1),
        (always(status=500), sayings.UNSURE, 0),
        (always(b'{"name": "Yesterday"}'), sayings.UNSURE, 0),
    ],
    ids=["slow", "429", "500", "changed field"],
)
def test_a_call_of_a_service_is_answered_once_by_the_slow_door(  # noqa: PLR0917 - fixtures
    doors: Doors,
    database: Postgres,
    streams: redis.Redis,
    monkeypatch: pytest.MonkeyPatch,
    does: Any,
    words: str,
    kept: int,
) -> None:
    event = an_event("!play yesterday", occurred_at=datetime.now(UTC))
    with serving(does) as service:
        monkeypatch.setenv("WADDLEBOT_OUTSIDE_STAND_INS", f"{HOST}={service.origin}")
        first = route(event)
        [passed_on] = [one for one in doors.functions.seen if "/router-slow/" in one.path]
        assert slow_handler.handler(json.loads(passed_on.body), AwsContext(60)) == {"ran": 1}
        again = route(event)

    assert (first["standing"], first["passed_on"], again["standing"]) == ("ours", True, "done")
    assert [text for text in sent(streams) if words in text] == [sent(streams)[-1]]
    [songs] = database.write("SELECT count(*) AS number FROM songs")
    assert songs["number"] == kept
