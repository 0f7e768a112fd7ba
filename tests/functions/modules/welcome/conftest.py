"""A community's welcome in a real database; what a test writes is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from functions.modules.welcome.module import MODULE
from functions.modules.welcome.store import Welcomes
from tests.helpers.module_databases import module_database, rolled_back
from tests.helpers.servers import Urls
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot_sdk.dialogue import Dialogue

A_MONDAY = datetime(2035, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="package")
def shared_database(servers: Urls) -> Iterator[Postgres]:
    """One database for all tests of this folder, since none of them commits."""
    with module_database(
        servers,
        MODULE.name,
        "INSERT INTO people (id) OVERRIDING SYSTEM VALUE VALUES (7)",
        """
        INSERT INTO identities (platform, user_id, person_id, name)
        VALUES ('twitch', 'nina', 7, 'Nina'), ('discord', 'nina-too', 7, 'Nina')
        """,
    ) as postgres:
        yield postgres


@pytest.fixture
def connection(shared_database: Postgres) -> Iterator[Connection]:
    yield from rolled_back(shared_database)


@pytest.fixture
def welcomes(connection: Connection) -> Welcomes:
    return Welcomes(connection)


@pytest.fixture
def chat(welcomes: Welcomes) -> Dialogue[Welcomes]:
    return Dialogue(MODULE, welcomes, now=A_MONDAY)
