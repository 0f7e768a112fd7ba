"""What the house's modules declare, as a deployment finds it: the same for a whole run."""

from __future__ import annotations

import functools
from typing import Any

from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.upkeep.sync_commands_handler import sync_commands
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions


@functools.cache
def house_commands() -> dict[str, Any]:
    return declared_commands(lambda_modules(), builtin_modules())


def sync_house(database: Postgres, versions: Versions) -> None:
    sync_commands(house_commands(), database, versions)
