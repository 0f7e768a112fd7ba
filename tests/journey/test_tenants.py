"""Role x command x tenant over every command: who may is as declared, and nobody meets others.

All through the door of the API, as a collector reports what people type.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.upkeep.command_table_rows import rows_of
from tests.helpers.house import House
from waddlebot.decisions.facts import load_facts
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.command_rows import CommandRow
from waddlebot_sdk.roles import Role

KNOWN, SECRET = f"known{uuid.uuid4().hex[:8]}", f"secret{uuid.uuid4().hex[:8]}"
"""The word by which another community's things could be asked for, and what stands in them."""
TYPED = [
    row
    for row in rows_of(declared_commands(lambda_modules(), builtin_modules()))
    if row.trigger_type == "command" and row.command == row.canonical
]
# What a community writes and another must never read or change.
THEIRS = (
    f"!addquote {KNOWN} {SECRET}",
    f'!addnote {KNOWN} "{SECRET} is here"',
    f"!addurl {KNOWN} https://{SECRET}.example",
    f"!remind 10m {KNOWN} {SECRET}",
    "!limits set #roll 7 in 1h",
    f"!labels make {KNOWN}",
    f"!commands rename !quotes {KNOWN}",
    "!commands off #roll",
    f"!community name {SECRET}",
    "!settings set language de",
    f"!rules add contains {KNOWN} warn {SECRET}",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A community of its own on Twitch, where everybody may be anything."""

    house: House
    channel: str
    key: str

    def types(self, line: str, role: Role) -> dict[str, Any]:
        body = {
            "message_type": "chatMessage",
            "entity_id": f"twitch:channel:{self.channel}",
            "user_id": f"9{self.channel[-6:]}{role.rank}",
            "username": f"{role.value}{self.channel[-6:]}",
            "message": line,
            "roles": [role.value],
        }
        status, told = self.house.api(body, key=self.key)
        assert status == 200, told
        result: dict[str, Any] = told
        return result


def new_place(house: House, key: str) -> Place:
    return Place(house, str(10**14 + uuid.uuid4().int % 10**14), key)


def all_of(house: House, place: Place) -> Any:
    with psycopg.connect(house.database_url) as connection:
        row = connection.execute(
            "SELECT community_id FROM entities WHERE entity_id = %s",
            (f"twitch:channel:{place.channel}",),
        ).fetchone()
        assert row is not None
        connection.row_factory = psycopg.rows.dict_row  # type: ignore[assignment]
        facts = load_facts(connection, CommunityId(row[0]))  # type: ignore[arg-type]
        kept = connection.execute(
            "SELECT * FROM memories WHERE community_id = %s ORDER BY 1", (row[0],)
        ).fetchall()
        due = connection.execute(
            "SELECT id, data FROM due WHERE community_id = %s ORDER BY id", (row[0],)
        ).fetchall()
    return facts, kept, due


@pytest.fixture(scope="module")
def key(house: House) -> str:
    """Of an account that may ask more often than a thousand times a minute."""
    account = {"account": f"tenants-{uuid.uuid4().hex[:8]}", "kind": "collector"}
    status, told = house.api({**account, "per_minute": 100_000}, path="/api/operations/keys")
    assert status == 200, told
    made: str = told["key"]
    return made


@pytest.fixture(scope="module")
def theirs(house: House, key: str) -> Place:
    place = new_place(house, key)
    for line in THEIRS:
        [verdict] = commands_in(place.types(line, Role.OWNER))
        assert verdict["allowed"], (line, verdict)
    return place


def commands_in(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in told["verdicts"] if "command" in one]


def lines_of(row: CommandRow) -> set[str]:
    """The example and, where it takes words, what would fit the other community."""
    typed = f"{row.prefix}{row.command}"
    if not set("<[") & set(row.usage):
        return {f"{row.prefix}{row.example or row.command}"}
    if row.usage.endswith("[page]") and " " not in row.command:  # nothing but a number is one
        return {f"{row.prefix}{row.example or row.command}", f"{typed} 1"}
    return {f"{row.prefix}{row.example or row.command}", f"{typed} {KNOWN}", f"{typed} 1 {KNOWN}"}


@pytest.mark.parametrize("row", TYPED, ids=lambda row: f"{row.prefix}{row.command}")
def test_a_command_is_for_whom_it_is_declared_and_stays_in_its_community(
    house: House, theirs: Place, row: CommandRow
) -> None:
    before = all_of(house, theirs)
    for role in Role:
        ours = new_place(house, theirs.key)
        for line in lines_of(row):
            told = ours.types(line, role)
            [verdict] = commands_in(told)
            is_refused = not role.covers(Role(row.role))
            assert (verdict["reason"] == "role") is is_refused, (line, role, verdict)
            assert SECRET not in str(told)
    assert all_of(house, theirs) == before
