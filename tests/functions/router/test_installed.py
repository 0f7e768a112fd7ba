"""A stranger's function hears the communities that installed it, and nobody else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.upkeep.sync_commands_handler import sync_commands
from tests.helpers.router_doors import Doors
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.stores.audit_log import list_changes
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.declared import read_declaration
from waddlebot_sdk.roles import Role

HERE = "twitch:channel:1"
ELSEWHERE = "twitch:channel:2"
GOSSIP = """
name = "gossip"
summary = "Listens."
[[commands]]
usage = "gossip"
summary = "Say what was heard."
example = "gossip"
[[listens]]
event = "raid"
function = "heard"
[[listens]]
event = "chatMessage"
function = "heard"
[[listens]]
event = "first_contact"
function = "heard"
"""


@pytest.fixture
def doors(
    doors: Doors,
    database: Postgres,
    versions: Versions,
    tmp_path: Path,
) -> Doors:
    folder = tmp_path / "gossip"
    folder.mkdir()
    (folder / "waddlebot.toml").write_text(GOSSIP)
    modules = (*lambda_modules(), read_declaration(folder))
    sync_commands(declared_commands(modules, builtin_modules()), database, versions)
    with editing(database, versions) as edit:
        for place in (HERE, ELSEWHERE):
            community = Places(edit).open(EntityId(place))
            MemberRoles(edit).give(community, Account("twitch", "olga"), Role.OWNER)
            MemberRoles(edit).give(community, Account("twitch", "max"), Role.ADMIN)
    return doors


def says(doors: Doors, text: str, *, at: str = HERE, who: str = "olga") -> str:
    told = doors.asks(
        {"message_type": "chatMessage", "entity_id": at, "user_id": who, "message": text}
    )
    assert told.status == 200, told.body
    return " | ".join(told.texts)


def raided(doors: Doors, at: str) -> None:
    told = doors.asks(
        {"message_type": "raid", "entity_id": at, "user_id": "1", "data": {"viewers": 7}}
    )
    assert told.status == 200, told.body


def heard(doors: Doors) -> list[tuple[str, str]]:
    """What the stranger was told since it was last asked: (place, type of event)."""
    calls = [json.loads(one.body) for one in doors.functions.seen if one.function == "gossip"]
    doors.functions.seen.clear()
    return [
        (call["entity"]["id"], call["event_type"]) for call in calls if call["command"] != "gossip"
    ]


def test_nobody_is_listened_to_who_did_not_install_it(doors: Doors) -> None:
    says(doors, "our secret")
    raided(doors, HERE)

    assert heard(doors) == []


def test_its_commands_answer_everywhere_all_the_same(doors: Doors) -> None:
    says(doors, "#gossip")

    assert any(one.function == "gossip" for one in doors.functions.seen)


def test_it_hears_the_community_whose_owner_installed_it_until_it_is_removed(
    doors: Doors, database: Postgres
) -> None:
    told = says(doors, "!module install Gossip")
    assert "gossip is installed: it hears chatMessage, first_contact, raid" in told
    assert "Undo: !module remove gossip" in told
    heard(doors)

    raided(doors, HERE)
    raided(doors, ELSEWHERE)
    says(doors, "a secret", at=ELSEWHERE)
    told_of = heard(doors)
    assert (HERE, "raid") in told_of
    assert {place for place, _ in told_of} == {HERE}

    assert "hears nothing of this community any more" in says(doors, "!module remove gossip")
    heard(doors)
    raided(doors, HERE)
    assert heard(doors) == []
    changes = list_changes(database, community=HERE, before=None, most=2)
    assert [one.change.action for one in changes] == ["remove module", "install module"]
    assert {one.change.who for one in changes} == {"twitch:olga"}


@pytest.mark.parametrize("typed", ["!module install gossip", "!module remove gossip"])
def test_it_is_up_to_the_owner(doors: Doors, typed: str) -> None:
    assert "for owners only" in says(doors, typed, who="max")

    raided(doors, HERE)
    assert heard(doors) == []


def test_what_is_there_is_listed(doors: Doors) -> None:
    before = says(doors, "!module list")
    says(doors, "!module install gossip")
    after = says(doors, "!module", who="max")

    assert "gossip is to be had; roll is to be had. Install one: !module install gossip" in before
    assert "gossip is installed: it hears chatMessage, first_contact, raid;" in after
    assert "roll is to be had." in after


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!module install gosip", "There is no community function 'gosip'. Did you mean gossip?"),
        ("!module install memories", "memories is part of the house and works everywhere."),
        ("!module install", "Usage: !module install <name>"),
        ("!module remove roll", "'roll' is not installed here."),
    ],
)
def test_what_cannot_be_says_what_to_do(doors: Doors, typed: str, answer: str) -> None:
    assert answer in says(doors, typed)
