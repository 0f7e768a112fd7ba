"""Role x action x tenant over every route: nobody reads or writes another community."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.routing import APIRoute

from functions.communities.asking import NEEDS
from functions.communities.handler import PARTS
from tests.helpers.communities_api import CANARY, Answer, all_of, ask
from tests.helpers.tenants import Tenants
from waddlebot_sdk.roles import Role

TEXT = 'waddlebot = 1\nname = "Penguins"\n'
HOMES = {"twitch:channel:1", f"twitch:channel:{CANARY}"}
NOBODYS = "/999999999999"
NOT_LET_IN = ("MISSING_ROLE", "UNKNOWN_COMMUNITY", "NOT_FOUND")

# One request a route that is right in itself: what a key may not, it may not for its rights alone.
EXAMPLES: dict[str, dict[str, Any]] = {
    "PATCH /{community}": {"body": {"name": "Other Penguins"}},
    "GET /{community}/places": {},
    "GET /{community}/settings": {},
    "PATCH /{community}/settings": {"body": {"keep_days": 3}},
    "GET /{community}/commands": {},
    "PATCH /{community}/commands": {"body": {"command": "!quote", "enabled": False}},
    "GET /{community}/changes": {},
    "GET /{community}/members": {},
    "PUT /{community}/members": {"body": {"platform": "twitch", "user_id": "7", "role": "user"}},
    "GET /{community}/labels": {},
    "POST /{community}/labels": {"body": {"name": "new"}},
    "PATCH /{community}/labels": {"body": {"name": "ours", "color": "#112233"}},
    "DELETE /{community}/labels": {"query": {"name": "nothing"}},
    "GET /{community}/labels/on": {"query": {"kind": "user", "thing": f"twitch:{CANARY}"}},
    "POST /{community}/labels/on": {
        "body": {"kind": "user", "things": [f"twitch:{CANARY}"], "label": "ours"}
    },
    "DELETE /{community}/labels/on": {
        "query": {"kind": "user", "thing": "twitch:7", "label": "ours"}
    },
    "GET /{community}/labels/search": {"query": {"kind": "user", "label": [CANARY, "ours"]}},
    "GET /{community}/rules": {},
    "POST /{community}/rules": {"body": {"match": "word", "pattern": "herring"}},
    "DELETE /{community}/rules": {"query": {"number": 1}},
    "GET /{community}/limits": {},
    "PUT /{community}/limits": {"body": {"command": "!quote", "calls": 3, "seconds": 60}},
    "DELETE /{community}/limits": {"query": {"command": "!quote"}},
    "GET /{community}/alerts": {},
    "PUT /{community}/alerts": {"body": {"kind": "raid", "least": 10}},
    "DELETE /{community}/alerts": {"query": {"kind": "raid"}},
    "GET /{community}/goals": {},
    "PUT /{community}/goals": {"body": {"what": "subs", "target": 50}},
    "PATCH /{community}/goals": {"body": {"what": "subs", "count": 5}},
    "DELETE /{community}/goals": {"query": {"what": "subs"}},
    "POST /{community}/overlays/countdown": {"body": {"seconds": 600}},
    "PUT /{community}/overlays/events": {"body": {"lines": 5}},
    "DELETE /{community}/overlays/events": {},
    "GET /{community}/aliases": {},
    "PUT /{community}/aliases": {"body": {"name": "hug", "text": "!quote $1"}},
    "PATCH /{community}/aliases": {"body": {"name": "hug", "to": "cuddle"}},
    "DELETE /{community}/aliases": {"query": {"name": "hug"}},
    "GET /{community}/custom": {},
    "PUT /{community}/custom": {"body": {"name": "hello", "text": "Hi $(user)! $(count)"}},
    "PATCH /{community}/custom": {"body": {"name": "hello", "text": "Hello $(count)"}},
    "PUT /{community}/custom/counters": {"body": {"counter": "hello", "counted": 5}},
    "POST /{community}/custom/try": {"body": {"name": "hello", "words": "there"}},
    "DELETE /{community}/custom": {"query": {"name": "hello"}},
    "GET /{community}/reputation": {},
    "GET /{community}/reputation/of": {"query": {"platform": "twitch", "user_id": CANARY}},
    "GET /{community}/reputation/history": {"query": {"platform": "twitch", "user_id": CANARY}},
    "GET /{community}/overlays": {},
    "POST /{community}/overlays/rotate": {"body": {"source": "ticker"}},
    "POST /{community}/overlays/test": {"body": {"kind": "ticker"}},
    "POST /{community}/overlays/clear": {"body": {}},
    "GET /{community}/media": {},
    "POST /{community}/media": {"body": {"name": "tada", "type": "image/png", "bytes": 9}},
    "DELETE /{community}/media": {"query": {"name": "tada"}},
    "POST /{community}/media/show": {"body": {"name": "tada"}},
    "GET /{community}/overlays/look": {},
    "PUT /{community}/overlays/chat": {"body": {"places": []}},
    "DELETE /{community}/overlays/chat": {},
    "PUT /{community}/overlays/theme": {"body": {"theme": "neon"}},
    "PUT /{community}/overlays/css": {"body": {"css": "p { color: red }"}},
    "POST /{community}/overlays/control": {"body": {"control": "skip"}},
    "GET /{community}/text": {},
    "PUT /{community}/text": {"body": {"text": TEXT, "dry_run": True}},
    "POST /{community}/text/undo": {},
    "POST /{community}/import/{form}": {"body": {"file": "{}"}},
}


def declared() -> dict[str, Role]:
    """Every route of the room that is about one community, and what it needs."""
    routes = [one for part in PARTS for one in part.routes.routes if isinstance(one, APIRoute)]
    return {
        f"{method} {route.path}": Role((route.openapi_extra or {})[NEEDS])
        for route in routes
        for method in route.methods
        if "{community}" in route.path
    }


def test_every_route_is_in_the_matrix() -> None:
    assert declared().keys() == EXAMPLES.keys()


def asked(route: str, community: str, key: str) -> Answer:
    method, path = route.split()
    return ask(method, path.replace("/{community}", community), key=key, **EXAMPLES[route])


def test_a_key_may_in_its_own_community_what_its_role_may_and_nothing_elsewhere(
    tenants: Tenants,
) -> None:
    theirs = all_of(tenants.database, tenants.theirs)
    for route, needed in declared().items():
        for role in Role:
            at_home = asked(route, f"/{tenants.ours}", f"ours-{role}")
            assert at_home.status != 401, (route, role)
            if role.covers(needed):
                is_let_in = at_home.body["success"] or at_home.code not in NOT_LET_IN
                assert is_let_in, (route, role)
            else:
                assert (at_home.status, at_home.code) == (403, "MISSING_ROLE"), (route, role)
            assert "free canary" not in at_home.text, (route, role)
            for elsewhere in (f"/{tenants.theirs}", NOBODYS, "/0"):
                answer = asked(route, elsewhere, f"ours-{role}")
                told = (answer.status, answer.code)
                assert told == (404, "UNKNOWN_COMMUNITY"), (route, role, elsewhere)
                assert CANARY not in answer.text, (route, role, elsewhere)
        assert all_of(tenants.database, tenants.theirs) == theirs, route


def test_of_the_houses_keys_those_that_decide_alone_see_communities(tenants: Tenants) -> None:
    for route in EXAMPLES:
        for key in ("house-collector", "house-module"):
            answer = asked(route, f"/{tenants.ours}", key)
            assert (answer.status, answer.code) == (404, "UNKNOWN_COMMUNITY"), (route, key)
        admin = asked(route, f"/{tenants.ours}", "house-admin")
        is_let_in = admin.body["success"] or admin.code not in NOT_LET_IN
        assert is_let_in, route
        assert asked(route, f"/{tenants.ours}", "no-key").status == 401, route


@pytest.mark.parametrize(
    ("key", "seen"),
    [
        ("ours-user", {"Penguins"}),
        ("house-admin", {"Global Community", "Penguins", "The canary", *HOMES}),
        ("house-collector", set()),
        ("house-module", set()),
    ],
)
def test_a_key_lists_what_it_may_ask_about(tenants: Tenants, key: str, seen: set[str]) -> None:
    assert tenants
    names: set[str] = set()
    after: int | None = -1
    while after is not None:
        page = ask("GET", "", key=key, query={"limit": 1, "after": after})
        names |= {one["name"] for one in page.data}
        after = page.body["meta"]["pagination"]["next"]
    assert names == seen
