"""Shoutouts of a community in a real database; what a test writes is rolled back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from functions.modules.shoutouts.module import MODULE
from functions.modules.shoutouts.store import Shoutouts
from tests.helpers.servers import TEMPLATE, Urls, with_path
from waddlebot.domain.database_users import module_user, url_of
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot_sdk.dialogue import Dialogue


@pytest.fixture(scope="package")
def shared_database(servers: Urls) -> Iterator[Postgres]:
    """One database for all tests of this folder, since none of them commits."""
    name = f"shoutouts_{uuid.uuid4().hex}"
    with psycopg.connect(servers["DATABASE_URL"], autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    master = with_path(servers["DATABASE_URL"], name)
    with psycopg.connect(master, autocommit=True) as connection:
        # In these tests who links accounts works in the module's own transaction.
        known = "people, identities"
        connection.execute(f"GRANT SELECT, INSERT, DELETE ON {known} TO waddlebot_shoutouts")
        connection.execute(
            """
            INSERT INTO reputation (community_id, platform, user_id, name, points, events)
            VALUES (1, 'twitch', 'seen-as-silas', 'Silas', 1, 1)
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
def shoutouts(connection: Connection) -> Shoutouts:
    return Shoutouts(connection)


@pytest.fixture
def chat(shoutouts: Shoutouts) -> Dialogue[Shoutouts]:
    return Dialogue(MODULE, shoutouts)
