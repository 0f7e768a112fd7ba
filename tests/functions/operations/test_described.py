"""What the description of the API says of operators' routes is what is asked of whoever comes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.description import handler as description
from tests.helpers.operations_api import ask
from tests.helpers.servers import Urls
from waddlebot.stores.api_keys import ADMIN, COLLECTOR

ASKED = {"routeKey": "GET /api/openapi.json"}
TOLD: dict[str, Any] = json.loads(description.handler(ASKED, None)["body"])
SCOPES = {
    f"{method.upper()} {path}": one.get("x-scope", "")
    for path, methods in TOLD["paths"].items()
    for method, one in methods.items()
    if path.startswith("/api/operations/")
}


def test_the_description_is_told_to_everybody_as_json() -> None:
    answer = description.handler(ASKED, None)

    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"] == "application/json"
    assert TOLD["openapi"] == "3.1.0"


@pytest.mark.parametrize("route", SCOPES)
def test_a_route_needs_the_scope_that_is_described(environment: Urls, route: str) -> None:
    assert environment
    status, body = ask(route, {}, key="key-nothing", event_id="1", id="1")

    assert (status, body["error"]["details"]) == (403, {"scope": SCOPES[route]})
    assert SCOPES[route] in {ADMIN, COLLECTOR}


@pytest.mark.parametrize("value", [{}, "yes", "true", 1, 0, None, []])
@pytest.mark.parametrize(
    ("route", "field", "body"),
    [
        ("POST /api/operations/rules/undo", "dry_run", {"rule": 1}),
        ("POST /api/operations/keys/rotate-seal", "give_up", {}),
    ],
)
def test_what_is_neither_true_nor_false_is_refused_and_nothing_is_done(
    environment: Urls, route: str, field: str, body: dict[str, Any], value: Any
) -> None:
    assert environment
    status, told = ask(route, {**body, field: value}, key="key-admin")

    assert (status, told["error"]["details"]) == (400, {"field": field})
    assert told["error"]["message"] == f"'{field}' is true or false."


@pytest.mark.parametrize("body", [[], "rule", 7, True])
@pytest.mark.parametrize("route", [one for one in SCOPES if one.startswith("POST")])
def test_a_body_that_is_no_object_is_refused(environment: Urls, route: str, body: Any) -> None:
    assert environment
    status, told = ask(route, body, key="key-admin")

    assert (status, told["error"]["code"]) == (400, "INVALID_FIELD")


@pytest.mark.parametrize("value", [None, 0, -1, True, "1", 2**31, {}])
def test_a_version_that_is_none_begins_no_rotation(environment: Urls, value: Any) -> None:
    assert environment
    status, told = ask("POST /api/operations/keys/rotate-seal", {"version": value}, key="key-admin")

    assert (status, told["error"]["details"]) == (400, {"field": "version"})
