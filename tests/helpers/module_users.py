"""A test's module at home in the database, as upkeep-migrate makes those of the house."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import sql

from functions.upkeep.migrate_handler import SHARED
from tests.helpers.servers import QUICKLY, Urls, as_owner, with_path
from waddlebot.domain.database_users import (
    APP,
    derived_password,
    module_user,
    of_a_module,
    password_of,
    url_of,
)
from waddlebot.runtime.needs import MASTER_URL
from waddlebot.runtime.serve_module import ModuleDoor
from waddlebot.stores.database_users import DatabaseUser, Grant, grant, make_users
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import Module

_made: set[str] = set()
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('users of tests'))"


def as_module(urls: Urls, name: str) -> str:
    """Where this module of the house enters; who brings a server has one user there for all."""
    if MASTER_URL not in urls:
        return urls["DATABASE_URL"]
    return url_of(urls[MASTER_URL], module_user(name))


def enter(door: ModuleDoor[Any], url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on this door enters there, whatever other functions of the process do."""
    with monkeypatch.context() as own:
        own.setenv("DATABASE_URL", url)
        door.close()  # it has read its environment now


def at_home(urls: Urls, module: Module[Any], name: str, columns: str) -> str:
    """Where a test's module enters, which has this table now; the test may look at it as well."""
    user = DatabaseUser(
        name=module_user(module.name),
        password=derived_password(password_of(urls[MASTER_URL]), module_user(module.name)),
        settings=of_a_module(module.timeout_seconds),
    )
    postgres = Postgres(f"{as_owner(urls)}?{QUICKLY}")
    try:
        _make(urls, postgres, user)
        with postgres.writer() as connection:
            create = sql.SQL("CREATE TABLE {} ({})").format(
                sql.Identifier(name),
                sql.SQL(columns),  # type: ignore[arg-type]  # the test's own words
            )
            connection.execute(create)
        tables = {name: SHARED["module_effects"], **SHARED}
        own = [Grant(user=user.name, table=table, rights=may) for table, may in tables.items()]
        grant(postgres, [*own, Grant(user=APP, table=name)], schemas={})
    finally:
        postgres.close()
    return as_module(urls, module.name)


def _make(urls: Urls, postgres: Postgres, user: DatabaseUser) -> None:
    """All databases of a server have the same users, and each worker of a run its own database."""
    if user.mark in _made:
        return
    with psycopg.connect(with_path(urls[MASTER_URL], "waddlebot")) as turn:
        turn.execute(_ONE_AT_A_TIME)
        make_users(postgres, [user])
    _made.add(user.mark)
