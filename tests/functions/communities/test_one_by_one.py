"""Rules, limits and points over HTTP, one by one: what is written is read, told and taken back."""

from __future__ import annotations

import pytest

from tests.helpers.communities_api import ask, see
from tests.helpers.servers import catch_up
from tests.helpers.tenants import Tenants


def test_a_rule_is_added_listed_and_switched_off(tenants: Tenants) -> None:
    at = f"/{tenants.ours}/rules"
    wanted = {
        "match": "contains",
        "pattern": "NITRO",
        "action": "block",
        "timeout_seconds": 600,
        "priority": 10,
        "case_sensitive": True,
        "places": ["twitch:channel:1"],
    }
    added = ask("POST", at, wanted, key="ours-moderator").data

    assert wanted.items() <= added.items()
    first, second = ask("GET", at, key="ours-moderator").data
    assert first == added
    assert second["pattern"] == "free ours"
    again = ask("POST", at, wanted, key="ours-moderator")
    assert (again.status, again.code) == (409, "RULE_THERE")
    gone = ask("DELETE", at, key="ours-moderator", query={"number": added["number"]})
    assert gone.data == {"number": added["number"]}
    assert ask("GET", at, key="ours-moderator").data == [second]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"match": "like", "pattern": "hi"}, "match"),
        ({"match": "word", "pattern": "hi", "action": "ban"}, "action"),
        ({"match": "word", "pattern": "hi", "priority": 10_001}, "priority"),
        ({"match": "word", "pattern": "hi", "priority": -1}, "priority"),
        ({"match": "word", "pattern": "hi", "places": "here"}, "places"),
        ({"match": "word"}, "pattern"),
        ({"match": "word", "pattern": "hi", "sticky": True}, "sticky"),
    ],
)
def test_what_is_wrong_with_a_rule_is_named(
    tenants: Tenants, body: dict[str, object], field: str
) -> None:
    refused = ask("POST", f"/{tenants.ours}/rules", body, key="ours-owner")

    assert (refused.status, refused.body["error"]["details"]["field"]) == (400, field)


def test_a_limit_is_set_listed_and_cleared(tenants: Tenants) -> None:
    at = f"/{tenants.ours}/limits"
    limit = {"command": "!quote", "calls": 3, "seconds": 60}
    told = {**limit, "together": False, "role": "user", "place": None}

    assert ask("PUT", at, limit, key="ours-moderator").data == told
    assert ask("GET", at, key="ours-user").data == [told]
    assert ask("GET", f"/{tenants.theirs}/limits", key="canary-user").data == []
    cleared = ask("DELETE", at, key="ours-moderator", query={"command": "!quote"})
    assert cleared.data == [told]
    assert ask("GET", at, key="ours-user").data == []


def test_a_custom_command_is_set_changed_renamed_listed_and_deleted(tenants: Tenants) -> None:
    at = f"/{tenants.ours}/custom"
    told = {
        "name": "hello",
        "text": "Hi $(user)! $(count)",
        "role": "user",
        "cooldown_seconds": 0,
        "person_cooldown_seconds": 0,
        "when": {},
        "category": "",
        "enabled": True,
    }
    wanted = {"name": "Hello", "text": " Hi $(user)! $(count) "}

    assert ask("PUT", at, wanted, key="ours-moderator").data == told
    assert ask("GET", at, key="ours-user").data == [told]
    assert ask("GET", f"/{tenants.theirs}/custom", key="canary-user").data == []
    counted = {"counter": "hello", "counted": 7}
    before = ask("PUT", f"{at}/counters", counted, key="ours-moderator").data
    assert before == {**counted, "before": 0}
    change = {"name": "hello", "to": "hey", "role": "moderator", "cooldown_seconds": 30}
    changed = ask("PATCH", at, change, key="ours-moderator").data
    assert changed == {**told, "name": "hey", "role": "moderator", "cooldown_seconds": 30}
    gone = ask("DELETE", at, key="ours-moderator", query={"name": "hey"})
    assert gone.data == changed
    assert ask("GET", at, key="ours-user").data == []


def test_a_custom_command_is_tried_and_nothing_is_counted(tenants: Tenants) -> None:
    at = f"/{tenants.ours}/custom"
    wanted = {"name": "hello", "text": "Hi $(user), $(math 2 * $(1)) of $(channel), $(count)"}
    ask("PUT", at, wanted, key="ours-moderator")
    tried = {"name": "Hello", "words": "21"}
    for _ in range(2):
        assert ask("POST", f"{at}/try", tried, key="ours-moderator").data == {
            "said": "Hi Robin, 42 of Penguins, 1",
            "steps": [
                {"piece": "$(user)", "value": "Robin"},
                {"piece": "$(1)", "value": "21"},
                {"piece": "$(math 2 * $(1))", "value": "42"},
                {"piece": "$(channel)", "value": "Penguins"},
                {"piece": "$(count)", "value": "1"},
            ],
        }
    unknown = ask("POST", f"{at}/try", {"name": "nothere"}, key="ours-moderator")
    assert (unknown.status, unknown.code) == (404, "UNKNOWN_CUSTOM_COMMAND")
    there = ask("POST", f"/{tenants.theirs}/custom/try", tried, key="ours-moderator")
    assert (there.status, there.code) == (404, "UNKNOWN_COMMUNITY")


def test_an_alias_is_set_renamed_listed_and_removed(tenants: Tenants) -> None:
    at = f"/{tenants.ours}/aliases"
    told = {"name": "hug", "kind": "command", "text": "!note $1", "usage": "hug <1>"}

    kept = ask("PUT", at, {"name": "Hug", "text": " !note $1 "}, key="ours-moderator")
    assert kept.data == told
    assert ask("GET", at, key="ours-user").data == [told]
    assert ask("GET", f"/{tenants.theirs}/aliases", key="canary-user").data == []
    called = ask("PATCH", at, {"name": "hug", "to": "cuddle"}, key="ours-moderator")
    assert called.data == {"name": "cuddle"}
    gone = ask("DELETE", at, key="ours-moderator", query={"name": "cuddle"})
    assert gone.data == {**told, "name": "cuddle", "usage": "cuddle <1>"}
    assert ask("GET", at, key="ours-user").data == []


def test_points_are_read_of_this_community_alone(tenants: Tenants) -> None:
    see(tenants.database, tenants.ours, "twitch:7")
    see(tenants.database, tenants.theirs, "twitch:7", "twitch:8")
    catch_up(tenants.urls)
    at = f"/{tenants.ours}/reputation"
    who = {"platform": "twitch", "user_id": "7"}

    [first] = ask("GET", at, key="ours-user").data
    assert first == {"place": 1, "name": "7", "points": 1, "platforms": ["twitch"]}
    assert ask("GET", at, key="ours-user", query={"platform": "slack"}).data == []
    assert ask("GET", at, key="ours-user", query={"period": "week"}).data == []
    assert ask("GET", at, key="ours-user", query={"period": "day"}).status == 400
    assert ask("GET", f"{at}/of", key="ours-user", query=who).data == {
        "points": 1,
        "standing": 600,
        "tier": "fair",
    }
    other = {"platform": "twitch", "user_id": "8"}
    assert ask("GET", f"{at}/of", key="ours-user", query=other).data["points"] == 0
    assert ask("GET", f"{at}/history", key="ours-admin", query=who).data == []
