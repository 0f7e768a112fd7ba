"""Brings the database up to this release, and lets the operator's key in."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from functions.modules import HOUSE
from waddlebot.runtime.entering import address_of
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import VARIABLES, Need
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.api_keys import AccountKind, ApiKey
from waddlebot.stores.migrator import find_migrations, migrate
from waddlebot.stores.operator_key import let_in
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.string_rules import count_costs

OPERATOR = ApiKey(
    account="operator",
    kind=AccountKind.ADMIN,
    scopes=AccountKind.ADMIN.scopes,
    per_minute=1000,
)
COUNTING_SECONDS = 20.0
"""What is left then the routers count themselves, where they meet it."""
MODULES = Path(__file__).parents[1] / "modules"

log = logging.getLogger(__name__)


def handler(_aws_event: dict[str, Any], context: object) -> dict[str, Any]:
    """`{"migrations": [names of those that were run]}`; nothing to do is fine."""
    room_log("upkeep-migrate", context)
    environment = Environment.of_process()
    postgres = Postgres(address_of(environment, VARIABLES[Need.WRITER]), name="upkeep-migrate")
    try:
        ran = migrate_all(postgres)
        counted = count_costs(postgres, most_seconds=COUNTING_SECONDS)
        api_key = environment.find("WADDLEBOT_API_KEY")
        if api_key and not let_in(postgres, api_key, OPERATOR):
            log.warning("WADDLEBOT_API_KEY was revoked and is not let in: set another one")
    finally:
        postgres.close()
    log.info("database migrated", extra={"migrations": ran, "rules_counted": counted})
    return {"migrations": ran}


def migrate_all(postgres: Postgres) -> list[str]:
    """The house's migrations, then those of its own modules; strangers' make no tables.

    Names what it ran.
    """
    folders = {name: MODULES / name / "migrations" for name in HOUSE}
    return migrate(postgres, find_migrations(folders))
