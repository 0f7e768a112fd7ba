"""A module that reaches out is answered once and keeps its effect once, whatever breaks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.helpers import jukebox
from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.jukebox import JUKEBOX, REPEATABLE, Songs
from tests.helpers.module_users import at_home
from tests.helpers.patience import eventually
from tests.helpers.servers import Urls
from tests.helpers.service_stand_in import HOST, Handler, Service, always, serving
from waddlebot.domain import sayings
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.reach import Reach, ReachMisused
from waddlebot.runtime.serve_module import ModuleDoor, TooLate, serve_module
from waddlebot.stores.begun_calls import find_in_doubt, settle_doubts
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import Call, CommunityInfo, Place, User

__all__ = ["logging_restored"]  # a fixture

RIGHT = b'{"title": "Yesterday"}'
NAME = "jukebox-function"
Answer = list[dict[str, Any]]


@pytest.fixture
def songs(  # noqa: PLR0917 - fixtures
    database: Postgres,
    database_urls: Urls,
    servers: Urls,
    cache: object,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Postgres:
    assert cache
    monkeypatch.setenv("DATABASE_URL", at_home(database_urls, JUKEBOX, "songs", "title text"))
    monkeypatch.setenv("VALKEY_CACHE_URL", servers["VALKEY_CACHE_URL"])
    monkeypatch.setenv("JUKEBOX_TOKEN", "s3cret")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", NAME)
    return database


@pytest.fixture
def reach_service(monkeypatch: pytest.MonkeyPatch) -> Callable[[Service], None]:
    def use(service: Service) -> None:
        monkeypatch.setenv("WADDLEBOT_OUTSIDE_STAND_INS", f"{HOST}={service.origin}")

    return use


@contextmanager
def a_door(*, repeatable: bool = False) -> Iterator[ModuleDoor[Reach[Songs]]]:
    door = serve_module(REPEATABLE if repeatable else JUKEBOX, build=Songs)
    try:
        yield door
    finally:
        door.close()


def a_call(command: str = "play", text: str = "yesterday", *, seconds: float = 20) -> Call:
    now = datetime.now(UTC)
    return Call(
        execution_id="e1",
        session_id="sess_1",
        command=command,
        text=text,
        event_type="chatMessage",
        user=User(id="1", name="Ana"),
        entity=Place(id="twitch:channel:1001", platform="twitch"),
        community=CommunityInfo(id=1, name="Penguins"),
        occurred_at=now,
        deadline=now + timedelta(seconds=seconds),
    )


def said(answer: Any) -> str:
    [response] = answer
    return str(response["chat_message"])


def titles(database: Postgres) -> list[str]:
    return [row["title"] for row in database.write("SELECT title FROM songs")]


def doubts(database: Postgres) -> list[str]:
    return [row["execution_id"] for row in find_in_doubt(database, most=10)]


def connections(database: Postgres) -> int:
    [row] = database.write(
        """
        SELECT count(*) AS number FROM pg_stat_activity
        WHERE application_name = %s AND datname = current_database()
        """,
        (NAME,),
    )
    return int(row["number"])


def killed_at(point: str, call: Call, *, repeatable: bool = False) -> None:
    jukebox.killed_at(point, call.to_wire(), repeatable=repeatable)


def lease_over(database: Postgres) -> None:
    database.write("UPDATE module_effects SET leased_until = now() - interval '1 s'")


def test_a_slow_service_is_waited_for_and_nothing_of_ours_is_held(
    songs: Postgres, reach_service: Callable[[Service], None]
) -> None:
    held: list[int] = []

    def slow(handler: Handler, _: int) -> None:
        for _ in range(12):
            time.sleep(0.5)
            held.append(connections(songs))
        handler.says(RIGHT)

    with serving(slow) as service, a_door() as door:
        reach_service(service)
        first = door(a_call().to_wire(), AwsContext())
        again = door(replace(a_call(), session_id="sess_2").to_wire(), AwsContext())

    assert [said(first), said(again)] == ["Yesterday is number 1."] * 2
    assert (first[0]["session_id"], again[0]["session_id"]) == ("sess_1", "sess_2")
    assert titles(songs) == ["Yesterday"]
    assert len(service.seen) == 1
    assert service.seen[0].headers["authorization"] == "Bearer s3cret"
    assert held == [0] * 12


def test_two_at_once_ask_outside_once_and_both_are_answered(
    songs: Postgres, reach_service: Callable[[Service], None]
) -> None:
    def slow(handler: Handler, _: int) -> None:
        time.sleep(1)
        handler.says(RIGHT)

    with serving(slow) as service, a_door() as one, a_door() as other:
        reach_service(service)
        with ThreadPoolExecutor(2) as both:
            answers = list(
                both.map(lambda door: door(a_call().to_wire(), AwsContext()), [one, other])
            )

    assert list(map(said, answers)) == ["Yesterday is number 1."] * 2
    assert (titles(songs), len(service.seen)) == (["Yesterday"], 1)


@pytest.mark.parametrize(
    ("does", "words"),
    [
        (always(status=500), "The jukebox answers with 500. Please try again in a moment."),
        (always(status=404), "The jukebox answers with 404. Please try again in a moment."),
        (always(b'{"name": "x"}'), "The jukebox answers with 200. Please try again in a moment."),
    ],
    ids=["500", "404", "changed field"],
)
def test_what_fails_is_said_once_and_nothing_is_kept(
    songs: Postgres, reach_service: Callable[[Service], None], does: Any, words: str
) -> None:
    with serving(does) as service, a_door() as door:
        reach_service(service)
        first = door(a_call("look").to_wire(), AwsContext())
        asked = len(service.seen)
        again = door(a_call("look").to_wire(), AwsContext())

    assert [said(first), said(again)] == [words] * 2
    assert len(service.seen) == asked
    assert (titles(songs), doubts(songs)) == ([], [])


def test_what_is_asked_for_patience_gets_it(
    songs: Postgres, reach_service: Callable[[Service], None]
) -> None:
    def busy(handler: Handler, number: int) -> None:
        if number == 1:
            handler.says(status=429, retry_after="1")
        else:
            handler.says(RIGHT)

    with serving(busy) as service, a_door() as door:
        reach_service(service)
        answer = door(a_call().to_wire(), AwsContext())

    assert said(answer) == "Yesterday is number 1."
    assert (titles(songs), len(service.seen)) == (["Yesterday"], 2)


@pytest.mark.parametrize("does", [always(status=500), always(b"{}")], ids=["500", "changed field"])
def test_an_order_that_may_have_been_taken_is_in_doubt(
    songs: Postgres, reach_service: Callable[[Service], None], does: Any
) -> None:
    with serving(does) as service, a_door() as door:
        reach_service(service)
        answers = [door(a_call().to_wire(), AwsContext()) for _ in range(2)]

    assert list(map(said, answers)) == [sayings.UNSURE] * 2
    assert len(service.seen) == 1
    assert doubts(songs) == ["e1"]


@pytest.mark.parametrize("point", ["asked", "keeping"])
def test_whoever_dies_before_it_was_kept_leaves_a_doubt_and_nobody_orders_twice(
    songs: Postgres, reach_service: Callable[[Service], None], point: str
) -> None:
    with serving(always(RIGHT)) as service, a_door() as door:
        reach_service(service)
        killed_at(point, a_call())
        assert doubts(songs) == []
        lease_over(songs)
        assert doubts(songs) == ["e1"]
        answer = door(a_call().to_wire(), AwsContext())

    assert said(answer) == sayings.UNSURE
    assert (titles(songs), doubts(songs)) == ([], ["e1"])
    assert len(service.seen) == 1
    assert settle_doubts(songs, ["e1", "e2"]) == ["e1"]
    assert doubts(songs) == []


def test_who_has_looked_at_a_call_that_died_hears_no_more_of_it(
    songs: Postgres, reach_service: Callable[[Service], None]
) -> None:
    with serving(always(RIGHT)) as service, a_door() as door:
        reach_service(service)
        killed_at("asked", a_call())
        assert settle_doubts(songs, ["e1"]) == []
        lease_over(songs)
        assert settle_doubts(songs, ["e1"]) == ["e1"]
        answer = door(a_call().to_wire(), AwsContext())

    assert said(answer) == sayings.UNSURE
    assert (titles(songs), doubts(songs), len(service.seen)) == ([], [], 1)


@pytest.mark.parametrize("point", ["begun", "asked", "keeping"])
def test_what_may_be_made_twice_is_made_again_and_kept_once(
    songs: Postgres, reach_service: Callable[[Service], None], point: str
) -> None:
    with serving(always(RIGHT)) as service, a_door(repeatable=True) as door:
        reach_service(service)
        killed_at(point, a_call(), repeatable=True)
        lease_over(songs)
        answer = door(a_call().to_wire(), AwsContext())

    assert said(answer) == "Yesterday is number 1."
    assert (titles(songs), doubts(songs)) == (["Yesterday"], [])


def test_whoever_dies_before_it_asked_is_followed_by_another(
    songs: Postgres, reach_service: Callable[[Service], None]
) -> None:
    with serving(always(RIGHT)) as service, a_door() as door:
        reach_service(service)
        killed_at("begun", a_call())
        lease_over(songs)
        answer = door(a_call().to_wire(), AwsContext())

    assert said(answer) == "Yesterday is number 1."
    assert (titles(songs), doubts(songs), len(service.seen)) == (["Yesterday"], [], 1)


def test_whoever_dies_with_the_answer_has_kept_it(
    songs: Postgres, reach_service: Callable[[Service], None]
) -> None:
    with serving(always(RIGHT)) as service, a_door() as door:
        reach_service(service)
        killed_at("kept", a_call())
        answer = door(a_call().to_wire(), AwsContext())

    assert said(answer) == "Yesterday is number 1."
    assert (titles(songs), len(service.seen)) == (["Yesterday"], 1)


def test_the_lease_of_one_that_died_is_waited_for_and_then_answered(
    songs: Postgres, reach_service: Callable[[Service], None]
) -> None:
    with serving(always(RIGHT)) as service, a_door() as door:
        reach_service(service)
        killed_at("asked", a_call(seconds=6))
        with pytest.raises(Unavailable):
            door(a_call(seconds=0.3).to_wire(), AwsContext())
        answer = door(a_call(seconds=30).to_wire(), AwsContext())

    assert said(answer) == sayings.UNSURE
    assert (titles(songs), len(service.seen)) == ([], 1)


def test_what_is_too_late_is_not_kept_and_stands_in_doubt(
    songs: Postgres, owner: Postgres, reach_service: Callable[[Service], None]
) -> None:
    """Somebody holds what it wants to write to, until it is over."""
    with serving(always(RIGHT)) as service, a_door() as door:
        reach_service(service)
        locked, free = threading.Event(), threading.Event()

        def hold() -> None:
            with owner.writer() as connection:
                connection.execute("LOCK TABLE songs IN SHARE MODE")
                locked.set()
                assert free.wait(60)

        with ThreadPoolExecutor(1) as other:
            holding = other.submit(hold)
            assert locked.wait(60)
            threading.Timer(3, free.set).start()
            with pytest.raises(TooLate):
                door(a_call(seconds=2).to_wire(), AwsContext())
            holding.result()

    assert (titles(songs), doubts(songs)) == ([], ["e1"])


def test_who_lost_the_call_before_it_asked_asks_nobody(
    songs: Postgres, reach_service: Callable[[Service], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease ended while it was looking, and another one has made the call."""

    with serving(always(RIGHT)) as service, a_door() as one, a_door() as other:
        reach_service(service)
        others = [other]

        def meanwhile(point: str) -> None:
            if point == "begun" and others:
                lease_over(songs)
                answer = others.pop()(a_call().to_wire(), AwsContext())
                assert said(answer) == "Yesterday is number 1."

        monkeypatch.setattr(jukebox, "die_at", meanwhile)
        with pytest.raises(TooLate):
            one(a_call().to_wire(), AwsContext())

    assert (titles(songs), len(service.seen)) == (["Yesterday"], 1)


