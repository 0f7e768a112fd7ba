"""Which function enters the database as whom; upkeep-migrate makes these users.

Each sees what it works with and nothing else: the owner makes tables, the app reads and writes
the house's, and each module of the house has its own tables and its own rows of shared ones.
"""

from __future__ import annotations

from functions.declaration import Function
from functions.modules import HOUSE
from waddlebot.runtime.needs import Need

OWNER = "waddlebot_owner"
"""Every table, view and function is this one's; migrations run as it."""
APP = "waddlebot_app"
"""Rooms of the house and the gateways: they read and write rows, and change no table."""

MIGRATES = "upkeep-migrate"


def module_user(module: str) -> str:
    """Of a module of the house, by its name."""
    return f"waddlebot_{module.replace('-', '_')}"


def database_user(function: Function) -> str:
    """As whom this function enters, and on AWS the only one as whom it may.

    Empty for one that needs no database.
    """
    if not function.needs & {Need.WRITER, Need.REPLICA}:
        return ""
    if function.name == MIGRATES:
        return OWNER
    return module_user(function.name) if function.name in HOUSE else APP


def all_users() -> tuple[str, ...]:
    """All whom upkeep-migrate makes. The gateways enter as `APP`."""
    return (OWNER, APP, *map(module_user, HOUSE))
