"""Every module makes its tables from nothing, and touches nobody else's."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from functions.catalogue import lambda_modules
from tests.contract.module_files import folder_of, migrations_of
from waddlebot.stores.migrated_tables import tables_made_in
from waddlebot.stores.migrator import OWN
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import Module

KEEPERS = [module for module in lambda_modules() if migrations_of(module)]


@pytest.mark.parametrize("module", KEEPERS, ids=lambda module: module.name)
def test_a_module_makes_its_tables_from_nothing(module: Module[Any], owner: Postgres) -> None:
    """In a schema of its own, where nobody else's table is in sight."""
    with owner.writer() as connection:
        connection.execute("CREATE SCHEMA from_nothing")
        connection.execute("SET LOCAL search_path = from_nothing")
        for file in migrations_of(module):
            connection.execute(file.read_text())
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'from_nothing'"
        ).fetchall()
        assert tables
        made = tables_made_in(folder_of(module) / "migrations")
        assert {row["tablename"] for row in tables} <= {*made}, (
            "its user gets what stands there as CREATE TABLE name or ALTER TABLE … RENAME TO name"
        )
        raise psycopg.Rollback


def test_each_table_is_somebodys(owner: Postgres) -> None:
    """And nobody's who is not there any more; partitions belong to their table."""
    rows = owner.write(
        """
        SELECT CASE WHEN relnamespace = 'public'::regnamespace THEN relname::text
            ELSE relnamespace::regnamespace || '.' || relname END AS name
        FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND NOT relispartition
            AND relowner = current_user::regrole
        """
    )
    modules = [tables_made_in(folder_of(module) / "migrations") for module in KEEPERS]
    of_modules = [table for made in modules for table in made]
    somebodys = [*tables_made_in(OWN), *of_modules]

    assert len(set(somebodys)) == len(somebodys)
    assert {row["name"] for row in rows} == {*somebodys, "migrations"}
