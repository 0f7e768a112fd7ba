"""A community's welcome in a real database; what a test writes is rolled back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg import sql

from functions.modules.welcome.module import MODULE
from functions.modules.welcome.store import Welcomes
from tests.helpers.servers import TEMPLATE, Urls, with_path
from waddlebot.domain.database_users import module_user, url_of
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot_sdk.dialogue import Dialogue

A_MONDAY = datetime(2035, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="package")
def shared_database(servers: Urls) -> Iterator[Postgres]:
    """One database for all tests of this folder, since none of them commits."""
    name = f"welcome_{uuid.uuid4().hex}"
    with psycopg.connect(servers["DATABASE_URL"], autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    master = with_path(servers["DATABASE_URL"], name)
    with psycopg.connect(master, autocommit=True) as connection:
        connection.execute("INSERT INTO people (id) OVERRIDING SYSTEM VALUE VALUES (7)")
        connection.execute(
            """
            INSERT INTO identities (platform, user_id, person_id, name)
            VALUES ('twitch', 'nina', 7, 'Nina'), ('discord', 'nina-too', 7, 'Nina')
            """
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
def welcomes(connection: Connection) -> Welcomes:
    return Welcomes(connection)


@pytest.fixture
def chat(welcomes: Welcomes) -> Dialogue[Welcomes]:
    return Dialogue(MODULE, welcomes, now=A_MONDAY)
