"""Every module makes its tables from nothing, and touches nobody else's."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from functions.catalogue import lambda_modules
from tests.contract.module_files import migrations_of
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import Module

KEEPERS = [module for module in lambda_modules() if migrations_of(module)]


@pytest.mark.parametrize("module", KEEPERS, ids=lambda module: module.name)
def test_a_module_makes_its_tables_from_nothing(module: Module[Any], database: Postgres) -> None:
    """In a schema of its own, where nobody else's table is in sight."""
    with database.writer() as connection:
        connection.execute("CREATE SCHEMA from_nothing")
        connection.execute("SET LOCAL search_path = from_nothing")
        for file in migrations_of(module):
            connection.execute(file.read_text())
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'from_nothing'"
        ).fetchall()
        assert tables
        raise psycopg.Rollback
