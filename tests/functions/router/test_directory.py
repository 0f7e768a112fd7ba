"""The directory against real servers: what it costs, and that it is never behind its editors."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import redis

from functions.declared_commands import declared_commands
from functions.router.directory import Directory
from functions.upkeep.sync_commands_handler import sync_commands
from tests.helpers.events_and_commands import a_speaker, an_event
from tests.helpers.patience import eventually
from tests.helpers.servers import Urls, as_owner, catch_up, with_path
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import GLOBAL_COMMUNITY, CommunityId, EntityId
from waddlebot.domain.events import Event
from waddlebot.domain.labels import Labelled
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot.stores.audit_log import list_changes
from waddlebot.stores.labels import Labels, Thing
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.switches import Switches
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.module import Module, command
from waddlebot_sdk.roles import Role

PLACE = EntityId("twitch:channel:1001")


@dataclass(slots=True)
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Trips:
    cache: int
    replica: int
    writer: int


@dataclass(slots=True, kw_only=True)
class House:
    """A database with its replica and a cache server; directories are processes of a router."""

    urls: Urls
    cache: redis.Redis
    postgres: Postgres
    versions: Versions
    clock: Clock = field(default_factory=Clock)
    started: list[Postgres] = field(default_factory=list)

    def process(self) -> Directory:
        postgres = Postgres(self.urls["DATABASE_URL"], self.urls["DATABASE_REPLICA_URL"])
        self.started.append(postgres)
        return Directory(postgres, self.versions, clock=self.clock)

    def known(self, count: int) -> list[Event]:
        """Events of so many places that are known to every server, with a rule each."""
        events = lines(count)
        with editing(self.postgres, self.versions) as edit:
            for event in events:
                community = Places(edit).open(event.entity)
                add_rule(edit_rules := StringRules(edit), community)
                assert edit_rules.list_active(community)
        catch_up(self.urls)
        return events

    def trips(self, act: Callable[[], object]) -> Trips:
        before = self._counted()
        act()
        after = self._counted()
        return Trips(
            cache=after[0] - before[0] - 1,  # the measurement's own
            replica=after[1] - before[1],
            writer=after[2] - before[2],
        )

    def _counted(self) -> tuple[int, int, int]:
        commands = int(self.cache.client_info()["tot-cmds"])
        return commands, self._statements("DATABASE_REPLICA_URL"), self._statements("DATABASE_URL")

    def _statements(self, url: str) -> int:
        """All that this test's database was asked on that server, counted from another one."""
        name = self.urls[url].rpartition("/")[2]
        with psycopg.connect(with_path(self.urls[url], "waddlebot"), autocommit=True) as server:
            row = server.execute(
                """
                SELECT coalesce(sum(calls), 0)::int FROM pg_stat_statements
                JOIN pg_database ON pg_database.oid = dbid WHERE toplevel AND datname = %s
                """,
                (name,),
            ).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def house(
    database_urls: Urls, cache: redis.Redis, replicated: Postgres, versions: Versions
) -> Iterator[House]:
    house = House(urls=database_urls, cache=cache, postgres=replicated, versions=versions)
    yield house
    for postgres in house.started:
        postgres.close()


def lines(count: int) -> list[Event]:
    return [
        an_event("hello", entity=EntityId(f"twitch:channel:{number}"), user=a_speaker(f"p{number}"))
        for number in range(count)
    ]


def add_rule(rules: StringRules, community: CommunityId, pattern: str = "free nitro") -> None:
    rules.add(
        community,
        match_type=MatchType.CONTAINS,
        pattern=pattern,
        action=RuleAction.BLOCK,
        by="twitch:1",
    )


@pytest.mark.parametrize("count", [1, 100])
def test_a_batch_of_any_size_costs_the_same_round_trips(house: House, count: int) -> None:
    events = house.known(count)
    house.process().open(events)  # tokens that were missing are there now
    directory = house.process()

    assert house.trips(lambda: directory.open(events)) == Trips(cache=1, replica=1, writer=0)
    assert house.trips(lambda: directory.open(events)) == Trips(cache=1, replica=0, writer=0)


