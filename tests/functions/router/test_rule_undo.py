"""`!rules undo`, where others have changed rules since."""

from __future__ import annotations

import pytest

from tests.helpers.router_doors import Doors
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

HERE = EntityId("twitch:channel:1")


@pytest.fixture
def doors(doors: Doors, database: Postgres, versions: Versions) -> Doors:
    with editing(database, versions) as edit:
        for name in ("max", "olga"):
            MemberRoles(edit).give(Places(edit).open(HERE), Account("twitch", name), Role.MODERATOR)
    return doors


def test_undo_brings_back_no_rule_beside_one_that_does_the_same(doors: Doors) -> None:
    def says(who: str, text: str) -> str:
        told = doors.asks(
            {"message_type": "chatMessage", "entity_id": HERE, "user_id": who, "message": text}
        )
        return " | ".join(told.texts)

    def number(said: str) -> str:
        return said.partition("rule ")[2].split(":")[0].split(" ")[0]

    first = number(says("max", '!rules add contains "free nitro" block'))
    says("max", f"!rules off {first}")
    second = number(says("olga", '!rules add contains "Free Nitro" block'))

    told = says("max", "!rules undo")
    assert f"rule {first} stays off, since rule {second} does that already" in told
    listed = says("max", "!rules list")
    assert listed.lower().count("free nitro") == 1

    # It is taken back all the same: the change before comes next.
    says("olga", "!rules undo")
    assert "There are no rules" in says("max", "!rules list")
