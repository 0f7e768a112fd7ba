"""A module of the house that does more than answer, on the whole road and in one file.

It asks a slow service, does what it may and is refused the rest, hears raids, and has a web address
of its own. Each of its calls is a process, as on Lambda, which may die at any point.
"""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
import redis
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from functions.operations import handler as operations
from functions.router import slow_handler
from tests.helpers.added_modules import join, route
from tests.helpers.aws_context import AwsContext
from tests.helpers.events_and_commands import a_speaker
from tests.helpers.forks import code_of, fork
from tests.helpers.http_doors import says
from tests.helpers.jukebox import JUKEBOX, MAY, REPEATABLE, invoked
from tests.helpers.module_users import at_home
from tests.helpers.router_doors import COLLECTORS_KEY, Doors
from tests.helpers.servers import Urls
from tests.helpers.service_stand_in import HOST, Handler, Service, always, serving
from tests.helpers.stream_doors import left_by, told
from waddlebot.domain import sayings
from waddlebot.domain.events import Channel, Event
from waddlebot.domain.outcomes import Reply
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot.stores.keys import Partition
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions

NAME = "jukebox-function"
RIGHT = b'{"title": "Yesterday"}'
ORDERED = "Yesterday is number 1."
WRONG = "!play went wrong"


@pytest.fixture
def doors(
    doors: Doors,
    database: Postgres,
    database_urls: Urls,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> Doors:
    """With one module more, which is no part of the house."""
    join(database, versions, JUKEBOX)
    monkeypatch.setenv("JUKEBOX_URL", at_home(database_urls, JUKEBOX, "songs", "title text"))
    monkeypatch.setenv("JUKEBOX_TOKEN", "s3cret")
    doors.handlers["jukebox"] = in_a_process()
    return doors


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Callable[[Service], None]:
    def use(service: Service) -> None:
        monkeypatch.setenv("WADDLEBOT_OUTSIDE_STAND_INS", f"{HOST}={service.origin}")

    return use


class ExitError(Exception):
    """So Lambda calls it when a process has died."""


def in_a_process(*, dies_at: str = "", repeatable: bool = False) -> Callable[..., Any]:
    def handler(wire: Any, _: Any) -> Any:
        answer = invoked(wire, dies_at=dies_at, repeatable=repeatable, name=NAME)
        if answer is None:
            raise ExitError
        return answer

    return handler


def passed_on(doors: Doors) -> Any:
    """What the slow door is told, the newest."""
    return json.loads(
        [one for one in doors.functions.seen if one.function == "router-slow"][-1].body
    )


def play(doors: Doors, event: Event, *, calls: int = 1) -> None:
    """Delivered, and answered by the slow door; `calls` are all that it makes."""
    first = route(event)
    assert (first["standing"], first["passed_on"]) == ("ours", True)
    assert slow_handler.handler(passed_on(doors), AwsContext(60)) == {"ran": calls}


def said(streams: redis.Redis) -> list[str]:
    return [one.text for one in left_by(streams) if isinstance(one, Reply)]


def titles(database: Postgres) -> list[str]:
    return [row["title"] for row in database.write("SELECT title FROM songs")]


def lease_over(database: Postgres) -> None:
    """Of calls that nobody has answered."""
    database.write(
        "UPDATE module_effects SET leased_until = now() - interval '1 s' WHERE owner IS NOT NULL"
    )


def doubts() -> list[tuple[str, str]]:
    """As the operator lists them: event, or none, and command."""
    return [(one["event"], one["command"]) for one in asked("calls-in-doubt")]


def asked(of: str) -> Any:
    return shown(of)["calls"]


def shown(of: str, **path: str) -> Any:
    answer = operations.handler(
        {
            "routeKey": f"GET /api/operations/{of}",
            "pathParameters": path,
            "headers": {"authorization": f"Bearer {COLLECTORS_KEY}"},
        },
        AwsContext(),
    )
    operations.forget()
    return json.loads(answer["body"])


def held(database: Postgres) -> list[str]:
    """Connections of the module, and transactions of anybody else."""
    rows = database.write(
        """
        SELECT application_name AS name FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND (application_name = %s OR state LIKE 'idle in transaction%%')
        """,
        (NAME,),
    )
    return [row["name"] for row in rows]


def test_a_slow_service_is_waited_for_and_nothing_is_held_meanwhile(
    doors: Doors,
    database: Postgres,
    streams: redis.Redis,
    served: Callable[[Service], None],
) -> None:
    looked: list[list[str]] = []

    def slow(handler: Handler, _: int) -> None:
        for _ in range(12):
            time.sleep(0.5)
            looked.append(held(database))
        handler.says(RIGHT)

    event = told("!play yesterday")
    with serving(slow) as service:
        served(service)
        play(doors, event)
        again = route(event)

    assert again["standing"] == "done"
    assert looked == [[]] * 12
    assert [text for text in said(streams) if "Yesterday" in text] == [ORDERED]
    assert (titles(database), len(service.seen)) == (["Yesterday"], 1)


def busy_at_first(handler: Handler, number: int) -> None:
    if number == 1:
        handler.says(status=429, retry_after="1")
    else:
        handler.says(RIGHT)


@pytest.mark.parametrize(
    ("does", "words", "kept", "in_doubt"),
    [
        (busy_at_first, ORDERED, ["Yesterday"], False),
        (always(status=500), sayings.UNSURE, [], True),
        (always(b'{"name": "Yesterday"}'), sayings.UNSURE, [], True),
    ],
    ids=["429", "500", "changed field"],
)
def test_a_service_that_fails_is_told_of_once(  # noqa: PLR0917 - fixtures
    doors: Doors,
    database: Postgres,
    streams: redis.Redis,
    served: Callable[[Service], None],
    does: Any,
    words: str,
    kept: list[str],
    in_doubt: bool,  # noqa: FBT001 - a table
) -> None:
    event = told("!play yesterday")
    with serving(does) as service:
        served(service)
        play(doors, event)
        assert route(event)["standing"] == "done"

    assert said(streams).count(words) == 1
    assert (titles(database), doubts()) == (kept, [(event.id, "!play")] if in_doubt else [])


@pytest.mark.parametrize(
    ("dies_at", "words", "kept", "in_doubt"),
    [
        ("begun", WRONG, [], False),
        ("asked", sayings.UNSURE, [], True),
        ("keeping", sayings.UNSURE, [], True),
        ("kept", ORDERED, ["Yesterday"], False),
    ],
)
def test_who_asked_reads_what_is_known_where_the_module_died(  # noqa: PLR0917 - fixtures
    doors: Doors,
    database: Postgres,
    streams: redis.Redis,
    served: Callable[[Service], None],
    dies_at: str,
    words: str,
    kept: list[str],
    in_doubt: bool,  # noqa: FBT001 - a table
) -> None:
    doors.handlers["jukebox"] = in_a_process(dies_at=dies_at)
    event = told("!play yesterday")
    with serving(always(RIGHT)) as service:
        served(service)
        play(doors, event)

    lease_over(database)
    assert [text.startswith(words) for text in answers(streams)] == [True]
    assert (titles(database), doubts()) == (kept, [(event.id, "!play")] if in_doubt else [])


@pytest.mark.parametrize(
    ("declared", "dies_at", "words", "asked_for", "in_doubt"),
    [
        ("once", "begun", ORDERED, 1, False),
        ("once", "asked", sayings.UNSURE, 1, True),
        ("once", "kept", ORDERED, 1, False),
        ("repeatable", "asked", ORDERED, 2, False),
        ("repeatable", "keeping", ORDERED, 2, False),
    ],
)
def test_where_its_router_died_too_the_next_delivery_repeats_it_or_says_that_nobody_knows(  # noqa: PLR0917
    doors: Doors,
    database: Postgres,
    versions: Versions,
    streams: redis.Redis,
    served: Callable[[Service], None],
    declared: str,
    dies_at: str,
    words: str,
    asked_for: int,
    in_doubt: bool,  # noqa: FBT001 - a table
) -> None:
    repeatable = declared == "repeatable"
    join(database, versions, REPEATABLE if repeatable else JUKEBOX)
    event = told("!play yesterday")
    with serving(always(RIGHT)) as service:
        served(service)
        assert route(event)["passed_on"]
        dead_with_its_module(doors, in_a_process(dies_at=dies_at, repeatable=repeatable))
        assert (route(event)["standing"], answers(streams)) == ("busy", [])
        lease_over(database)
        streams.hset(Partition().receipt(event.id), "lease_until", 0)

        doors.handlers["jukebox"] = in_a_process(repeatable=repeatable)
        play(doors, event)
        assert route(event)["standing"] == "done"

    assert answers(streams) == [words]
    assert titles(database) == ([] if in_doubt else ["Yesterday"])
    assert len(service.seen) == asked_for
    assert doubts() == ([(event.id, "!play")] if in_doubt else [])


@pytest.mark.parametrize("is_told", [True, False])
def test_nobody_is_told_to_try_again_while_it_cannot_be_looked_up(  # noqa: PLR0917 - fixtures
    doors: Doors,
    database: Postgres,
    database_urls: Urls,
    streams: redis.Redis,
    served: Callable[[Service], None],
    is_told: bool,  # noqa: FBT001 - a table
) -> None:
    module = in_a_process(dies_at="asked")
    url, name = server_of(database_urls["DATABASE_MASTER_URL"])
    event = told("!play yesterday")
    with serving(always(RIGHT)) as service, psycopg.connect(url, autocommit=True) as server:
        served(service)

        def dies_with_its_database(wire: Any, context: Any) -> Any:
            try:
                return module(wire, context)
            finally:
                let_in(server, name, is_open=False)

        doors.handlers["jukebox"] = dies_with_its_database
        try:
            if is_told:
                play(doors, event)
            else:
                asks = doors.asks(says("!play yesterday"))
        finally:
            let_in(server, name, is_open=True)
        if not is_told:
            assert asks.texts == [sayings.UNSURE]
            return
        assert answers(streams) == []
        lease_over(database)
        doors.handlers["jukebox"] = in_a_process()
        play(doors, event)

    assert answers(streams) == [sayings.UNSURE]
    assert doubts() == [(event.id, "!play")]


def server_of(url: str) -> tuple[str, str]:
    """Where its databases are opened and shut, and which is the test's own."""
    return make_conninfo(url, dbname="postgres"), str(conninfo_to_dict(url)["dbname"])


def let_in(server: psycopg.Connection[Any], name: str, *, is_open: bool) -> None:
    """The database of this test is away, or back."""
    server.execute(
        sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(sql.Identifier(name), is_open)
    )
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND backend_type = 'client backend'",
        (name,),
    )