def test_unknown_places_are_opened_at_the_same_price_whatever_their_number(house: House) -> None:
    one, hundred = lines(101)[:1], lines(101)[1:]
    house.process().open([an_event(entity=PLACE)])  # the command table's token

    first = house.trips(lambda: house.process().open(one))
    many = house.trips(lambda: house.process().open(hundred))

    # The cache server counts the commands inside a script too, so its trips are no measure here.
    assert (first.replica, first.writer) == (many.replica, many.writer)
    communities = house.postgres.write("SELECT count(*) AS n FROM communities WHERE id > 0")
    assert communities[0]["n"] == 102


def test_a_new_place_gets_a_community_named_after_it_and_waits_for_a_greeting(house: House) -> None:
    [session] = house.process().open([an_event(entity=PLACE)])

    assert session.community.name == PLACE
    assert not session.spot.greeted
    assert session.community.rules == ()


def test_channels_of_one_server_found_one_community(house: House) -> None:
    places = [EntityId(f"discord:channel:9/{number}") for number in (1, 2)]
    directory = house.process()

    first, second = directory.open([an_event(entity=place) for place in places])
    [third] = house.process().open([an_event(entity=EntityId("discord:channel:9/3"))])

    assert first.community.id == second.community.id == third.community.id


def test_what_happens_to_a_whole_server_happens_in_the_community_that_it_joined(
    house: House,
) -> None:
    with editing(house.postgres, house.versions) as edit:
        penguins = Places(edit).join([EntityId("discord:channel:8/80")], "Penguins")
    server = EntityId("discord:server:8")
    [session] = house.process().open([an_event("", entity=server)])
    assert session.community.id == penguins
    with editing(house.postgres, house.versions) as edit:
        own = Places(edit).founded_for(server)
        Places(edit).move_home(server, own)
    [session] = house.process().open([an_event("", entity=server)])
    assert session.community.id == own


def test_a_thread_is_no_place_of_its_own(house: House) -> None:
    channel, thread = EntityId("discord:channel:8/80"), EntityId("discord:channel:8/81")
    with editing(house.postgres, house.versions) as edit:
        community = Places(edit).open(channel)
        Places(edit).set_quiet(channel, quiet=True)
        MemberRoles(edit).give(community, Account("discord", "id-1"), Role.MODERATOR, at=channel)
    event = an_event("hello", entity=thread, parent=channel, user=a_speaker("1"))
    [session] = house.process().open([event])
    assert session.spot.quiet
    assert session.here == thread
    assert session.person is not None
    assert session.person.role is Role.MODERATOR
    rows = house.postgres.write("SELECT FROM entities WHERE entity_id = %(at)s", {"at": thread})
    assert not rows


def test_two_processes_that_meet_a_place_at_once_agree_on_its_community(house: House) -> None:
    events = [an_event(entity=PLACE), an_event(entity=PLACE)]

    opened = [house.process().open(events) for _ in range(2)]

    assert len({session.community.id for sessions in opened for session in sessions}) == 1


def test_a_login_means_the_place_that_has_it(house: House) -> None:
    with editing(house.postgres, house.versions) as edit:
        Places(edit).open(PLACE, login="waddlebot")

    by_id, by_login = house.process().open(
        [an_event(entity=PLACE), an_event(entity=EntityId("twitch:channel:waddlebot"))]
    )

    assert by_login.spot == by_id.spot
    assert by_login.community is by_id.community


def test_a_login_that_wandered_means_the_place_that_has_it_now(house: House) -> None:
    named = an_event(entity=EntityId("twitch:channel:waddlebot"))
    directory = house.process()
    for number in (1001, 1002):
        place = EntityId(f"twitch:channel:{number}")
        with editing(house.postgres, house.versions) as edit:
            Places(edit).open(place, login="WaddleBot")

        [session] = directory.open([named])

        assert session.spot.entity == place


