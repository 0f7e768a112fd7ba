"""What a community's own people change by the API, and what they read where it cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.communities_api import CANARY, ask, see, write_line
from tests.helpers.tenants import Tenants

OUR_PLACE = "twitch:channel:1"


def test_settings_are_changed_read_and_made_usual_again(tenants: Tenants) -> None:
    at = f"/{tenants.ours}/settings"
    assert ask("GET", at, key="ours-user").data == {
        "prefix": "!",
        "keep_days": 7,
        "time_zone": "UTC",
        "language": "de",
        "offers": "on",
        "moderator_group": "",
        "giving": 1000,
        "decay": 0,
        "fetch": "",
        "moderators_channel": None,
        "events_channel": None,
    }
    body = {"prefix": "?", "keep_days": 0, "time_zone": "europe/berlin", "language": None}
    changed = ask("PATCH", at, body, key="ours-admin")
    assert changed.data == {
        "prefix": "?",
        "keep_days": 0,
        "time_zone": "Europe/Berlin",
        "language": "en",
        "offers": "on",
        "moderator_group": "",
        "giving": 1000,
        "decay": 0,
        "fetch": "",
        "moderators_channel": None,
        "events_channel": None,
    }
    told = ask("GET", f"/{tenants.ours}/changes", key="ours-admin", query={"limit": 2})
    assert [one["who"] for one in told.data] == ["api:ours-admin"] * 2
    older = ask(
        "GET",
        f"/{tenants.ours}/changes",
        key="ours-admin",
        query={"before": told.body["meta"]["pagination"]["next"]},
    )
    assert older.data[0]["id"] < told.data[-1]["id"]


def test_a_channel_and_a_group_of_moderators_are_named_and_made_usual_again(
    tenants: Tenants,
) -> None:
    at = f"/{tenants.ours}/settings"
    body: dict[str, Any] = {
        "moderators_channel": OUR_PLACE,
        "moderator_group": "<!subteam^S0614TZR7|@mods>",
    }
    changed = ask("PATCH", at, body, key="ours-admin").data
    assert changed["moderators_channel"] == OUR_PLACE
    assert changed["moderator_group"] == "S0614TZR7"
    body = {"moderators_channel": None, "moderator_group": "@Mods"}
    changed = ask("PATCH", at, body, key="ours-admin").data
    assert (changed["moderators_channel"], changed["moderator_group"]) == (None, "@mods")


def test_commands_are_switched_renamed_and_given_other_rights(tenants: Tenants) -> None:
    at = f"/{tenants.ours}/commands"
    body: dict[str, Any] = {"command": "!addquote", "enabled": False, "role": "admin"}
    told = ask("PATCH", at, {**body, "name": "zitat"}, key="ours-owner")
    assert told.data == {
        "off": ["!addquote"],
        "names": {"ours": "!quote", "zitat": "!addquote"},
        "rights": {"!addquote": "admin"},
    }
    body = {"command": "!addquote", "enabled": True, "role": None, "name": None}
    told = ask("PATCH", at, body, key="ours-admin")
    assert told.data == {"off": [], "names": {"ours": "!quote"}, "rights": {}}
    told = ask("PATCH", at, {"command": "memories", "enabled": False}, key="ours-admin")
    assert told.data["off"] == ["memories"]


def test_nobody_gives_more_than_their_key_has(tenants: Tenants) -> None:
    at = f"/{tenants.ours}/members"

    def gives(key: str, role: str, **more: str) -> int:
        body = {"platform": "twitch", "user_id": "7", "role": role, **more}
        return ask("PUT", at, body, key=key).status

    assert gives("ours-admin", "admin") == 403
    assert gives("ours-admin", "moderator", name="Ana", place="twitch:channel:1") == 200
    assert gives("ours-owner", "owner") == 200
    assert gives("ours-admin", "user") == 403
    listed = ask("GET", at, key="ours-moderator").data
    assert {(one["user_id"], one["role"], one["place"]) for one in listed} == {
        ("ours", "admin", None),
        ("7", "owner", None),
        ("7", "moderator", "twitch:channel:1"),
    }
    assert gives("ours-owner", "user") == 200


def test_labels_are_hung_on_many_things_or_none_and_found(tenants: Tenants) -> None:
    at = f"/{tenants.ours}/labels"
    see(tenants.database, tenants.ours, *(f"twitch:{number}" for number in (0, 1, 2, 9)))
    assert ask("POST", at, {"name": " Regular  Guest "}, key="ours-moderator").data == {
        "name": "regular guest",
        "color": "#6366f1",
    }
    things = [f"twitch:{number}" for number in range(3)]
    hung = {"kind": "user", "things": things, "label": "regular guest"}
    assert ask("POST", f"{at}/on", hung, key="ours-moderator").data["things"] == 3
    hung = {"kind": "user", "things": ["twitch:9", "twitch:1"], "label": "regular guest"}
    again = ask("POST", f"{at}/on", hung, key="ours-moderator")
    assert (again.status, again.code) == (409, "ALREADY_LABELLED")
    hung = {"kind": "user", "things": ["twitch:1"], "label": "ours", "until": "2100-01-01"}
    assert ask("POST", f"{at}/on", hung, key="ours-moderator").status == 200

    def found(*labels: str, **query: Any) -> Any:
        wanted = {"kind": "user", "label": labels, **query}
        return ask("GET", f"{at}/search", key="ours-user", query=wanted).data

    assert found("regular guest") == things
    assert found("regular guest", "ours") == ["twitch:0", "twitch:1", "twitch:2", "twitch:ours"]
    assert found("regular guest", "ours", match_all=True) == ["twitch:1"]
    assert found("regular guest", limit=1, after="twitch:0") == ["twitch:1"]
    on = ask("GET", f"{at}/on", key="ours-user", query={"kind": "user", "thing": "twitch:1"}).data
    assert [one["name"] for one in on] == ["ours", "regular guest"]
    assert on[0]["until"].startswith("2100-01-01")


def test_labels_hang_on_all_that_is_the_communitys_own(tenants: Tenants) -> None:
    write_line(tenants.database, tenants.ours, "line-1")
    for kind, thing in (
        ("entity", OUR_PLACE),
        ("event", "line-1"),
        ("module", "memories"),
        ("module", "roll"),
        ("memory", "12"),
        ("community", ""),
        ("user", "twitch:ours"),
        ("user", "twitch:1"),  # whose channel it is
    ):
        body = {"kind": kind, "things": [thing], "label": "memories"}
        hung = ask("POST", f"/{tenants.ours}/labels/on", body, key="ours-moderator")
        assert hung.status == 200, (kind, thing, hung.text)
        query = {"kind": kind, "thing": thing, "label": "memories"}
        taken = ask("DELETE", f"/{tenants.ours}/labels/on", key="ours-moderator", query=query)
        assert taken.status == 200


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("entity", f"twitch:channel:{CANARY}"),
        ("user", f"twitch:{CANARY}"),
        ("event", "line-2"),
        ("event", "nobodys-line"),
        ("user", "twitch:nobody"),
    ],
)
def test_what_others_have_cannot_be_told_from_what_nobody_has(
    tenants: Tenants, kind: str, thing: str
) -> None:
    write_line(tenants.database, tenants.theirs, "line-2")
    body = {"kind": kind, "things": [thing], "label": "memories"}

    refused = ask("POST", f"/{tenants.ours}/labels/on", body, key="ours-owner")

    assert refused.status in (400, 404)
    never = ask(
        "POST",
        f"/{tenants.ours}/labels/on",
        {**body, "things": [f"{thing}x"]},
        key="ours-owner",
    )
    assert (never.status, never.code) == (refused.status, refused.code)


CANNOT_BE: list[tuple[str, str, Any, dict[str, Any] | None, int, str]] = [
    ("PATCH", "/settings", {"prefix": "wb"}, None, 400, "INVALID_SETTING"),
    ("PATCH", "/settings", {"colour": "red"}, None, 400, "INVALID_FIELD"),
    (
        "PATCH",
        "/commands",
        {"command": "!nothing", "enabled": False},
        None,
        404,
        "UNKNOWN_COMMAND",
    ),
    (
        "PATCH",
        "/commands",
        {"command": "!command", "enabled": False},
        None,
        409,
        "ALWAYS_WORKS",
    ),
    ("PATCH", "/commands", {"command": "#roll", "name": "x1"}, None, 409, "KEEPS_ITS_NAME"),
    ("PATCH", "/commands", {"command": "!note", "name": "help"}, None, 409, "NAME_TAKEN"),
    ("PATCH", "/commands", {"command": "!note", "name": "ours"}, None, 409, "NAME_TAKEN"),
    (
        "PATCH",
        "/commands",
        {"command": "!roles give", "role": "user"},
        None,
        403,
        "STAYS_WITH_ADMINS",
    ),
    ("PATCH", "", {"name": "a:b"}, None, 400, "INVALID_NAME"),
    ("PATCH", "", {"name": "the CANARY"}, None, 409, "NAME_TAKEN"),
    ("PUT", "/members", {"platform": "irc"}, None, 400, "INVALID_FIELD"),
    ("POST", "/labels", {"name": "ours"}, None, 409, "LABEL_EXISTS"),
    ("POST", "/labels", {"name": "a/b"}, None, 400, "INVALID_LABEL"),
    ("DELETE", "/labels", None, {"name": "memories"}, 403, "EVERYBODYS_LABEL"),
    ("DELETE", "/labels", None, {"name": "nothing"}, 404, "UNKNOWN_LABEL"),
    ("GET", "/labels/on", None, {"kind": "house", "thing": "1"}, 400, "INVALID_FIELD"),
    ("GET", "/labels/on", None, {"kind": "community", "thing": "1"}, 400, "INVALID_FIELD"),
    ("GET", "/changes", None, {"limit": 1000}, 400, "INVALID_FIELD"),
    ("GET", "/nothing", None, None, 404, "NOT_FOUND"),
    ("DELETE", "/settings", None, None, 405, "METHOD_NOT_ALLOWED"),
    ("POST", "/text/undo", {}, None, 409, "NOTHING_TO_UNDO"),
]
"""Method, path, body and query; status and code of the answer."""


def test_what_cannot_be_is_said_in_one_envelope(tenants: Tenants) -> None:
    for method, path, body, query, status, code in CANNOT_BE:
        answer = ask(method, f"/{tenants.ours}{path}", body, key="ours-owner", query=query)

        assert (answer.status, answer.code) == (status, code), (method, path, body)
        assert not answer.body["success"]
        assert answer.body["error"]["message"].endswith(".")
        assert answer.headers["content-type"] == "application/json"
        assert int(answer.headers["x-ratelimit-remaining"]) > 0


def test_a_route_that_costs_much_has_a_limit_of_its_own(tenants: Tenants) -> None:
    at = f"/{tenants.ours}/text"
    statuses = [ask("GET", at, key="ours-admin").status for _ in range(11)]
    refused = ask("GET", at, key="ours-admin")

    assert statuses == [200] * 10 + [429]
    assert refused.code == "RATE_LIMITED"
    assert int(refused.headers["retry-after"]) > 0
    assert ask("GET", at, key="ours-owner").status == 200
