"""A chain whose router is killed between two steps: nothing is lost, and nothing done twice.

The router is a process of its own, as on Lambda; its modules live on.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from multiprocessing.process import BaseProcess
from typing import Any

import pytest
import redis

from functions.router import execute, slow_handler, stream_handler
from tests.helpers.added_modules import join, route
from tests.helpers.aliases import MAX, Channel
from tests.helpers.aws_context import AwsContext
from tests.helpers.forks import SECONDS, code_of, fork
from tests.helpers.jukebox import JUKEBOX, invoked
from tests.helpers.lambda_stand_in import Door
from tests.helpers.module_users import at_home
from tests.helpers.router_doors import Doors
from tests.helpers.servers import Urls
from tests.helpers.service_stand_in import HOST, always, serving
from tests.helpers.stream_doors import left_by, told, wire_of
from waddlebot.domain.events import Event, Speaker
from waddlebot.domain.outcomes import Reply
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.receipts import ReceiptStore
from waddlebot.stores.versions import Versions

OWNER = "the router that dies"
ORDERED = "Yesterday is number 1."


@pytest.fixture
def jukebox(
    doors: Doors,
    database: Postgres,
    database_urls: Urls,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A module that takes long is there too."""
    join(database, versions, JUKEBOX)
    monkeypatch.setenv("JUKEBOX_URL", at_home(database_urls, JUKEBOX, "songs", "title text"))
    monkeypatch.setenv("JUKEBOX_TOKEN", "s3cret")
    doors.handlers["jukebox"] = lambda wire, _: invoked(wire, name="jukebox-function")


def line(channel: Channel, text: str, who: str = MAX) -> Event:
    return told(text, entity=channel.place, user=Speaker(id=who, name="Max"))


def routed(wire: Mapping[str, Any]) -> None:
    execute.PATIENCE = timedelta(seconds=SECONDS)  # its later steps too, on a busy machine
    stream_handler.handler(wire, AwsContext())


def answered_late(wire: Mapping[str, Any]) -> None:
    slow_handler.handler(wire, AwsContext(60))


def killed_at_call(
    doors: Doors, number: int, act: Callable[..., None], wire: Mapping[str, Any], *, effect: bool
) -> None:
    """The process of `act` ends while this call of a module is open; with `effect`, the module has
    done its work by then.
    """
    answer, calls = doors.functions.answer, list[str]()
    process, is_known = list[BaseProcess](), threading.Event()

    def dies(door: Door) -> None:
        calls.append(door.function)
        if len(calls) != number:
            return answer(door)
        if effect:
            doors.handlers[door.function](json.loads(door.body), AwsContext())
        assert is_known.wait(SECONDS)
        os.kill(process[0].pid or 0, signal.SIGKILL)
        return door.says({})

    doors.functions.answer = dies
    try:
        process.append(fork(act, wire))
        is_known.set()
        assert code_of(process[0]) == -signal.SIGKILL
    finally:
        doors.functions.answer = answer
    assert len(calls) == number


def said(streams: redis.Redis) -> list[str]:
    return [one.text for one in left_by(streams) if isinstance(one, Reply)]


@pytest.mark.parametrize("effect", [False, True], ids=["not yet done", "done"])
@pytest.mark.parametrize("number", [1, 2])
def test_it_goes_on_at_the_first_step_that_is_not_settled(
    channel: Channel, doors: Doors, streams: redis.Redis, number: int, *, effect: bool
) -> None:
    channel.says("!alias add falls = counter: {count} falls")
    channel.says("!alias add all = !addquote One && !falls && !addquote Two")
    event = line(channel, "!all")
    killed_at_call(doors, number, routed, wire_of(event, owner=OWNER), effect=effect)
    assert said(streams) == []
    ReceiptStore(streams, Partitions()).free([event], OWNER)  # as the reader that saw it die

    answered(doors, event)
    assert route(event)["standing"] == "done"
    assert said(streams) == ["Kept as quote #1.", "1 falls", "Kept as quote #2."]
    assert channel.says("!quote 3") == "There is no quote #3. See those there are: !quotes"
    assert channel.says("!falls") == "2 falls"


def test_each_step_is_charged_once_however_often_its_router_dies(
    channel: Channel, doors: Doors, streams: redis.Redis
) -> None:
    channel.says("!addquote One")
    channel.says("!alias add twice = !quote 1 && !quote 1")
    channel.says("!limits set quote 3 in 1h")
    event = line(channel, "!twice", "ana")
    for owner in ("first", "second"):
        killed_at_call(doors, 2, routed, wire_of(event, owner=owner), effect=True)
        ReceiptStore(streams, Partitions()).free([event], owner)
    answered(doors, event)
    assert said(streams) == ["#1: One", "#1: One"]
    assert channel.says("!quote 1", "ana") == "#1: One"
    assert channel.says("!quote 1", "ana").startswith("That was a lot of !quote.")


@pytest.mark.usefixtures("jukebox")
@pytest.mark.parametrize("is_killed", [False, True])
def test_a_slow_step_takes_the_rest_along(
    channel: Channel,
    doors: Doors,
    streams: redis.Redis,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_killed: bool,
) -> None:
    channel.says("!alias add party = !addquote One && !play yesterday && !addquote Two")
    event = line(channel, "!party")
    with serving(always(b'{"title": "Yesterday"}')) as service:
        monkeypatch.setenv("WADDLEBOT_OUTSIDE_STAND_INS", f"{HOST}={service.origin}")
        assert route(event)["passed_on"]
        assert said(streams) == ["Kept as quote #1."]
        if is_killed:  # while its last step is at work
            killed_at_call(doors, 2, answered_late, passed_on(doors), effect=True)
            streams.hset(Partition().receipt(event.id), "lease_until", 0)  # its time is over
            assert route(event)["passed_on"]
        assert slow_handler.handler(passed_on(doors), AwsContext(60)) == {"ran": 2}
        assert route(event)["standing"] == "done"
        assert len(service.seen) == 1
    assert said(streams) == ["Kept as quote #1.", ORDERED, "Kept as quote #2."]
    assert channel.says("!quote 3") == "There is no quote #3. See those there are: !quotes"


def answered(doors: Doors, event: Event) -> None:
    """All of it: on a busy machine the later steps go through the slow door."""
    told_of = route(event)
    assert told_of["standing"] == "ours"
    if told_of["passed_on"]:
        slow_handler.handler(passed_on(doors), AwsContext(60))


def passed_on(doors: Doors) -> Any:
    """What the slow door is told, the newest."""
    slow = [one for one in doors.functions.seen if one.function == "router-slow"]
    return json.loads(slow[-1].body)
