"""Modules that tests add to the house for a moment, and how they are called through its doors."""

from __future__ import annotations

from typing import Any

from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.upkeep.sync_commands_handler import sync_commands
from tests.helpers import stream_doors
from waddlebot.domain.events import Event
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions
from waddlebot_sdk import Module


def join(database: Postgres, versions: Versions, *modules: Module[Any]) -> None:
    """As a deployment with these beside the house's own."""
    declared = declared_commands((*lambda_modules(), *modules), builtin_modules())
    sync_commands(declared, database, versions)


def route(event: Event) -> Any:
    """What the router says of this event."""
    [result] = stream_doors.route(event)
    return result
