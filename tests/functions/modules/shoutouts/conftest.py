"""Shoutouts of a community in a real database; what a test writes is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from functions.modules.shoutouts.module import MODULE
from functions.modules.shoutouts.store import Shoutouts
from tests.helpers.module_databases import module_database, rolled_back
from tests.helpers.servers import Urls
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot_sdk.dialogue import Dialogue


@pytest.fixture(scope="package")
def shared_database(servers: Urls) -> Iterator[Postgres]:
    """One database for all tests of this folder, since none of them commits."""
    with module_database(
        servers,
        MODULE.name,
        # In these tests who links accounts, and who looks what runs, work in the module's own
        # transaction.
        "GRANT SELECT, INSERT, UPDATE ON coordination TO waddlebot_shoutouts",
        "GRANT SELECT, INSERT, DELETE ON people, identities TO waddlebot_shoutouts",
        "INSERT INTO communities (id, name, version) VALUES (1, 'Demo', 'one')",
        """
        INSERT INTO entities (entity_id, platform, community_id)
        VALUES ('twitch:channel:demo', 'twitch', 1)
        """,
        """
        INSERT INTO reputation (community_id, platform, user_id, name, points, events)
        VALUES (1, 'twitch', 'seen-as-silas', 'Silas', 1, 1)
        """,
    ) as postgres:
        yield postgres


@pytest.fixture
def connection(shared_database: Postgres) -> Iterator[Connection]:
    yield from rolled_back(shared_database)


@pytest.fixture
def shoutouts(connection: Connection) -> Shoutouts:
    return Shoutouts(connection)


@pytest.fixture
def chat(shoutouts: Shoutouts) -> Dialogue[Shoutouts]:
    return Dialogue(MODULE, shoutouts)
