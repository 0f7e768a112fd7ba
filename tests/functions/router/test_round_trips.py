"""A hundred lines of a hundred communities cost the round trips of one, as the servers count them.

The real route with real servers. Statements are counted by PostgreSQL in the test's own database,
commands by each Valkey's MONITOR on the router's own connection, which is known by its name: CLIENT
LIST and INFO would count what scripts do inside the server as well.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
import psycopg
import pytest
import redis

import functions.router.route
from functions.router.resources import Invocation, KeptResources, build_kept, calls_end, router_for
from functions.router.route import route
from tests.helpers.events_and_commands import a_speaker, an_event
from tests.helpers.house_commands import sync_house
from tests.helpers.servers import Urls, catch_up, with_path
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.events import Event
from waddlebot.domain.executions import Status
from waddlebot.domain.labels import Labelled
from waddlebot.domain.limits import Limit
from waddlebot.domain.outcomes import Outcome
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.resources import Resources
from waddlebot.stores.command_limits import CommandLimits
from waddlebot.stores.labels import Labels, Thing
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.private_choices import PrivateChoices
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

PLACES = 100
LINES_OF_A_SCREEN = 60
JOURNEY = Path(__file__).parents[3] / "docs" / "journey.md"

QUIET, COMMAND = "good evening everybody", "!help quote"
ALIAS = "!h quote"
"""Stands for the same in each of the communities."""
NO_MODULES = {
    "AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:1",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
}
POSTGRES = {"replica": "DATABASE_REPLICA_URL", "writer": "DATABASE_URL"}
VALKEYS = {name: f"VALKEY_{name.upper()}_URL" for name in ("cache", "limits", "streams")}
Trips = dict[str, int]


@dataclass(slots=True, kw_only=True)
class Street:
    """A hundred communities that everybody knows, and routers that know none of them yet."""

    urls: Urls
    name: str = field(default_factory=lambda: f"router-{uuid.uuid4().hex}")
    started: list[Resources] = field(default_factory=list)

    def new_router(self) -> KeptResources:
        """As a fresh process has it; its connections are open, so that they are not counted."""
        named = {
            name: f"{url}?client_name={self.name}" if name.startswith("VALKEY") else url
            for name, url in self.urls.items()
        }
        own = {**NO_MODULES, "AWS_LAMBDA_FUNCTION_NAME": self.name}
        resources = Resources(Environment({**named, **own}))
        self.started.append(resources)
        for client in (resources.cache, resources.limits, resources.streams):
            client.ping()
        return build_kept(resources)

    def trips(self, act: Callable[[], object]) -> Trips:
        valkeys = {name: _Listener(self.urls[url], self.name) for name, url in VALKEYS.items()}
        before = self._statements_by_server()
        act()
        after = self._statements_by_server()
        return {
            **{server: after[server] - before[server] for server in POSTGRES},
            **{server: listener.count() for server, listener in valkeys.items()},
        }

    def close(self) -> None:
        while self.started:
            self.started.pop().close()

    def _statements_by_server(self) -> Trips:
        return {server: self._statements(url) for server, url in POSTGRES.items()}

    def _statements(self, url: str) -> int:
        """All that the test's database was asked on that server, transaction control too."""
        database = self.urls[url].rpartition("/")[2]
        with psycopg.connect(with_path(self.urls[url], "waddlebot"), autocommit=True) as server:
            row = server.execute(
                """
                SELECT coalesce(sum(calls), 0)::int FROM pg_stat_statements
                JOIN pg_database ON pg_database.oid = dbid WHERE toplevel AND datname = %s
                """,
                (database,),
            ).fetchone()
        return int(row[0]) if row else 0


class _Listener:
    """Hears every command that a server gets, from when it is made."""

    def __init__(self, url: str, router: str) -> None:
        self._client = redis.Redis.from_url(url)
        self._addresses = {
            one["addr"] for one in self._client.client_list() if one["name"] == router
        }
        monitor = self._client.monitor()  # type: ignore[no-untyped-call]  # not typed there
        self._monitor = monitor.__enter__()

    def count(self) -> int:
        """The router's since then; what a script does inside comes from nobody's address."""
        last_word = uuid.uuid4().hex
        self._client.echo(last_word)
        heard: list[str] = []
        for said in self._monitor.listen():
            if last_word in said["command"]:
                break
            heard.append(f"{said['client_address']}:{said['client_port']}")
        self._monitor.__exit__()
        self._client.close()
        return sum(address in self._addresses for address in heard)


@pytest.fixture
def street(
    database_urls: Urls,
    database: Postgres,
    versions: Versions,
    limits: redis.Redis,  # noqa: ARG001 - flushed
    streams: redis.Redis,  # noqa: ARG001 - flushed
) -> Iterator[Street]:
    sync_house(database, versions)
    with editing(database, versions) as edit:
        for number in range(PLACES):
            Places(edit).open(place(number))
            Places(edit).greet(place(number))
        edit.connection.execute(
            """
            INSERT INTO aliases (community_id, alias, text)
            SELECT DISTINCT community_id, 'h', '!help' FROM entities
            """
        )
    catch_up(database_urls)
    street = Street(urls=database_urls)
    # Scripts stay on their servers for as long as those run: the very first use is not counted.
    send(street.new_router(), lines(1, COMMAND))
    street.close()
    yield street
    street.close()


