"""A database for all tests of a module's folder, as the module's own user sees it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from tests.helpers.servers import TEMPLATE, Urls, with_path
from waddlebot.domain.database_users import module_user, url_of
from waddlebot.stores.postgres import Connection, Postgres


@contextmanager
def module_database(servers: Urls, module: str, *beforehand: str) -> Iterator[Postgres]:
    """What is done `beforehand` is the owner's: grants for what in these tests works in the
    module's transaction (the clock, who links accounts), rows that other rooms would have written.
    """
    name = f"{module}_{uuid.uuid4().hex}"
    with psycopg.connect(servers["DATABASE_URL"], autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    master = with_path(servers["DATABASE_URL"], name)
    with psycopg.connect(master, autocommit=True) as connection:
        for statement in beforehand:
            connection.execute(statement.encode())
    postgres = Postgres(url_of(master, module_user(module)), name="tests")
    yield postgres
    postgres.close()


def rolled_back(postgres: Postgres) -> Iterator[Connection]:
    """For a fixture: what a test writes is gone behind it."""
    with postgres.writer() as connection:
        yield connection
        raise psycopg.Rollback
