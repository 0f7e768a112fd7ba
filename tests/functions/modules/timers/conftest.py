"""A community's timers in a real database; what a test writes is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from functions.modules.timers.module import MODULE
from functions.modules.timers.store import Timers
from tests.helpers.module_databases import module_database, rolled_back
from tests.helpers.servers import Urls
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot_sdk.dialogue import Dialogue

A_MONDAY = datetime(2035, 1, 1, 12, tzinfo=UTC)
"""Later than the database's own clock."""


@pytest.fixture(scope="package")
def shared_database(servers: Urls) -> Iterator[Postgres]:
    """One database for all tests of this folder, since none of them commits."""
    with module_database(
        servers,
        MODULE.name,
        # In these tests clock and record work in the module's own transaction.
        "GRANT UPDATE ON due TO waddlebot_timers",
        "GRANT SELECT, UPDATE ON lines_heard TO waddlebot_timers",
        "GRANT SELECT, UPDATE ON coordination TO waddlebot_timers",
        # Its one channel, which a gateway looks at; nobody streams.
        "INSERT INTO communities (id, name, version) VALUES (1, 'Demo', 'one')",
        """
        INSERT INTO entities (entity_id, platform, community_id)
        VALUES ('twitch:channel:demo', 'twitch', 1)
        """,
        "INSERT INTO coordination (platform, channel_id) VALUES ('twitch', 'demo')",
    ) as postgres:
        yield postgres


@pytest.fixture
def connection(shared_database: Postgres) -> Iterator[Connection]:
    yield from rolled_back(shared_database)


@pytest.fixture
def chat(connection: Connection) -> Dialogue[Timers]:
    return Dialogue(MODULE, Timers(connection), now=A_MONDAY)