def test_a_change_is_seen_by_the_next_batch_though_the_replica_stands_still(house: House) -> None:
    [event] = house.known(1)
    warm, cold = house.process(), house.process()
    [before] = warm.open([event])

    with paused_replica(house):
        with editing(house.postgres, house.versions) as edit:
            add_rule(StringRules(edit), before.community.id, "casino")
            Places(edit).set_quiet(event.entity, True)
            CommunitySettings(edit).set(before.community.id, "memories", "ticker", False)
            Switches(edit).set_enabled(before.community.id, "!quote", enabled=False)
            Switches(edit).set_enabled_at(event.entity, "memories", enabled=False)
            CommunitySettings(edit).set_moderators_channel(before.community.id, event.entity)
            MemberRoles(edit).give(before.community.id, Account("twitch", "id-p0"), Role.OWNER)
        for directory in (warm, cold):
            [session] = directory.open([event])

            assert [rule.pattern for rule in session.community.rules] == ["free nitro", "casino"]
            assert session.spot.quiet
            assert session.community.settings == {"memories": {"ticker": False}}
            assert session.community.disabled == {"!quote"}
            assert session.spot.disabled == {"memories"}
            assert session.community.moderators_channel == event.entity
            assert session.person is not None
            assert session.person.role is Role.OWNER


def test_a_change_in_one_place_holds_there_though_another_of_the_community_was_read_first(
    house: House,
) -> None:
    process, here, there = house.process(), PLACE, EntityId("discord:channel:9/90")
    with editing(house.postgres, house.versions) as edit:
        Places(edit).join([here, there], "Penguins")
    process.open([an_event("hello", entity=here), an_event("hello", entity=there)])
    with editing(house.postgres, house.versions) as edit:
        Places(edit).set_quiet(here, quiet=True)
        Switches(edit).set_enabled_at(here, "!quote", enabled=False)
    [elsewhere] = process.open([an_event("just a line", entity=there)])
    assert not elsewhere.spot.quiet
    [session] = process.open([an_event("!help", entity=here)])
    assert session.spot.quiet
    assert session.spot.disabled == {"!quote"}


def test_every_change_of_a_community_says_how_it_was(house: House) -> None:
    [event] = house.known(1)
    [session] = house.process().open([event])
    here = session.community.id
    for value in (False, True):
        with editing(house.postgres, house.versions, by="twitch:olga") as edit:
            CommunitySettings(edit).set(here, "memories", "ticker", value)
            Switches(edit).set_enabled(here, "!quote", enabled=value)
            Switches(edit).set_enabled_at(event.entity, "memories", enabled=value)
            Places(edit).set_quiet(event.entity, value)
            CommunitySettings(edit).set_moderators_channel(here, PLACE if value else None)
            MemberRoles(edit).give(
                here, Account("twitch", "ana"), Role.OWNER if value else Role.USER
            )

    kept = list_changes(house.postgres, community=session.community.name, before=None, most=6)

    told = {one.change.action: (one.change.before, one.change.after) for one in kept}
    switched = ({"value": False}, {"value": True})
    assert told == {
        "set setting": switched,
        "set enabled": switched,
        "set quiet": switched,
        "set moderators' channel": (None, {"value": PLACE}),
        "set role": ({"value": "user"}, {"value": "owner"}),
    }
    assert {one.change.about for one in kept if one.change.action == "set enabled"} == {
        "!quote",
        f"memories at {event.entity}",
    }
    assert {one.change.who for one in kept} == {"twitch:olga"}


def test_a_place_that_moved_is_found_in_its_new_community(house: House) -> None:
    directory = house.process()
    [session] = directory.open([an_event(entity=PLACE)])

    with editing(house.postgres, house.versions) as edit:
        Places(edit).join([PLACE, EntityId("slack:channel:T1/C1")], "Penguins")
    [moved] = directory.open([an_event(entity=PLACE)])

    assert moved.community.name == "Penguins"
    assert moved.community.id != session.community.id


