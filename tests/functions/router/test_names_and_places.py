"""A name is not a place: what somebody or something is called never stops a road."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.helpers.router_doors import BATCH, Doors
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.stores.community_names import CommunityNames
from waddlebot.stores.opening import open_places
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

SERVER = "discord:server:77"
CHANNEL = EntityId("discord:channel:77/1")
OURS, THEIRS = EntityId("slack:channel:T9/C1"), EntityId("slack:channel:T8/C2")


def asks(doors: Doors, *lines: tuple[str, str]) -> list[list[str]]:
    """What each line was answered; lines are (place, text), all in one batch."""
    events = [
        {"message_type": "chatMessage", "entity_id": place, "user_id": "1", "message": text}
        for place, text in lines
    ]
    told = doors.asks({"events": events}, route=BATCH)
    assert told.status == 200, told.body
    return [
        [reply["chat_message"] for reply in result["replies"] if "chat_message" in reply]
        for result in told.body["results"]
    ]


def test_a_server_whose_name_was_taken_before_it_came_is_served_with_its_neighbours(
    doors: Doors, database: Postgres
) -> None:
    database.write(
        "INSERT INTO communities (name, version) VALUES (%(name)s, '') RETURNING id",
        {"name": SERVER},
    )

    ours, theirs = asks(doors, (CHANNEL, "!help"), ("twitch:channel:1", "!help"))

    assert "!help" in ours[-1]
    assert "!help" in theirs[-1]
    [founded] = database.write("SELECT name FROM communities WHERE home = %(h)s", {"h": SERVER})
    assert founded["name"].startswith(f"{SERVER} ")


def test_who_leaves_finds_a_home_although_its_name_was_taken(
    database: Postgres, versions: Versions
) -> None:
    with editing(database, versions) as edit:
        Places(edit).join([EntityId("twitch:channel:5")], SERVER)
        Places(edit).join([CHANNEL], "Penguins")

        own = Places(edit).founded_for(SERVER)
        again = Places(edit).founded_for(SERVER)

        assert own == again
        assert CommunityNames(edit).name_of(own) != SERVER


def test_many_that_see_a_server_first_found_one_community(database: Postgres) -> None:
    def first_seen(number: int) -> None:
        with database.writer() as connection:
            open_places(connection, [EntityId(f"discord:channel:{number % 5}/{number}")])

    with ThreadPoolExecutor(8) as seers:
        list(seers.map(first_seen, range(80)))

    rows = database.write(
        """
        SELECT server_id, count(DISTINCT community_id) AS communities, count(*) AS places
        FROM entities GROUP BY server_id
        """
    )
    assert {(row["communities"], row["places"]) for row in rows} == {(1, 16)}
    assert len(rows) == 5


@pytest.mark.parametrize("name", [SERVER, "twitch:channel:9", "slack:server:T1", "a:b"])
def test_no_community_is_called_like_somebodys_home(
    database: Postgres, versions: Versions, name: str
) -> None:
    with editing(database, versions) as edit:
        community = Places(edit).open(EntityId("twitch:channel:1"))
        with pytest.raises(Rejected, match="place"):
            CommunityNames(edit).rename(community, name)

        assert CommunityNames(edit).rename(community, "Penguins")
        assert CommunityNames(edit).rename(community, "twitch:channel:1"), "its own home's"


def test_a_login_of_digits_is_no_other_channels_id(
    doors: Doors, database: Postgres, versions: Versions
) -> None:
    with editing(database, versions) as edit:
        victim = Places(edit).open(EntityId("twitch:channel:1001"))
        Places(edit).set_quiet(EntityId("twitch:channel:1001"), True)
        Places(edit).open(EntityId("twitch:channel:6666"), login="1001")

    told = asks(doors, ("twitch:channel:1001", "!help"))

    assert told == [[]], "it was heard in the other channel, which is not quiet"
    [row] = database.write("SELECT community_id FROM entity_names WHERE name LIKE '%:1001'")
    assert row["community_id"] == victim


NOT_UNDERSTOOD = [
    pytest.param("type = 'webhook'", id="type"),
    pytest.param("type = 'openwhisk'", id="engine"),
    pytest.param("type = 'rule_webhook'", id="engine of rules"),
    pytest.param("type = 'builtin'", id="engine by another name"),
    pytest.param("turn = 9", id="turn"),
    pytest.param("role = 'emperor'", id="role"),
    pytest.param("execution_mode = 'someday'", id="mode"),
    pytest.param("trigger_type = 'both'", id="kind"),
    pytest.param("timeout = 'Infinity'", id="timeout"),
    pytest.param("trigger_type = 'event', event_types = '7'", id="event types"),
    pytest.param("command = '  '", id="nothing to type"),
]


@pytest.mark.parametrize("broken", NOT_UNDERSTOOD)
def test_a_row_that_this_release_does_not_understand_is_skipped_and_said(
    doors: Doors, database: Postgres, broken: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with database.writer() as connection:
        connection.execute(
            f"UPDATE commands SET {broken} WHERE command = 'roll'".encode()  # noqa: S608 - ours
        )

    rolled, helped = asks(doors, ("twitch:channel:1", "#roll"), ("twitch:channel:2", "!help"))

    assert "!help" in helped[-1]
    assert not any("rolled" in text for text in rolled)
    assert "not understood" in capfd.readouterr().out


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE string_rules SET match_type = 'smells_like'",
        "UPDATE string_rules SET action = 'sing'",
        "UPDATE command_limits SET role = 'emperor'",
        "UPDATE command_rights SET role = 'emperor'",
        "UPDATE community_members SET role = 'emperor'",
    ],
)
def test_a_row_of_one_community_that_is_not_understood_stops_neither_it_nor_another(
    doors: Doors, database: Postgres, broken: str
) -> None:
    asks(doors, ("twitch:channel:1", "hello"), ("twitch:channel:2", "hello"))
    with database.writer() as connection:
        connection.execute(
            """
            INSERT INTO string_rules (community_id, string, match_type, case_sensitive,
                enabled_entity_ids, action, command_to_execute, message, priority, added_by,
                timeout_seconds)
            SELECT community_id, 'x', 'exact', false, '{}', 'warn', '', '', 1, '', 0
            FROM entities WHERE entity_id = 'twitch:channel:1';
            INSERT INTO command_limits
                (community_id, command, entity_id, role, together, calls, seconds)
            SELECT community_id, '!x', '', 'user', false, 1, 1
            FROM entities WHERE entity_id = 'twitch:channel:1';
            INSERT INTO command_rights (community_id, command, role)
            SELECT community_id, '!x', 'user'
            FROM entities WHERE entity_id = 'twitch:channel:1';
            INSERT INTO community_members (community_id, platform, user_id, role, name)
            SELECT community_id, 'twitch', '1', 'admin', 'Ana'
            FROM entities WHERE entity_id = 'twitch:channel:1';
            UPDATE communities SET version = 'changed'
            """
        )
        connection.execute(broken.encode())

    ours, theirs = asks(doors, ("twitch:channel:1", "!help"), ("twitch:channel:2", "!help"))

    assert "!help" in ours[-1]
    assert "!help" in theirs[-1]


def test_a_person_is_named_where_they_were_seen_and_nowhere_else(
    doors: Doors, database: Postgres, versions: Versions
) -> None:
    with editing(database, versions) as edit:
        Places(edit).join([CHANNEL, OURS], "Penguins")
    line = {"message_type": "chatMessage", "user_id": "301000000000000002", "username": "Max"}
    told = {**line, "entity_id": CHANNEL, "message": "hello"}
    assert doors.asks({"events": [told]}, route=BATCH).status == 200

    assert announced(doors, OURS) == "for @Max"
    assert announced(doors, THEIRS) == "for @somebody"


def announced(doors: Doors, place: EntityId) -> str:
    event = {
        "message_type": "chatMessage",
        "entity_id": place,
        "user_id": "U0OLGA",
        "roles": ["moderator"],
        "message": "!announce for <@301000000000000002>",
    }
    told = doors.asks({"events": [event]}, route=BATCH)
    [result] = told.body["results"]
    return str(result["replies"][-1]["chat_message"])
