"""Which function enters the database as whom; upkeep-migrate makes these users."""

from __future__ import annotations

from functions.declaration import Function
from functions.modules import HOUSE
from waddlebot.domain.database_users import APP, OWNER, module_user
from waddlebot.runtime.needs import Need

MAKES_TABLES = frozenset({"upkeep-migrate", "upkeep-restore", "upkeep-sweep"})
"""Whoever is here enters as the owner: migrations are run, rows of all tables are brought back, and
days' partitions are made and dropped."""


def database_user(function: Function) -> str:
    """As whom this function enters, and on AWS the only one as whom it may.

    Empty for one that needs no database.
    """
    if not function.needs & {Need.WRITER, Need.REPLICA}:
        return ""
    if function.name in MAKES_TABLES:
        return OWNER
    return module_user(function.name) if function.name in HOUSE else APP


def all_users() -> tuple[str, ...]:
    """All whom upkeep-migrate makes. The gateways enter as `APP`."""
    return (OWNER, APP, *map(module_user, HOUSE))