def place(number: int) -> EntityId:
    return EntityId(f"twitch:channel:{number}")


def lines(count: int, text: str) -> list[Event]:
    return [
        an_event(
            text,
            id=f"twitch:{uuid.uuid4()}",
            entity=place(number),
            user=a_speaker(f"Person{number}"),
            occurred_at=datetime.now(UTC),
        )
        for number in range(count)
    ]


def send(kept: KeptResources, events: Sequence[Event]) -> list[Outcome]:
    invocation = Invocation(
        owner=uuid.uuid4().hex, remaining_seconds=12.0, calls_end=calls_end(12.0)
    )
    return route(events, router_for(invocation, kept))


def documented() -> Mapping[str, Trips]:
    """By stage, the round trips that docs/journey.md promises; those to modules have no number."""
    rows = re.findall(
        r"^\| (\w[\w ]*) \| `[^|]*` \| ([^|]+) \|$", JOURNEY.read_text(), re.MULTILINE
    )
    assert rows, "the table of stages is gone"
    return {
        stage: {server: int(count) for count, server in re.findall(r"\b(\d) (\w+)", words)}
        for stage, words in rows
    }


WARM = {
    QUIET: {"cache": 1, "replica": 0, "writer": 1, "limits": 0, "streams": 0},
    COMMAND: {"cache": 1, "replica": 0, "writer": 1, "limits": 1, "streams": 2},
}
WARM[ALIAS] = WARM[COMMAND]


@pytest.mark.parametrize("text", [QUIET, COMMAND, ALIAS])
@pytest.mark.parametrize("count", [1, PLACES])
def test_a_batch_of_any_size_costs_the_same_round_trips(
    street: Street, count: int, text: str
) -> None:
    router = street.new_router()

    assert street.trips(lambda: send(router, lines(count, text))) == {**WARM[text], "replica": 1}
    assert street.trips(lambda: send(router, lines(count, text))) == WARM[text]


def whispers(count: int, text: str) -> list[Event]:
    """From as many people, each in private talk of their own with the bot."""
    return [
        an_event(
            text,
            id=f"twitch:{uuid.uuid4()}",
            entity=EntityId(f"twitch:channel:whisper-id-otto{number}"),
            user=a_speaker(f"Otto{number}"),
            occurred_at=datetime.now(UTC),
            private=True,
        )
        for number in range(count)
    ]


def seen_in(database: Postgres, *streets: int) -> None:
    """Everybody is known in as many communities as there are numbers here."""
    for further in streets:
        database.write(
            """
            INSERT INTO reputation (community_id, platform, user_id, name, points, events)
            SELECT community_id, 'twitch', 'id-otto' || n, 'Otto' || n, 1, 1
            FROM generate_series(0, %(last)s) AS n JOIN entities
                ON entity_id = 'twitch:channel:' || (n + %(further)s) %% (%(last)s + 1)
            """,
            {"last": PLACES - 1, "further": further},
        )


def ask_which(street: Street, database: Postgres, count: int) -> None:
    """They are asked in which of their two communities a command is meant."""
    rows = database.write(
        """
        SELECT user_id, array_agg(community_id ORDER BY community_id) AS theirs FROM reputation
        WHERE user_id LIKE 'id-otto%%' GROUP BY user_id
        """
    )
    choices = PrivateChoices(redis.Redis.from_url(street.urls["VALKEY_CACHE_URL"]))
    choices.choose({"nobody": CommunityId(1)})  # the very first use is not counted
    assert choices.chosen(["nobody"])
    assert choices.answer([(place(0), "nothing")]) == [None]
    asked = {f"id-otto{number}" for number in range(count)}
    for row in rows:
        if row["user_id"] in asked:
            where = EntityId(f"twitch:channel:whisper-{row['user_id']}")
            choices.ask(where, row["theirs"], "!help quote")
    choices.cache.close()


PRIVATE = {"cache": 1, "replica": 0, "writer": 3, "limits": 1, "streams": 2}
"""Of a command in private talk: who is where, what these communities are, and the record."""


