"""Brings the database up to this release, with its users, and lets the operator's key in."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from functions.modules import HOUSE
from waddlebot.domain.database_users import (
    APP,
    OF_THE_APP,
    OWNER,
    derived_password,
    module_user,
    of_a_module,
    password_of,
)
from waddlebot.runtime.entering import address_of, find_address, kept_password
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.house_secrets import database_password
from waddlebot.runtime.needs import MASTER_URL, PASSWORDS_UNDER, VARIABLES, Need
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.addresses import Address, address_at
from waddlebot.stores.api_keys import AccountKind, ApiKey
from waddlebot.stores.database_users import (
    ROWS,
    DatabaseUser,
    Grant,
    close_others,
    grant,
    make_owner,
    make_users,
)
from waddlebot.stores.migrated_tables import tables_made_in
from waddlebot.stores.migrator import OWN, find_migrations, migrate
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
SHARED = {"module_effects": ROWS, "due": ("SELECT", "INSERT", "DELETE")}
"""What modules work with through the house: their calls' answers, and what fires later."""

log = logging.getLogger(__name__)


def handler(_aws_event: dict[str, Any], context: object) -> dict[str, Any]:
    """`{"migrations": [names of those that were run]}`; nothing to do is fine."""
    room_log("upkeep-migrate", context)
    # A key that was changed a moment ago is let in by this deploy or by none.
    environment = Environment.of_process(again=True)
    postgres = Postgres(address_of(environment, VARIABLES[Need.WRITER]), name="upkeep-migrate")
    try:
        ran = migrate_with_users(
            postgres,
            find_address(environment, MASTER_URL),
            kept_under=environment.find(PASSWORDS_UNDER),
        )
        counted = count_costs(postgres, most_seconds=COUNTING_SECONDS)
        api_key = environment.find("WADDLEBOT_API_KEY")
        if api_key and not let_in(postgres, api_key, OPERATOR):
            log.warning("WADDLEBOT_API_KEY was revoked and is not let in: set another one")
    finally:
        postgres.close()
    log.info("database migrated", extra={"migrations": ran, "rules_counted": counted})
    return {"migrations": ran}


def migrate_with_users(
    postgres: Postgres, master_at: Address | str | None, *, kept_under: str = ""
) -> list[str]:
    """As `migrate_all`, as the owner, whom the master makes; then everybody's users and rights.

    All but the owner have the passwords that are `kept_under` that name, where there is one.
    Without a master one user is all there is. Raises Unavailable.
    """
    if not master_at:
        return migrate_all(postgres)
    # One that is entered otherwise has none in its address: nobody has one made of it then.
    master = password_of(address_at(master_at).url)
    made_owner = make_owner(postgres, master_at, _derived(master, OWNER))
    users = _users(partial(_kept, kept_under) if kept_under else partial(_derived, master))
    made = make_users(postgres, users, passwords_anew=bool(kept_under))
    ran = migrate_all(postgres)
    granted = grant(postgres, _grants(), schemas={APP: "specification"})
    closed = close_others(postgres, [user.name for user in users])
    told = {"owner": made_owner, "users": made, "granted": granted, "closed": closed}
    log.info("users made", extra=told)
    return ran


def _users(password_of_user: Callable[[str], str]) -> list[DatabaseUser]:
    settings = {APP: OF_THE_APP} | {module_user(name): _settings(name) for name in HOUSE}
    return [
        DatabaseUser(name=name, password=password_of_user(name), settings=these)
        for name, these in settings.items()
    ]


def _derived(master_password: str, user: str) -> str:
    return derived_password(master_password, user) if master_password else ""


def _kept(under: str, user: str) -> str:
    return kept_password(under + database_password(user))


def _settings(module: str) -> Mapping[str, str]:
    found = importlib.import_module(f"functions.modules.{module}.module")
    return of_a_module(found.MODULE.timeout_seconds)


def _grants() -> list[Grant]:
    """The house's tables are the app's, a module's its own; it shares two more with all others,
    in which it sees its own rows.
    """
    whose = {APP: OWN} | {module_user(name): MODULES / name / "migrations" for name in HOUSE}
    own = [
        Grant(user=user, table=table)
        for user, folder in whose.items()
        for table in tables_made_in(folder)
    ]
    return own + [
        Grant(user=module_user(name), table=table, rights=rights)
        for name in HOUSE
        for table, rights in SHARED.items()
    ]


def migrate_all(postgres: Postgres) -> list[str]:
    """The house's migrations, then those of its own modules; strangers' make no tables.

    Names what it ran.
    """
    folders = {name: MODULES / name / "migrations" for name in HOUSE}
    return migrate(postgres, find_migrations(folders))
