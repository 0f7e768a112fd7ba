"""Every table that holds a person says how they are told and forgotten, and then does it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.catalogue import lambda_modules
from tests.contract.module_files import migrations_of
from waddlebot.domain.accounts import Account
from waddlebot.stores.personal_data import GOES_BY_ITSELF, HELD, NOBODYS, forget, tell
from waddlebot.stores.postgres import Postgres

# Columns that hold people, or words about them, by their names.
PERSONAL = {
    *("user_id", "user_name", "person", "person_id", "name", "who", "about", "thing", "asked_id"),
    *("added_by", "off_by", "created_by", "created_by_name", "invited_by", "claimed_by"),
    *(
        "target_name",
        "target_id",
        "asked_name",
        "asked_login",
        "response",
        "content",
        "response_data",
        "arguments",
    ),
}
# What is called so and is the house's own.
OF_THE_HOUSE = {
    "communities",
    "labels",
    "table_versions",
    "migrations",
    "commands",
    "custom_commands",
}

WHO, NAME = "7777777777", "Persephone"
KEY = f"twitch:{WHO}"


def tables(database: Postgres) -> dict[str, set[str]]:
    """Those of the house, without partitions and modules' own, with their columns."""
    rows = database.write(
        """
        SELECT table_name, column_name FROM information_schema.columns
        JOIN pg_class ON relname = table_name AND relnamespace = 'public'::regnamespace
        WHERE table_schema = 'public' AND NOT relispartition AND relkind IN ('r', 'p')
        """
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["table_name"], set()).add(row["column_name"])
    owned = {word for module in lambda_modules() for word in _made_by(module)}
    return {table: columns for table, columns in found.items() if table not in owned}


def _made_by(module: Any) -> Iterator[str]:
    for file in migrations_of(module):
        words = file.read_text().split()
        for one, other in itertools.pairwise(words):
            if one == "TABLE":
                yield other


def test_every_table_with_people_in_it_is_declared(owner: Postgres) -> None:
    holding = {
        table
        for table, columns in tables(owner).items()
        if columns & PERSONAL and table not in OF_THE_HOUSE
    }
    assert holding <= {*HELD, *GOES_BY_ITSELF, *NOBODYS}
    assert {*HELD, *GOES_BY_ITSELF, *NOBODYS} <= tables(owner).keys()


def test_every_module_that_keeps_anything_says_how_it_is_forgotten() -> None:
    for module in lambda_modules():
        assert module.personal_data is not None or not migrations_of(module), module.name


