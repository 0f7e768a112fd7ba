"""Giveaways of a community in a real database; what a test writes is rolled back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from functions.modules.giveaways.giveaways import Giveaways
from functions.modules.giveaways.module import MODULE
from tests.helpers.servers import TEMPLATE, Urls, with_path
from waddlebot.domain.database_users import module_user, url_of
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot_sdk.dialogue import Dialogue


@pytest.fixture(scope="package")
def shared_database(servers: Urls) -> Iterator[Postgres]:
    """One database for all tests of this folder, since none of them commits."""
    name = f"giveaways_{uuid.uuid4().hex}"
    with psycopg.connect(servers["DATABASE_URL"], autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    master = with_path(servers["DATABASE_URL"], name)
    with psycopg.connect(master, autocommit=True) as connection:
        # In these tests the clock, and who links accounts, work in the module's own transaction.
        connection.execute("GRANT UPDATE ON due TO waddlebot_giveaways")
        known = "people, identities, communities, community_members"
        connection.execute(f"GRANT SELECT, INSERT, DELETE ON {known} TO waddlebot_giveaways")
    postgres = Postgres(url_of(master, module_user(MODULE.name)), name="tests")
    yield postgres
    postgres.close()


@pytest.fixture
def connection(shared_database: Postgres) -> Iterator[Connection]:
    with shared_database.writer() as connection:
        yield connection
        raise psycopg.Rollback


@pytest.fixture
def giveaways(connection: Connection) -> Giveaways:
    return Giveaways(connection)


@pytest.fixture
def chat(giveaways: Giveaways) -> Dialogue[Giveaways]:
    return Dialogue(MODULE, giveaways)
