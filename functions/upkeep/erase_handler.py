"""Forgets whoever asked to be forgotten: modules first, then Valkey, then the house's tables.

Done again after a failure it goes on: who is not forgotten yet still stands in `erasures`.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from waddlebot.domain.accounts import Account
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.module_data import forgotten_by_modules, keepers
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.dead_letters import DeadLetters
from waddlebot.stores.known_people import KnownPeople
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.logins import Logins
from waddlebot.stores.mentions import find_person
from waddlebot.stores.personal_data import communities_of, forget
from waddlebot.stores.receipts import ReceiptStore
from waddlebot.stores.versions import Versions, editing
from waddlebot.stores.windows import forget_windows

MOST_AT_ONCE = 20
AFTER = timedelta(seconds=10)
"""By then the line that asked is on record, and is forgotten with the rest."""

log = logging.getLogger(__name__)


def handler(_aws_event: dict[str, Any], context: object) -> dict[str, Any]:
    """`{"forgotten": accounts, "left": accounts}`; what is left is tried at the next call."""
    room_log("upkeep-erase", context)
    resources = Resources(Environment.of_process())
    try:
        return _erase_all(resources)
    finally:
        resources.close()


def _erase_all(resources: Resources) -> dict[str, Any]:
    asked = _asked(resources)
    if not asked:
        return {"forgotten": 0, "left": 0}
    # Rows that wait for the database would bring a name back.
    LateRecords(resources.streams, resources.partitions).write(resources.postgres)
    modules = keepers(resources.postgres)
    left = 0
    for account in asked:
        try:
            _erase(account, modules, resources)
        except Unavailable as error:
            left += 1
            log.warning("person not forgotten yet", extra={"error": str(error)})
    log.info("people forgotten", extra={"accounts": len(asked) - left, "left": left})
    return {"forgotten": len(asked) - left, "left": left}


def _asked(resources: Resources) -> list[Account]:
    rows = resources.postgres.write(
        """
        SELECT platform, user_id FROM erasures WHERE asked_at < now() - %(after)s
        ORDER BY asked_at LIMIT %(most)s
        """,
        {"after": AFTER, "most": MOST_AT_ONCE},
    )
    return [Account(**row) for row in rows]


def _erase(account: Account, modules: list[str], resources: Resources) -> None:
    with resources.postgres.writer() as connection:
        communities = communities_of(connection, account)
        person = find_person(connection, account)
    forgotten_by_modules(resources.invoke, modules, communities, account)
    forget_windows(resources.limits, person.key)
    DeadLetters(resources.streams, resources.partitions).forget(person)
    ReceiptStore(resources.streams, resources.partitions).forget(person)
    Logins(resources.cache).forget(account)
    KnownPeople(resources.cache).forget(account)
    with editing(resources.postgres, Versions(resources.cache)) as edit:
        forget(edit.connection, account)
        edit.touch(communities)
