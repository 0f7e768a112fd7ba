"""Polls of a community in a real database; what a test writes is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from functions.modules.polls.module import MODULE
from functions.modules.polls.polling import Polls
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
        # In these tests the clock works in the module's own transaction.
        "GRANT UPDATE ON due TO waddlebot_polls",
    ) as postgres:
        yield postgres


@pytest.fixture
def connection(shared_database: Postgres) -> Iterator[Connection]:
    yield from rolled_back(shared_database)


@pytest.fixture
def polls(connection: Connection) -> Polls:
    return Polls(connection)


@pytest.fixture
def chat(polls: Polls) -> Dialogue[Polls]:
    return Dialogue(MODULE, polls)