def test_who_asks_why_reads_that_nobody_knows_where_nothing_was_written_of_a_call(
    doors: Doors, database: Postgres
) -> None:
    assert "jukebox" in doors.handlers
    event = told("!play yesterday")
    assert route(event)["passed_on"]
    assert "is still at work" in words_of(event)
    database.write("UPDATE command_executions SET occurred_at = now() - interval '4 minutes'")
    assert "I do not know whether !play went through" in words_of(event)


def words_of(event: Event) -> str:
    """As explain tells it."""
    told_of = shown("events/{event_id}", event_id=event.id)["verdicts"]
    return next(str(one["words"]) for one in told_of if one["command"] == "!play")


def dead_with_its_module(doors: Doors, module: Callable[..., Any]) -> None:
    """The slow door in a process of its own, which is killed when its module has died."""
    died = threading.Event()

    def dies(wire: Any, context: Any) -> Any:
        try:
            return module(wire, context)
        finally:
            died.set()
            slow.kill()

    doors.handlers["jukebox"] = dies
    slow = fork(slow_handler.handler, passed_on(doors), AwsContext(60))
    assert code_of(slow) == -signal.SIGKILL
    assert died.is_set()


def answers(streams: redis.Redis) -> list[str]:
    """To `!play`, without the greeting of a place that was never seen."""
    return [text for text in said(streams) if "Yesterday" in text or "that" in text]


