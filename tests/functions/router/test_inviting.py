"""Who invites another home stays what they are once it joins, as long as they may invite."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.inviting import word_of
from tests.helpers.router_doors import Doors
from waddlebot.domain.entities import EntityId
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

HERE, THERE = EntityId("twitch:channel:1"), EntityId("twitch:channel:2")


@pytest.fixture
def doors(doors: Doors, database: Postgres, versions: Versions) -> Doors:
    with editing(database, versions) as edit:
        for place in (HERE, THERE):
            Places(edit).open(place)
    return doors


def says(doors: Doors, who: str, text: str, at: EntityId = HERE, *roles: str) -> str:
    body: dict[str, Any] = {"message_type": "chatMessage", "entity_id": at, "user_id": who}
    told = doors.asks({**body, "username": who.title(), "message": text, "roles": list(roles)})
    return " | ".join(told.texts)


def roles(database: Postgres) -> dict[str, str]:
    rows = database.write("SELECT user_id, role FROM community_members")
    return {row["user_id"]: row["role"] for row in rows}


def test_who_invites_is_given_what_they_are_once_somebody_joins(
    doors: Doors, database: Postgres
) -> None:
    invited = says(doors, "olga", "!community invite", HERE, "owner")
    assert "a role of yours in all of the community" in invited
    assert roles(database) == {}

    joined = says(doors, "theo", f"!community join {word_of(invited)}", THERE, "owner")
    assert "Olga is an owner in all of it from now on" in joined
    assert roles(database) == {"olga": "owner"}


@pytest.mark.parametrize("has_role", [True, False], ids=["given", "of the platform"])
def test_a_word_of_somebody_whose_role_was_taken_brings_nobody(
    doors: Doors, database: Postgres, *, has_role: bool
) -> None:
    if has_role:
        says(doors, "olga", "!roles give @ana admin", HERE, "owner")
        says(doors, "ana", "hello")
        says(doors, "olga", "!roles give ana admin", HERE, "owner")
    word = word_of(says(doors, "ana", "!community invite", HERE, *([] if has_role else ["admin"])))
    says(doors, "olga", "!roles give ana user", HERE, "owner")

    told = says(doors, "theo", f"!community join {word}", THERE, "owner")
    assert "Welcome" not in told
    assert roles(database) == {}


def test_a_word_of_somebody_who_may_invite_no_more_says_so(
    doors: Doors, database: Postgres
) -> None:
    says(doors, "ana", "hello")
    says(doors, "olga", "!roles give ana admin", HERE, "owner")
    word = word_of(says(doors, "ana", "!community invite"))
    database.write("DELETE FROM community_members WHERE user_id = 'ana'")

    told = says(doors, "theo", f"!community join {word}", THERE, "owner")
    assert "may invite nobody any more" in told