def test_a_later_owner_keeps_it_and_the_first_one_does_not(
    songs: Postgres, reach_service: Callable[[Service], None]
) -> None:
    """Clocks differ: a lease ended while its owner lives."""

    def first_is_slow(handler: Handler, number: int) -> None:
        if number == 1:
            assert handler.service.released.wait(60)
        handler.says(RIGHT)

    with (
        serving(first_is_slow) as service,
        a_door(repeatable=True) as one,
        a_door(repeatable=True) as other,
        ThreadPoolExecutor(1) as apart,
    ):
        reach_service(service)
        waiting = apart.submit(one, a_call().to_wire(), AwsContext())
        assert eventually(lambda: service.seen)
        lease_over(songs)
        answer = other(a_call().to_wire(), AwsContext())
        service.released.set()
        with pytest.raises(TooLate):
            waiting.result()

    assert said(answer) == "Yesterday is number 1."
    assert titles(songs) == ["Yesterday"]


def test_what_was_mistyped_asks_nobody(
    songs: Postgres, reach_service: Callable[[Service], None]
) -> None:
    with serving(always(RIGHT)) as service, a_door() as door:
        reach_service(service)
        answer = door(a_call(text="nonsense").to_wire(), AwsContext())

    assert said(answer) == "That is no song."
    assert (titles(songs), service.seen) == ([], [])


@pytest.mark.parametrize("command", ["elsewhere", "behind"])
def test_nobody_asks_whom_they_did_not_declare_or_when_they_keep_already(
    songs: Postgres, reach_service: Callable[[Service], None], command: str
) -> None:
    with serving(always(RIGHT)) as service, a_door() as door:
        reach_service(service)
        with pytest.raises(ReachMisused):
            door(a_call(command, "").to_wire(), AwsContext())

    assert (titles(songs), service.seen) == ([], [])
    assert songs.write("SELECT * FROM module_effects") == []


def test_a_persons_data_is_told_and_erased_by_the_same_tools(songs: Postgres) -> None:
    owner = {"community_id": 1, "platform": "twitch", "user_id": "1"}
    songs.write("INSERT INTO songs (title) VALUES ('Help')")

    with a_door() as door:
        told = door({"personal_data": {"verb": "export", **owner}}, AwsContext())
        erased = door({"personal_data": {"verb": "erase", **owner}}, AwsContext())

    assert (told, erased) == ({"records": [{"songs": 1}]}, {"erased": 1})
    assert titles(songs) == []