def test_a_token_that_could_not_be_set_is_mended_by_the_next_reload(
    house: House, nowhere: redis.Redis
) -> None:
    directory = house.process()
    [session] = directory.open([an_event(entity=PLACE)])

    with editing(house.postgres, Versions(nowhere)) as edit:
        add_rule(StringRules(edit), session.community.id)
    house.clock.seconds += 301
    catch_up(house.urls)

    assert not edit.in_force
    assert directory.open([an_event(entity=PLACE)])[0].community.rules
    assert house.process().open([an_event(entity=PLACE)])[0].community.rules


def test_an_editor_whose_token_is_late_hides_nobody_elses_change(house: House) -> None:
    [event] = house.known(1)
    [session] = house.process().open([event])
    directory = house.process()

    def edit_meanwhile() -> None:
        catch_up(house.urls)
        assert len(directory.open([event])[0].community.rules) == 2
        with editing(house.postgres, house.versions) as edit:
            add_rule(StringRules(edit), session.community.id, "casino")

    slow = Versions(late(house.cache, edit_meanwhile))
    with editing(house.postgres, slow) as edit:
        add_rule(StringRules(edit), session.community.id, "followers")

    assert len(directory.open([event])[0].community.rules) == 3


def test_without_the_cache_server_memory_serves_for_five_minutes_and_then_the_writer(
    house: House, nowhere: redis.Redis
) -> None:
    directory = Directory(house.postgres, Versions(nowhere), clock=house.clock)
    event = an_event(entity=PLACE)
    [session] = directory.open([event])
    with editing(house.postgres, house.versions) as edit:
        add_rule(StringRules(edit), session.community.id)

    assert house.trips(lambda: directory.open([event])) == Trips(cache=0, replica=0, writer=0)
    house.clock.seconds += 301
    assert directory.open([event])[0].community.rules


def test_a_person_has_the_higher_of_both_roles(house: House) -> None:
    [session] = house.process().open([an_event(entity=PLACE)])
    with editing(house.postgres, house.versions) as edit:
        MemberRoles(edit).give(session.community.id, Account("twitch", "id-ana"), Role.MODERATOR)

    given, platforms, nobody = house.process().open(
        [
            an_event(entity=PLACE, user=a_speaker("Ana")),
            an_event(entity=PLACE, user=a_speaker("Ana", Role.OWNER)),
            an_event(entity=PLACE, user=None),
        ]
    )

    assert given.person is not None
    assert given.person.role is Role.MODERATOR
    assert platforms.person is not None
    assert platforms.person.role is Role.OWNER
    assert nobody.person is None


def test_a_role_in_one_place_holds_there_alone(house: House) -> None:
    here, there = EntityId("discord:channel:9/77"), EntityId("discord:channel:9/78")
    directory = house.process()
    [session] = directory.open([an_event(entity=here)])
    with editing(house.postgres, house.versions) as edit:
        MemberRoles(edit).give(
            session.community.id, Account("discord", "id-ana"), Role.MODERATOR, at=here
        )

    opened = directory.open([an_event(entity=here), an_event(entity=there)])

    assert [one.community.id for one in opened] == [session.community.id] * 2
    assert [one.person.role for one in opened if one.person] == [Role.MODERATOR, Role.USER]
    assert [one.person.everywhere for one in opened if one.person] == [Role.USER, Role.USER]


def test_a_role_among_all_communities_holds_everywhere_with_the_next_batch(house: House) -> None:
    events = house.known(2)
    warm, cold = house.process(), house.process()
    warm.open(events)

    with paused_replica(house):
        for role in (Role.ADMIN, Role.USER):
            with editing(house.postgres, house.versions) as edit:
                for user in ("id-p0", "id-p1"):
                    MemberRoles(edit).give(GLOBAL_COMMUNITY, Account("twitch", user), role)
            for directory in (warm, cold):
                opened = directory.open(events)

                assert [one.person.role for one in opened if one.person] == [role, role]
                assert [one.person.everywhere for one in opened if one.person] == [role, role]


