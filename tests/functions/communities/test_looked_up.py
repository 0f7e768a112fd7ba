"""What the specification names of a community, over REST: by role, tenant by tenant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.communities_api import CANARY, Answer, ask, see
from tests.helpers.own_keys import ANA, BEN, a_key_of, asks
from tests.helpers.tenants import Tenants
from waddlebot.domain.entities import CommunityId
from waddlebot_sdk.roles import Role

NEEDED = {
    "/entities": Role.MODERATOR,
    "/commands": Role.USER,
    "/responses/recent": Role.USER,
    "/metrics": Role.USER,
}


def looks(path: str, key: str, **query: Any) -> Answer:
    return ask("GET", path, key=key, query=query, at="/api/router")


def call_of(tenants: Tenants, community: CommunityId, name: str, user: str) -> None:
    """It ran a moment ago."""
    tenants.database.write(
        """
        INSERT INTO command_executions (execution_id, occurred_on, occurred_at, event_id,
            session_id, community_id, entity_id, platform, user_id, user_name, module, command,
            arguments, needed_role, role, reason, decided_by, wait_seconds, said, status,
            response_data, error_message, execution_time_ms, attempts)
        VALUES (%(name)s, (now() AT TIME ZONE 'utc')::date, clock_timestamp(), 'e', 's',
            %(community)s, 'twitch:channel:1', 'twitch', %(user)s, 'Somebody', 'memories',
            '!quote', %(name)s, 'user', 'user', 'allowed', '', 0, false, 'failed', '[]',
            'broken inside', 12, 1)
        """,
        {"name": name, "community": community, "user": user},
    )


def all_commands(**query: Any) -> dict[str, Any]:
    """By what is typed, page by page, as a user of ours sees them."""
    found: dict[str, Any] = {}
    after: int | None = 0
    while after is not None:
        answer = looks("/commands", "ours-user", after=after, limit=40, **query)
        found |= {f"{one['prefix']}{one['command']}": one for one in answer.data}
        after = answer.body["meta"]["pagination"]["next"]
    return found


def settled(tenants: Tenants) -> None:
    for user in (ANA.user_id, BEN.user_id):
        call_of(tenants, tenants.ours, f"call-of-{user}", user)
    call_of(tenants, tenants.theirs, CANARY, ANA.user_id)


@pytest.mark.parametrize("path", NEEDED)
def test_a_key_sees_of_its_own_community_what_its_role_may_and_of_no_other(
    tenants: Tenants, path: str
) -> None:
    settled(tenants)
    for role in Role:
        at_home = looks(path, f"ours-{role}")
        if role.covers(NEEDED[path]):
            assert at_home.status == 200, at_home.text
        else:
            assert (at_home.status, at_home.code) == (403, "MISSING_ROLE")
        assert f"twitch:channel:{CANARY}" not in at_home.text
        assert f'"{CANARY}"' not in at_home.text
        elsewhere = looks(path, f"ours-{role}", community=tenants.theirs)
        assert (elsewhere.status, elsewhere.code) == (404, "UNKNOWN_COMMUNITY")
    for key in ("house-admin", "house-collector"):
        nowhere = looks(path, key)
        assert (nowhere.status, nowhere.code) == (400, "MISSING_FIELD")
    assert looks(path, "house-admin", community=tenants.theirs).status == 200
    assert looks(path, "house-collector", community=tenants.ours).code == "UNKNOWN_COMMUNITY"
    assert looks(path, "no-key").status == 401


def test_entities_say_whose_they_are_and_how_they_are_heard(tenants: Tenants) -> None:
    assert tenants
    [one] = looks("/entities", "ours-moderator").data

    assert one["entity_id"] == "twitch:channel:1"
    assert (one["platform"], one["channel_id"], one["server_id"]) == ("twitch", "1", None)
    assert (one["is_active"], one["connection"]) == (False, "house")  # it is quiet
    assert one["webhook_url"] == "/webhooks/twitch"


def test_commands_say_what_this_community_made_of_them(tenants: Tenants) -> None:
    at = f"/{tenants.ours}/commands"
    for body in (
        {"command": "!quote", "name": "zitat"},
        {"command": "!note", "role": "admin"},
        {"command": "!remind", "enabled": False},
        {"command": "stats", "enabled": False},
    ):
        assert ask("PATCH", at, body, key="ours-owner").status == 200
    found = all_commands()

    assert found["!quote"]["own_name"] == "zitat"
    assert (found["!note"]["role"], found["!quote"]["role"]) == ("admin", "user")
    assert not found["!remind"]["is_enabled"]
    assert not found["!stats"]["is_enabled"]
    assert found["!quote"]["is_enabled"]
    assert {one["prefix"] for one in looks("/commands", "ours-user", prefix="#").data} == {"#"}


def test_responses_are_all_the_moderators_and_to_others_their_own(tenants: Tenants) -> None:
    settled(tenants)
    see(tenants.database, tenants.ours, f"twitch:{ANA.user_id}")
    ana = a_key_of(tenants.database, tenants.versions)
    ours = {"community": tenants.ours}

    pages = [looks("/responses/recent", "ours-moderator", limit=1)]
    pages.append(
        looks(
            "/responses/recent",
            "ours-moderator",
            limit=1,
            before=pages[0].body["meta"]["pagination"]["next"],
        )
    )
    own = asks(ana, "GET", "/api/router/responses/recent", query=ours)

    assert [page.data[0]["id"] for page in pages] == ["call-of-72", "call-of-71"]
    assert pages[1].body["meta"]["pagination"]["next"] is None
    assert pages[0].data[0]["error_message"] == "broken inside"
    assert [(one["id"], one["error_message"]) for one in own.data] == [("call-of-71", "")]
    at = "/api/router/responses/"
    assert asks(ana, "GET", f"{at}call-of-71", query=ours).data["parameters"] == ["call-of-71"]
    assert asks(ana, "GET", f"{at}call-of-72", query=ours).code == "UNKNOWN_EXECUTION"
    assert asks(ana, "GET", f"{at}{CANARY}", query=ours).code == "UNKNOWN_EXECUTION"
    assert looks(f"/responses/{CANARY}", "ours-owner").code == "UNKNOWN_EXECUTION"


def test_metrics_count_what_ran(tenants: Tenants) -> None:
    settled(tenants)

    told = looks("/metrics", "ours-user", hours=1).data

    assert (told["commands_processed_total"], told["commands_failed_total"]) == (2, 2)
    assert told["command_execution_ms_average"] == 12
    assert told["string_matches_total"] == 0


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 101},
        {"community": "x"},
        {"community": 2**70},
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(tenants: Tenants, query: dict[str, Any]) -> None:
    assert tenants
    for path in ("/commands", "/responses/recent"):
        assert looks(path, "ours-owner", **query).status in (400, 404)
    assert looks("/metrics", "ours-owner", hours=721).status == 400


def test_what_is_off_in_a_place_is_told_of_ones_own_places_alone(tenants: Tenants) -> None:
    ours, theirs = "twitch:channel:1", f"twitch:channel:{CANARY}"
    for place in (ours, theirs):
        tenants.database.write(
            "INSERT INTO command_permissions (entity_id, command, is_enabled) "
            "VALUES (%(place)s, '!quote', false)",
            {"place": place},
        )

    assert not all_commands(entity=ours)["!quote"]["is_enabled"]
    assert all_commands(entity=theirs)["!quote"]["is_enabled"]
