"""Forgets whoever asked to be forgotten: modules first, then Valkey, then the house's tables.

What they connected is ended at its service afterwards: best effort, for nothing of it is kept.

Done again after a failure it goes on: who is not forgotten yet still stands in `erasures`.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from waddlebot.domain.accounts import Account
from waddlebot.domain.chat_lines import Removal
from waddlebot.domain.connections import Connection, Tokens
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.module_data import forgotten_by_modules, keepers
from waddlebot.runtime.needs import SEAL_KEY
from waddlebot.runtime.push_on import push_on
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.chat_lines import ChatLines
from waddlebot.stores.dead_letters import DeadLetters
from waddlebot.stores.known_people import KnownPeople
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.logins import Logins
from waddlebot.stores.mentions import find_person
from waddlebot.stores.overlay_pushes import forget_shown, shown_of
from waddlebot.stores.personal_data import communities_of, forget
from waddlebot.stores.receipts import ReceiptStore
from waddlebot.stores.versions import Versions, editing
from waddlebot.stores.windows import forget_windows

MOST_AT_ONCE = 20
REVOKE_SECONDS = 15.0
AFTER = timedelta(seconds=10)
"""By then the line that asked is on record, and is forgotten with the rest."""

if TYPE_CHECKING:
    from waddlebot.outside.revoking import Doomed
    from waddlebot.platforms.renewing import Renewer

log = logging.getLogger(__name__)


def handler(_aws_event: dict[str, Any], context: object) -> dict[str, Any]:
    """`{"forgotten": accounts, "left": accounts}`; what is left is tried at the next call."""
    room_log("upkeep-erase", context)
    environment = Environment.of_process()
    resources = Resources(environment)
    doomed: list[tuple[Connection, Tokens]] = []
    try:
        has_seal = bool(environment.find(SEAL_KEY))
        done = _erase_all(resources, doomed if has_seal else None)
    finally:
        resources.close()
    if doomed:
        _revoke(doomed, environment)
    return done


def _revoke(doomed: Doomed, environment: Environment) -> None:
    # Few people have connected anything.
    from waddlebot.outside.revoking import revoke_all
    from waddlebot.outside.slack_workspaces import slack_renewer
    from waddlebot.outside.token_calls import TokenCalls
    from waddlebot.platforms.slack.installing import SlackApp
    from waddlebot.platforms.twitch.renewing import TwitchRenewer

    slack, twitch = SlackApp.find(environment.values), TwitchRenewer.find(environment.values)
    renewers: dict[str, Renewer] = {"slack": slack_renewer(slack)} if slack else {}
    if twitch:
        renewers["twitch"] = twitch
    calls = TokenCalls()
    try:
        left = revoke_all(doomed, renewers, calls.ask, seconds=REVOKE_SECONDS)
    finally:
        calls.close()
    log.info("tokens of forgotten people revoked", extra={"left": len(left)})


def _erase_all(
    resources: Resources, doomed: list[tuple[Connection, Tokens]] | None
) -> dict[str, Any]:
    """`doomed` gets what is to be revoked; None where nothing can be opened."""
    asked = _asked(resources)
    if not asked:
        return {"forgotten": 0, "left": 0}
    # Rows that wait for the database would bring a name back.
    LateRecords(resources.streams, resources.partitions).write(resources.postgres)
    modules = keepers(resources.postgres)
    left = 0
    for account in asked:
        try:
            opened = resources.connections.of_person(account) if doomed is not None else ()
            _erase(account, modules, resources)
            if doomed is not None:
                doomed += [(one.connection, one.tokens) for one in opened]
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
    now = datetime.now(UTC)
    for community in communities:
        of_them = Removal(kind="forgotten", what=account.key, at=now)
        ChatLines(resources.cache).remove(community, [of_them])
    with editing(resources.postgres, Versions(resources.cache)) as edit:
        for community in shown_of(edit.connection, account):
            forget_shown(edit, community, account.key, now=now)
        forget(edit.connection, account)
        edit.touch(communities)
    push_on(edit.pushed, lambda: resources.invoke)