@pytest.mark.parametrize("count", [1, PLACES])
@pytest.mark.parametrize(
    ("communities", "more"), [((0,), {}), ((0, 1), {"cache": 2}), ((), {"writer": 2})]
)
def test_private_talk_of_any_number_of_people_costs_the_same_round_trips(
    street: Street, database: Postgres, count: int, communities: Sequence[int], more: Trips
) -> None:
    """One community each; two, of which one was chosen; none."""
    seen_in(database, *communities)
    router = street.new_router()
    send(router, lines(1, QUIET))
    if len(communities) > 1:
        ask_which(street, database, count)
        answers = whispers(count, "2")
        # The question is answered, and what is chosen is kept.
        assert street.trips(lambda: send(router, answers)) == {**PRIVATE, "cache": 3}

    outcomes: list[Outcome] = []
    said = whispers(count, "help quote")

    assert street.trips(lambda: outcomes.extend(send(router, said))) == {**PRIVATE, **more}
    assert [len(one.replies) for one in outcomes] == [1] * count
    ours = {one.session.community.id for one in outcomes}
    # The second of the last two people's communities is one.
    assert len(ours) >= (count - 1 if communities else 1)


@pytest.mark.parametrize("text", ["!limits list", "!roles list", "!labels find regular"])
def test_a_list_of_any_length_costs_the_same_round_trips(
    street: Street, database: Postgres, versions: Versions, text: str
) -> None:
    """Places and people are called by their names."""
    router = street.new_router()
    asked: list[Trips] = []
    for further in ((1,), range(2, 30)):
        settle(street, database, versions, further)
        send(router, [by_moderator(QUIET)])  # what was changed is read once
        said: list[Outcome] = []
        asked.append(street.trips(partial(ask_into, said, router, text)))
        assert "Named 1" in str(said[0].replies)

    assert asked[0] == asked[1]


def ask_into(said: list[Outcome], router: KeptResources, text: str) -> None:
    said += send(router, [by_moderator(text)])


def by_moderator(text: str) -> Event:
    return an_event(
        text,
        id=f"twitch:{uuid.uuid4()}",
        entity=place(0),
        user=a_speaker("Max", Role.OWNER),
        occurred_at=datetime.now(UTC),
    )


def settle(street: Street, database: Postgres, versions: Versions, further: Sequence[int]) -> None:
    """A limit, a role and a label for each number, at a place with a name and a person with one."""
    with editing(database, versions) as edit:
        number = Places(edit).join([place(0), *map(place, further)], "Penguins")
        labels = Labels(edit, number)
        if 1 in further:
            labels.make("regular")
        for one in further:
            edit.connection.execute(
                "UPDATE entities SET shown_name = %s WHERE entity_id = %s",
                (f"Named {one}", place(one)),
            )
            user = a_speaker(f"Named {one}").id
            whose = Account("twitch", user)
            MemberRoles(edit).give(number, whose, Role.MODERATOR, at=place(one))
            limit = Limit(command="!quote", calls=one, seconds=60, entity=place(one))
            CommandLimits(edit).put(number, limit)
            labels.apply(Thing(kind=Labelled.USER, id=f"twitch:{user}"), "regular")
    catch_up(street.urls)
    router = street.new_router()
    for one in further:
        event = by_moderator(QUIET)
        send(router, [msgspec.structs.replace(event, user=a_speaker(f"Named {one}"))])
    catch_up(street.urls)


def test_what_was_counted_was_a_hundred_answers(street: Street, database: Postgres) -> None:
    router = street.new_router()
    outcomes = send(router, lines(PLACES, COMMAND)) + send(router, lines(PLACES, QUIET))

    assert [len(outcome.replies) for outcome in outcomes] == [1] * PLACES + [0] * PLACES
    assert {one.status for outcome in outcomes for one in outcome.executions} == {Status.SUCCESS}
    assert len({outcome.session.community.id for outcome in outcomes}) == PLACES
    [row] = database.read("SELECT count(DISTINCT event_id) AS lines FROM messages")
    assert row["lines"] == 2 * PLACES + 1


def test_calls_that_failed_are_told_and_given_back_in_a_round_trip_each(street: Street) -> None:
    router = street.new_router()
    send(router, lines(1, "!quote"))
    failing = lines(1, "!quote")  # nobody listens where the module should be

    assert street.trips(lambda: send(router, failing)) == {**WARM[COMMAND], "limits": 3}


def test_a_router_keeps_one_connection_a_server(street: Street) -> None:
    send(street.new_router(), lines(PLACES, COMMAND))

    for url in ("DATABASE_URL", "DATABASE_REPLICA_URL"):
        with psycopg.connect(street.urls[url]) as server:
            ask = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
            # PostgreSQL cuts names at 63 characters; ours is shorter.
            assert server.execute(ask, (street.name,)).fetchone() == (1,)


def test_the_documented_round_trips_are_the_counted_ones() -> None:
    stages = documented()
    said: Counter[str] = Counter()
    for trips in stages.values():
        said.update(trips)
    said["replica"] = said.pop("database")

    assert dict(said) == {**WARM[COMMAND], "replica": 1}
    assert stages["expand"] == stages["match"] == stages["conclude"] == {}
    assert {stage for stage, trips in stages.items() if trips} == {
        "open",
        "begin",
        "judge",
        "hand over",
        "record",
    }


def test_the_road_fits_on_one_screen() -> None:
    source = Path(functions.router.route.__file__).read_text()

    assert len(source.splitlines()) <= LINES_OF_A_SCREEN
