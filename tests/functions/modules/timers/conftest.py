"""A community's timers in a real database; what a test writes is rolled back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg import sql

from functions.modules.timers.module import MODULE
from functions.modules.timers.store import Timers
from tests.helpers.servers import TEMPLATE, Urls, with_path
from waddlebot.domain.database_users import module_user, url_of
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot_sdk.dialogue import Dialogue

A_MONDAY = datetime(2035, 1, 1, 12, tzinfo=UTC)
"""Later than the database's own clock."""


@pytest.fixture(scope="package")
def shared_database(servers: Urls) -> Iterator[Postgres]:
    """One database for all tests of this folder, since none of them commits."""
    name = f"timers_{uuid.uuid4().hex}"
    with psycopg.connect(servers["DATABASE_URL"], autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    master = with_path(servers["DATABASE_URL"], name)
    with psycopg.connect(master, autocommit=True) as connection:
        # In these tests clock and record work in the module's own transaction.
        connection.execute("GRANT UPDATE ON due TO waddlebot_timers")
        connection.execute("GRANT SELECT, UPDATE ON lines_heard TO waddlebot_timers")
        connection.execute("GRANT SELECT, UPDATE ON coordination TO waddlebot_timers")
        # Its one channel, which a gateway looks at; nobody streams.
        connection.execute("INSERT INTO communities (id, name, version) VALUES (1, 'Demo', 'one')")
        connection.execute(
            """
            INSERT INTO entities (entity_id, platform, community_id)
            VALUES ('twitch:channel:demo', 'twitch', 1)
            """
        )
        connection.execute(
            "INSERT INTO coordination (platform, channel_id) VALUES ('twitch', 'demo')"
        )
    postgres = Postgres(url_of(master, module_user(MODULE.name)), name="tests")
    yield postgres
    postgres.close()


@pytest.fixture
def connection(shared_database: Postgres) -> Iterator[Connection]:
    with shared_database.writer() as connection:
        yield connection
        raise psycopg.Rollback


@pytest.fixture
def chat(connection: Connection) -> Dialogue[Timers]:
    return Dialogue(MODULE, Timers(connection), now=A_MONDAY)
