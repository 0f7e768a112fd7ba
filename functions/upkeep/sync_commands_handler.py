"""Writes what the modules of this release declare into the command table."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from functions.upkeep.command_table_rows import rows_of
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.entering import address_of
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import VARIABLES, Need
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.command_rows import CommandRows
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.valkey import connect
from waddlebot.stores.versions import Versions

PACKAGED = Path(__file__).with_name("declared_commands.json")

log = logging.getLogger(__name__)


def handler(declared: dict[str, Any], context: object) -> dict[str, Any]:
    """`{"changed": …, "commands": count}`.

    Input: what `functions/declared_commands.py` makes; without it the file packaged at synth.
    """
    room_log("upkeep-sync-commands", context)
    declared = declared or json.loads(PACKAGED.read_bytes())
    environment = Environment.of_process()
    postgres = Postgres(
        address_of(environment, VARIABLES[Need.WRITER]), name="upkeep-sync-commands"
    )
    cache = connect(address_of(environment, VARIABLES[Need.CACHE]))
    try:
        return sync_commands(declared, postgres, Versions(cache))
    finally:
        postgres.close()
        cache.close()


def sync_commands(
    declared: Mapping[str, Any], postgres: Postgres, versions: Versions
) -> dict[str, Any]:
    """Raises CommandDeclaredTwice, or Unavailable where the database does not answer.

    `declared` is as of the handler; so is what it answers: `{"changed", "commands"}`.
    """
    rows = rows_of(declared)
    with postgres.writer() as connection:
        token = CommandRows(connection).replace(rows)
    if token is not None:
        _announce(token, versions)
    return {"changed": token is not None, "commands": len(rows)}


def _announce(token: str, versions: Versions) -> None:
    try:
        versions.set_commands(token)
    except Unavailable:
        log.warning("commands saved, in force within five minutes")
