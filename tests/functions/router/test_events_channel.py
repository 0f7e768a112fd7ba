"""What happens to a whole server is answered in the channel that its community names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import redis

from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.upkeep.sync_commands_handler import sync_commands
from tests.helpers.router_doors import Doors
from tests.helpers.stream_doors import left_by, route, told
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel, MessageType
from waddlebot.domain.outcomes import Reply
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.declared import read_declaration
from waddlebot_sdk.roles import Role

SERVER = EntityId("discord:server:9")
HALL = EntityId("discord:channel:9/5")
ELSEWHERE = EntityId("discord:channel:8/5")
# Its calls come to the function `roll`, whose place it takes.
GREETER = """
name = "roll"
summary = "Greets."
[[listens]]
event = "member_join"
function = "greet"
"""


def greet(call: Mapping[str, Any], _context: object) -> dict[str, Any]:
    words = f"Welcome {call['user']['name']}!"
    return {
        "session_id": call["session_id"],
        "response_action": "chat",
        "chat_message": words,
    }


@pytest.fixture
def doors(
    doors: Doors,
    database: Postgres,
    versions: Versions,
    tmp_path: Path,
) -> Doors:
    folder = tmp_path / "roll"
    folder.mkdir()
    (folder / "waddlebot.toml").write_text(GREETER)
    others = [module for module in lambda_modules() if module.name != "roll"]
    doors.handlers["roll"] = greet
    modules = (*others, read_declaration(folder))
    sync_commands(declared_commands(modules, builtin_modules()), database, versions)
    with editing(database, versions) as edit:
        for place in (HALL, ELSEWHERE):
            community = Places(edit).open(place)
            MemberRoles(edit).give(community, Account("discord", "olga"), Role.OWNER)
    says(doors, "!module install roll")
    return doors


def says(doors: Doors, text: str) -> str:
    asked = {"message_type": "chatMessage", "entity_id": HALL, "user_id": "olga", "message": text}
    return " | ".join(doors.asks(asked).texts)


def joins(streams: redis.Redis) -> Reply:
    """What is said when somebody comes into the server."""
    streams.flushdb()
    route(told("", type=MessageType.MEMBER_JOIN, entity=SERVER, message=None, way_back=Channel()))
    [reply] = left_by(streams)
    assert isinstance(reply, Reply)
    return reply


def test_it_is_said_in_the_channel_that_an_admin_names_until_it_is_unset(
    doors: Doors, streams: redis.Redis
) -> None:
    assert joins(streams).entity == SERVER, "as the platform has it"

    assert "is answered here now" in says(doors, "!settings set events here")
    assert "is answered in a channel on Discord" in says(doors, "!settings list")
    said = joins(streams)
    assert (said.entity, said.text, said.user) == (HALL, "Welcome Ana!", None)

    assert "no place of this community" in says(doors, f"!settings set events {ELSEWHERE}")
    assert "whole server: name one of its channels" in says(doors, f"!settings set events {SERVER}")
    assert joins(streams).entity == HALL

    assert "answered in no channel" in says(doors, "!settings set events usual")
    assert joins(streams).entity == SERVER


def test_a_channel_that_left_the_community_reads_nothing_of_it(
    doors: Doors, streams: redis.Redis, database: Postgres, versions: Versions
) -> None:
    says(doors, "!settings set events here")
    with editing(database, versions) as edit:
        edit.connection.execute(
            "UPDATE communities SET settings = jsonb_set(settings, %s, to_jsonb(%s::text))",
            (["waddlebot", "events_channel"], ELSEWHERE),
        )
        ours = Places(edit).open(HALL)
        edit.touch([ours])

        edit.connection.execute(
            "UPDATE communities SET moderators_channel = %s WHERE id = %s", (ELSEWHERE, ours)
        )

    assert "moderators are told in private" in says(doors, "!settings list")
    assert joins(streams).entity == SERVER