def test_labels_hold_until_they_run_out_whoever_remembers_them(house: House) -> None:
    [event] = house.known(1)
    directory = house.process()
    [before] = directory.open([event])
    ana = Thing(kind=Labelled.USER, id="twitch:id-p0")
    in_a_moment = datetime.now(UTC) + timedelta(seconds=1)
    with editing(house.postgres, house.versions) as edit:
        labels = Labels(edit, before.community.id)
        labels.make("regular")
        labels.apply(ana, "regular")
        labels.apply(ana, "memories", until=in_a_moment)

    def labels_now() -> frozenset[str]:
        [session] = directory.open([event])
        assert session.person is not None
        return session.person.labels

    assert labels_now() == {"regular", "memories"}
    assert eventually(lambda: labels_now() == {"regular"}, within=3)
    with editing(house.postgres, house.versions) as edit:
        Labels(edit, before.community.id).drop("regular")
    assert labels_now() == set()


def test_the_owner_of_one_of_two_homes_decides_there_alone(house: House) -> None:
    owner = a_speaker("Olga", Role.OWNER)
    directory = house.process()
    [alone] = directory.open([an_event(entity=PLACE, user=owner)])
    with editing(house.postgres, house.versions) as edit:
        both = Places(edit).join([PLACE, EntityId("slack:channel:T1/C1")], "Penguins")
        MemberRoles(edit).give(both, Account("twitch", "id-olga"), Role.MODERATOR)

    [together] = directory.open([an_event(entity=PLACE, user=owner)])

    assert alone.person is not None
    assert alone.person.everywhere is Role.OWNER
    assert together.person is not None
    assert together.person.role is Role.OWNER
    assert together.person.everywhere is Role.MODERATOR


def test_a_changed_command_table_reaches_running_processes(house: House) -> None:
    directory = house.process()
    sync(house, a_module("wave"))
    [before] = directory.open([an_event(entity=PLACE)])

    sync(house, a_module("wave"), a_module("dance"))
    [after] = directory.open([an_event(entity=PLACE)])

    old, new = directory.tables[before.commands_version], directory.tables[after.commands_version]
    assert old.find("!", "dance") is None
    assert new.find("!", "dance") is not None
    assert new.find("!", "wave there") is not None


def late(cache: redis.Redis, meanwhile: Callable[[], None]) -> redis.Redis:
    """A client on a slow line: before its first call arrives, something happens."""
    client, coming = redis.Redis(connection_pool=cache.connection_pool), [meanwhile]
    send = client.execute_command

    def execute_command(*parts: object, **options: object) -> object:
        while coming:
            coming.pop()()
        return send(*parts, **options)

    client.execute_command = execute_command  # type: ignore[method-assign]
    return client


def a_module(name: str) -> Module[None]:
    body = command(name, "Do it.", example=name)(lambda _call, _tools: None)
    return Module(name=name, summary="A test's.", commands=(body,))


def sync(house: House, *modules: Module[None]) -> None:
    sync_commands(declared_commands(modules, ()), house.postgres, house.versions)


@contextlib.contextmanager
def paused_replica(house: House) -> Iterator[None]:
    """A long query on the replica holds up the replay of a lock on what it reads."""
    with (
        psycopg.connect(as_owner(house.urls, "DATABASE_REPLICA_URL")) as reader,
        psycopg.connect(as_owner(house.urls)) as writer,
    ):
        reader.execute("SELECT count(*) FROM migrations")
        writer.execute("LOCK TABLE migrations IN ACCESS EXCLUSIVE MODE")
        writer.execute("INSERT INTO migrations VALUES ('a test', 'writes something')")
        writer.commit()
        yield
