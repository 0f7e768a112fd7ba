"""What the specification names is there under its name, and says something."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import psycopg

from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.router.record import Ledger
from functions.upkeep.command_table_rows import rows_of
from tests.contract.specification import find_missing, find_silent, read_names
from tests.helpers.events_and_commands import (
    DISCORD,
    TWITCH,
    a_command,
    a_match,
    a_row,
    a_session,
    a_speaker,
    an_event,
)
from tests.helpers.ledgers import a_ledger
from tests.helpers.servers import Urls
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.domain.executions import Execution, Status, execution_id
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot.stores.claims import Claimable, Claims, Live
from waddlebot.stores.command_rows import CommandRows
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.module import ExecutionMode
from waddlebot_sdk.responses import Chat
from waddlebot_sdk.roles import Role

PRIVATE = EntityId("discord:channel:555")


def _record(ledger: Ledger, text: str, *, at: EntityId, who: str, **ran: object) -> None:
    session = a_session(
        event=an_event(
            f"!sing {text}", entity=at, user=a_speaker(who), occurred_at=datetime.now(UTC)
        )
    )
    command = a_command("sing" if at == TWITCH else "gone", module="songs")
    verdict = Verdict(match=a_match(command, session=session, text=text), reason=Reason.ALLOWED)
    execution = Execution(id=execution_id(verdict.match), verdict=verdict, status=Status.SUCCESS)
    done = replace(execution, **ran)  # type: ignore[arg-type]
    ledger.record([Outcome(session=session, verdicts=(verdict,), executions=(done,))])


def _fill(database: Postgres, versions: Versions) -> None:
    declared = declared_commands(lambda_modules(), builtin_modules())
    songs = a_command(
        "sing",
        module="songs",
        timeout_seconds=60,
        priority=50,
        execution_mode=ExecutionMode.PARALLEL,
    )
    with database.writer() as connection:
        CommandRows(connection).replace([*rows_of(declared), a_row(songs)])
    database.write("UPDATE commands SET is_active = false WHERE command = 'help'")
    with editing(database, versions) as edit:
        Places(edit).join([TWITCH], "Penguins")
    with editing(database, versions) as edit:
        community = Places(edit).join([DISCORD], "Seals")
        MemberRoles(edit).give(community, Account(platform="discord", user_id="1"), Role.OWNER)
        CommunitySettings(edit).set_own(community, "language", "de")
    with editing(database, versions) as edit:
        Places(edit).set_quiet(DISCORD, quiet=True)
    ledger = a_ledger(database)
    [row] = database.write(
        "SELECT community_id AS id FROM entities WHERE entity_id = %(at)s", {"at": TWITCH}
    )
    _record(ledger, "shall I?", at=TWITCH, who="Ana", responses=(Chat("yes"),), took_ms=3.5)
    database.write("UPDATE messages SET community_id = %(id)s", {"id": row["id"]})
    _record(
        ledger, "or not", at=DISCORD, who="Bo", status=Status.FAILED, error="it broke", attempts=2
    )
    claims = Claims(database)
    claims.populate("discord", ["0 of 1"])
    claims.populate("twitch", ["1001", "1002"])
    claims.prefer("twitch", "1002", 10)
    claims.set_live("twitch", [Live(channel="1001", viewers=12)])
    shard = Claimable(platform="discord", channel="0 of 1")
    claims.take("gateway-1", [shard], alive=["gateway-1"])
    claims.tell("gateway-1", shard, servers=["9"])


def test_each_table_and_column_of_the_specification_is_there_and_says_something(
    database: Postgres, database_urls: Urls, versions: Versions
) -> None:
    _fill(database, versions)
    names = read_names()

    with psycopg.connect(database_urls["DATABASE_URL"]) as connection:
        assert list(find_missing(connection, names)) == []
        assert "; ".join(find_silent(connection, names)) == ""


def test_an_empty_table_and_a_column_that_is_not_there_are_named(
    database: Postgres, database_urls: Urls
) -> None:
    assert database.read("SELECT id FROM specification.servers") == []
    names = {"servers": {"id": "", "colour": "nobody"}}

    with psycopg.connect(database_urls["DATABASE_URL"]) as connection:
        found = [*find_missing(connection, names)]
        silent = list(find_silent(connection, {"servers": {"owner": "somebody"}}))

    assert found == ["servers.id has no reader", "servers.colour is missing"]
    assert silent == ["servers.owner says the same in every row"]


def test_what_was_typed_in_private_is_shown_to_nobody(database: Postgres) -> None:
    _record(a_ledger(database), "my secret", at=PRIVATE, who="Ana")

    [row] = database.write("SELECT * FROM specification.command_executions")

    assert "secret" not in str(row)


def test_channels_are_taken_by_priority_then_on_air_viewers_and_when_last_seen(
    database: Postgres,
) -> None:
    claims = Claims(database)
    claims.populate("twitch", ["1", "2", "3", "4", "5"])
    claims.set_live("twitch", [Live(channel="5", viewers=1)])
    claims.set_live("twitch", [Live(channel="3", viewers=7), Live(channel="4", viewers=9)])
    claims.prefer("twitch", "2", 10)

    assert [one.channel for one in claims.look()] == ["2", "4", "3", "5", "1"]