def test_what_it_may_is_done_once_and_the_rest_is_refused_and_recorded(
    doors: Doors, streams: redis.Redis
) -> None:
    assert {one.value for one in MAY} == {"announce", "shout_out"}
    event = told("!cheer")
    play(doors, event)
    assert route(event)["standing"] == "done"

    done = [one for one in left_by(streams) if isinstance(one, PlatformAction)]
    assert [(one.kind.value, one.text) for one in done] == [("announce", "Music!")]
    [refused] = asked("refused-wishes")
    assert (refused["event"], refused["module"]) == (event.id, "jukebox")
    why = "jukebox does not declare that it may"
    assert refused["refused"] == [{"wish": "delete", "why": why}]


def test_it_hears_a_raid_and_asks_its_service_for_it(
    doors: Doors, database: Postgres, streams: redis.Redis, served: Callable[[Service], None]
) -> None:
    raid = told(type="raid", user=a_speaker("Rocky"), data={"viewers": 7}, way_back=Channel())
    with serving(always(RIGHT)) as service:
        served(service)
        play(doors, raid, calls=2)  # the shoutouts of the house hear it too
        assert route(raid)["standing"] == "done"

    left = left_by(streams)
    assert [one.text for one in left if isinstance(one, Reply)] == ["Rocky is played Yesterday."]
    shout_outs = [one.user for one in left if isinstance(one, PlatformAction)]
    assert shout_outs == ["id-rocky"]
    assert (titles(database), len(service.seen)) == (["Yesterday"], 1)


def test_somebody_comes_back_to_its_web_address_and_what_that_left_in_doubt_is_listed(
    doors: Doors, database: Postgres, served: Callable[[Service], None]
) -> None:
    address = "GET /modules/jukebox/callback"
    came = {"routeKey": address, "queryStringParameters": {"code": "yesterday"}, "headers": {}}
    with serving(always(RIGHT)) as service:
        served(service)
        answer = doors.handlers["jukebox"](came, AwsContext())
        with pytest.raises(ExitError):
            in_a_process(dies_at="asked")(came, AwsContext())

    assert (answer["statusCode"], answer["body"]) == (200, ORDERED)
    lease_over(database)
    assert (titles(database), doubts()) == (["Yesterday"], [(None, address)])
