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


def test_a_route_needs_the_scope_that_is_described(environment: Urls) -> None:
    assert environment
    for route, scope in SCOPES.items():
        status, body = ask(route, {}, key="key-nothing", event_id="1", id="1")

        assert (status, body["error"]["details"]) == (403, {"scope": scope}), route
        assert scope in {ADMIN, COLLECTOR}, route


@pytest.mark.parametrize(
    ("route", "field", "body"),
    [
        ("POST /api/operations/rules/undo", "dry_run", {"rule": 1}),
        ("POST /api/operations/keys/rotate-seal", "give_up", {}),
    ],
)
def test_what_is_neither_true_nor_false_is_refused_and_nothing_is_done(
    environment: Urls, route: str, field: str, body: dict[str, Any]
) -> None:
    assert environment
    values: tuple[Any, ...] = ({}, "yes", "true", 1, 0, None, [])
    for value in values:
        status, told = ask(route, {**body, field: value}, key="key-admin")

        assert (status, told["error"]["details"]) == (400, {"field": field}), value
        assert told["error"]["message"] == f"'{field}' is true or false.", value


def test_a_body_that_is_no_object_is_refused(environment: Urls) -> None:
    assert environment
    bodies: tuple[Any, ...] = ([], "rule", 7, True)
    for route in [one for one in SCOPES if one.startswith("POST")]:
        for body in bodies:
            status, told = ask(route, body, key="key-admin")

            assert (status, told["error"]["code"]) == (400, "INVALID_FIELD"), (route, body)


def test_a_version_that_is_none_begins_no_rotation(environment: Urls) -> None:
    assert environment
    values: tuple[Any, ...] = (None, 0, -1, True, "1", 2**31, {})
    for value in values:
        body = {"version": value}
        status, told = ask("POST /api/operations/keys/rotate-seal", body, key="key-admin")

        assert (status, told["error"]["details"]) == (400, {"field": "version"}), value
