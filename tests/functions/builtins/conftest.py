"""The place, in a database of its own."""

from __future__ import annotations

import pytest

from tests.functions.builtins.chatroom import COMMANDS, Chatroom
from tests.helpers.events_and_commands import a_row
from waddlebot.domain.entities import EntityId
from waddlebot.stores.command_rows import CommandRows
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing


@pytest.fixture
def room(database: Postgres, versions: Versions) -> Chatroom:
    entity = EntityId("twitch:channel:5000")
    with editing(database, versions) as edit:
        community = Places(edit).open(entity)
        CommandRows(edit.connection).replace([a_row(trigger) for trigger in COMMANDS])
    return Chatroom(database, versions, entity, community)