SEEDS = f"""
    INSERT INTO communities (id, name, version) VALUES (7, 'Penguins', '');
    INSERT INTO entities (entity_id, platform, community_id)
        VALUES ('twitch:channel:1', 'twitch', 7);
    INSERT INTO community_members (community_id, platform, user_id, role, name)
        VALUES (7, 'twitch', '{WHO}', 'admin', '{NAME}');
    INSERT INTO messages (event_id, occurred_on, occurred_at, community_id, entity_id, platform,
        user_id, user_name, text, commands_version, community_version)
        VALUES ('e', current_date, now(), 7, 'x', 'twitch', '{WHO}', '{NAME}', 'hi', '', '');
    INSERT INTO happenings (event_id, occurred_on, occurred_at, community_id, entity_id, platform,
        type, user_id, user_name)
        VALUES ('h', current_date, now(), 7, 'x', 'twitch', 'raid', '{WHO}', '{NAME}');
    INSERT INTO departures (community_id, platform, user_id, type, departed_at)
        VALUES (7, 'twitch', '{WHO}', 'ban', now());
    INSERT INTO command_executions (execution_id, occurred_on, occurred_at, event_id, session_id,
        community_id, entity_id, platform, user_id, user_name, module, command, arguments,
        needed_role, reason, decided_by, wait_seconds, said, response_data, error_message,
        execution_time_ms, attempts)
        VALUES ('x', current_date, now(), 'e', 's', 7, 'x', 'twitch', '{WHO}', '{NAME}', 'm', 'c',
        '{NAME}', 'user', 'allowed', '', 0, false, '["{NAME}"]', '', 0, 1);
    INSERT INTO module_effects (execution_id, response) VALUES ('x', '["{NAME}"]');
    INSERT INTO labels (community_id, name, color) VALUES (7, 'regular', '#112233');
    INSERT INTO entity_labels SELECT 7, 'user', '{KEY}', id FROM labels WHERE name = 'regular';
    INSERT INTO reputation (community_id, platform, user_id, name, points, events)
        VALUES (7, 'twitch', '{WHO}', '{NAME}', 5, 1);
    INSERT INTO reputation_events VALUES
        ('e', current_date, now(), 7, 'twitch', '{WHO}', 'message', 5);
    INSERT INTO reputation_deeds VALUES
        (7, 'twitch', '{WHO}', 'follow twitch:channel:1', now(), now() + interval '1 day');
    INSERT INTO point_moves VALUES ('x', 7, 'twitch', '{WHO}', -5), ('x', 7, 'twitch', 'm', 5);
    INSERT INTO leaderboard_hidden VALUES (7, 'twitch', '{WHO}');
    INSERT INTO people (id) OVERRIDING SYSTEM VALUE VALUES (77);
    INSERT INTO identities VALUES ('twitch', '{WHO}', 77, '{NAME}'), ('slack', 'U1', 77, 'Other');
    INSERT INTO identity_codes (code_hash, platform, user_id, name, target_platform, target_name)
        VALUES ('x', 'twitch', '{WHO}', '{NAME}', 'slack', 'other');
    INSERT INTO identity_codes (code_hash, platform, user_id, name, target_platform, target_name,
        target_id, asked_id, asked_name, asked_login, agreed_at)
        VALUES ('y', 'slack', 'U5', 'Five', 'twitch', lower('{NAME}'), '', '{WHO}', '{NAME}',
        lower('{NAME}'), now()), ('z', 'slack', 'U6', 'Six', 'twitch', '', '{WHO}', '', '', '',
        NULL);
    INSERT INTO user_api_keys (key_hash, platform, user_id, user_name, name, hint, expires_at)
        VALUES ('k', 'twitch', '{WHO}', '{NAME}', 'laptop', 'wbot_user_A', now());
    INSERT INTO identity_guesses (platform, user_id) VALUES ('twitch', '{WHO}');
    INSERT INTO connections (service, account, owner_kind, owner_id, name) VALUES
        ('twitch', '{WHO}', 'community', '7', '{NAME}'), ('spotify', 's', 'person', '{KEY}', 'S');
    INSERT INTO community_invites VALUES ('x', 7, '{KEY}', now());
    INSERT INTO string_rules (community_id, string, match_type, case_sensitive, enabled_entity_ids,
        action, command_to_execute, message, priority, added_by, off_by)
        VALUES (7, 'x', 'word', false, '{{}}', 'warn', '', '', 1, '{KEY}', '{KEY}');
    INSERT INTO due (community_id, entity_id, module, at, person, data, way_back) VALUES
        (7, 'twitch:channel:1', 'memories', now(), '{{"id": "{WHO}", "name": "{NAME}"}}', '{{}}',
        '{{}}');
    INSERT INTO first_lines VALUES (7, 'twitch', '{WHO}', now());
    INSERT INTO erasures VALUES ('twitch', '{WHO}');
    INSERT INTO overlay_state (community_id) VALUES (7);
    INSERT INTO overlay_pushes (community_id, number, source, execution_id, position, content,
        expires_at) VALUES (7, 1, 'general', 'alert-e', 0,
        '{{"listed": "{KEY}", "name": "{NAME}", "content": "{NAME} follows"}}', now());
"""  # noqa: S608 - tests of ours
CHANGES: tuple[tuple[str, str, Any], ...] = (
    (KEY, "community", None),
    ("twitch:1", f"{KEY} at here", {"value": "admin"}),
    ("twitch:1", "accounts", {"accounts": [KEY, "slack:U1"]}),
    ("twitch:1", "community", {"text": f'[[roles]]\nuser = "{WHO}"\nname = "{NAME}"\n'}),
    ("twitch:1", "community", {"text": f'thing = "{KEY}"\n'}),
)


@pytest.fixture
def held(database: Postgres) -> Postgres:
    """A row about the same person in each table that is declared."""
    with database.writer() as connection:
        connection.execute(SEEDS.encode())
        for who, about, values in CHANGES:
            connection.execute(
                "INSERT INTO audit_log (who, action, about, before) VALUES (%s, 'x', %s, %s)",
                (who, about, json.dumps(values)),
            )
    return database


def everything(database: Postgres) -> dict[str, str]:
    """By table, its whole content as text."""
    return {
        table: str(database.write(f"SELECT {table}::text AS row FROM {table}"))  # type: ignore[arg-type]  # noqa: S608
        for table in tables(database)
    }


def test_what_is_known_is_told_and_then_nothing_names_the_person(held: Postgres) -> None:
    named = {table for table, text in everything(held).items() if WHO in text or NAME in text}
    assert named == HELD.keys() - {"people"}
    with held.writer() as connection:
        told = tell(connection, Account("twitch", WHO))
        assert all(told.values())
        forget(connection, Account("twitch", WHO))

    left = {table for table, text in everything(held).items() if WHO in text or NAME in text}

    assert left == set()
    assert held.write("SELECT * FROM people") == held.write("SELECT * FROM identities") == []
    assert len(held.write("SELECT * FROM audit_log")) == len(CHANGES)


@pytest.mark.parametrize(
    "change",
    [
        "who = 'somebody else'",
        "action = 'nothing'",
        "changed_at = now() - interval '1 day'",
        "about = 'elsewhere'",
        """before = '{"value": "owner"}'""",
    ],
)
def test_the_audit_log_forgets_people_and_nothing_else(held: Postgres, change: str) -> None:
    with pytest.raises(Exception, match="only added to"):
        held.write(f"UPDATE audit_log SET {change}")  # type: ignore[arg-type]  # noqa: S608


def test_others_stay_as_they_are(held: Postgres) -> None:
    before = everything(held)
    with held.writer() as connection:
        forget(connection, Account("twitch", WHO[:-1]))

    assert everything(held) == before
